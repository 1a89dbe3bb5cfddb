"""Parcels that customers send back, and what becomes of goods in them that nobody expected."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.returns.models.rma import Return


class Parcel(models.Model):
    """One parcel on its way back or here: of several returns perhaps, and one of several of a return."""

    carrier = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True, db_index=True)
    warehouse_id = models.BigIntegerField(default=0)
    announced_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True, db_index=True)
    opened_on = models.DateField(null=True)
    # What the customer or the carrier says it weighs, and what our scale says.
    stated_grams = models.PositiveIntegerField(null=True)
    weight_grams = models.PositiveIntegerField(null=True)

    class Meta:
        """Opened parcels have arrived; a tracking number is one parcel, whoever writes it down at the same moment."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(opened_on=None) | models.Q(arrived_on__isnull=False), name="parcel_opened_arrived"
            ),
            models.UniqueConstraint(
                fields=["tracking_number"], condition=~models.Q(tracking_number=""), name="parcel_tracking_once"
            ),
        ]

    @property
    def number(self) -> str:
        """The document number."""
        return f"PK{self.pk:06d}"

    @property
    def state(self) -> str:
        """How far it has come."""
        if self.opened_on:
            return "opened"
        return "arrived" if self.arrived_on else "announced"


class ParcelReturn(models.Model):
    """A parcel holds, or should hold, goods of a return."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="links")
    rma = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="parcel_links")

    class Meta:
        """Linked once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["parcel", "rma"], name="parcel_return_once")]


class FindingAnswer(models.Model):
    """What was done about goods that a receipt found and nobody had authorised; the finding is a row of ReturnEvent."""

    event_id = models.BigIntegerField(unique=True)
    # sent_back (they went back at once) or unclaimed (they wait as goods without an owner, in `document`).
    answer = models.CharField(max_length=10)
    document = models.CharField(max_length=40, blank=True)
    log_id = models.BigIntegerField()
