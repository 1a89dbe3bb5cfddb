"""Goods without an owner (无主件): received first, matched later; they are worth nothing until somebody owns them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product


class Unclaimed(models.Model):
    """A parcel that nobody knows the sender of, as its label says; what is personal on it can be erased."""

    carrier = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True, db_index=True)
    weight_grams = models.PositiveIntegerField(null=True)
    warehouse_id = models.BigIntegerField()
    arrived_on = models.DateField(db_index=True)
    sender_name = models.CharField(max_length=100, blank=True)
    sender_phone = models.CharField(max_length=40, blank=True)
    # Where it comes from: province, city, shop.
    route = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True)
    # The return in whose parcel the goods lay as too many or as something else; 0 for a parcel of its own.
    found_in_id = models.BigIntegerField(default=0, db_index=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"UN{self.pk:06d}"


class UnclaimedLine(models.Model):
    """Some goods of it, and how many of them still wait in quarantine."""

    unclaimed = models.ForeignKey(Unclaimed, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField(default=0)
    # What stands on the goods, also where we never saw that lot or serial number.
    seen_code = models.CharField(max_length=60, blank=True)
    quantity_e4 = models.BigIntegerField()
    here_e4 = models.BigIntegerField()

    class Meta:
        """Never more leave than came."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unclaimed", "position"], name="unclaimed_line_position"),
            models.CheckConstraint(
                condition=models.Q(here_e4__gte=0, here_e4__lte=models.F("quantity_e4")), name="unclaimed_line_here"
            ),
        ]


class UnclaimedEvent(models.Model):
    """One thing that happened to goods without an owner; taken back by a mirror row."""

    unclaimed_id = models.BigIntegerField(db_index=True)
    line_id = models.BigIntegerField()
    log_id = models.BigIntegerField(db_index=True)
    # took, matched, placed
    kind = models.CharField(max_length=8)
    # Of placed goods: restock, scrap, donate or send_back.
    to = models.CharField(max_length=12, blank=True)
    quantity_e4 = models.BigIntegerField()
    value_cents = models.BigIntegerField(default=0)
    # Of matched goods: the return that they are of.
    rma_id = models.BigIntegerField(default=0, db_index=True)
    mirrors_log_id = models.BigIntegerField(default=0)
    business_on = models.DateField()

    class Meta:
        """Only what can happen."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="unclaimed_event_quantity"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["took", "matched", "placed"]), name="unclaimed_event_kind"
            ),
        ]
