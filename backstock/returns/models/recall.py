"""A recall: which lots are called back, who has them, and what each buyer answered; what came back is counted from sales."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.core.models import User
from backstock.partners.models import Partner


class Recall(models.Model):
    """Goods that are called back from everybody who bought them."""

    title = models.CharField(max_length=100)
    reason = models.CharField(max_length=500, blank=True)
    started_on = models.DateField(db_index=True)
    closed_on = models.DateField(null=True)
    # Why it was closed before everything was settled.
    closing_reason = models.CharField(max_length=200, blank=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"RC{self.pk:06d}"


class RecallLot(models.Model):
    """One lot or serial number of a recall."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lots")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField(db_index=True)

    class Meta:
        """A lot is called back once by a recall."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["recall", "lot_id"], name="recall_lot_once")]


class RecallBuyer(models.Model):
    """Pieces that a customer had when the recall began, and what the customer said since."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="buyers")
    customer = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    sale_id = models.BigIntegerField()
    sale_piece_id = models.BigIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField()
    held_e4 = models.BigIntegerField()
    # "": nobody reached them yet; contacted, refused, unreachable.
    answer = models.CharField(max_length=12, blank=True, default="")
    answered_on = models.DateField(null=True)

    class Meta:
        """Each sold piece stands once in a recall."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "sale_piece_id"], name="recall_buyer_once"),
            models.CheckConstraint(
                condition=models.Q(answer__in=["", "contacted", "refused", "unreachable"]), name="recall_answer"
            ),
        ]


class RecallAsk(models.Model):
    """One round of asking all buyers, worked off beside the pages; it goes on where a stopped worker left it.

    It posts nothing itself: what takes effect are requests, and how far it is stands in their transaction.
    """

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="asks")
    # Who asked, and by whose permission the requests are made; nobody: the system.
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # waiting → running → done; failed says why.
    state = models.CharField(max_length=10, default="waiting", db_index=True)
    # Sales are asked about in the order of their ids; this is the last one dealt with.
    last_sale_id = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    # [{sale, en, zh}]
    refused = models.JSONField(default=list)
    message_en = models.TextField(blank=True, default="")
    message_zh = models.TextField(blank=True, default="")
    touched_at = models.DateTimeField()

    class Meta:
        """A recall is asked about once at a time."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]), name="recall_ask_state"
            ),
            models.UniqueConstraint(
                fields=["recall"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="recall_asked_once_at_a_time",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether there is still something to do."""
        return self.state in ("waiting", "running")
