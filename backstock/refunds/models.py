"""Money back: credit notes with their lines, and refunds by tender."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CreditNote(models.Model):
    """What a settlement takes off the customer's bill, in the sale's currency."""

    rma_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField()
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    goods_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    shipping_cents = models.BigIntegerField(default=0)
    fee_cents = models.BigIntegerField(default=0)
    waived_cents = models.BigIntegerField(default=0)
    rounding_cents = models.BigIntegerField(default=0)
    # The log row whose credit note this one takes back; 0 for a credit note.
    mirrors_log_id = models.BigIntegerField(default=0)

    @property
    def number(self) -> str:
        """The document number; the gapless fiscal number is given when its batch is posted."""
        return f"C{self.pk:06d}"


class CreditNoteLine(models.Model):
    """The share of one return line in a credit note."""

    note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    return_line_id = models.BigIntegerField(db_index=True)
    quantity_e4 = models.BigIntegerField()
    # What the units are worth, and what of that this note gives.
    worth_net_cents = models.BigIntegerField()
    worth_tax_cents = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    # Of the worth: the difference of an exchange. Its old goods left the line of the sale when the new ones shipped.
    exchanged_net_cents = models.BigIntegerField(default=0, db_default=0)
    exchanged_tax_cents = models.BigIntegerField(default=0, db_default=0)


class Refund(models.Model):
    """Money to one tender, or an open receivable that is forgiven: granted, sent, paid, failed or unknown."""

    note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="refunds")
    rma_id = models.BigIntegerField(db_index=True)
    sale_id = models.BigIntegerField(default=0, db_index=True)
    tender = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, default="granted")

    class Meta:
        """Only states of the lifecycle."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["granted", "sent", "paid", "failed", "unknown", "undone"]),
                name="refund_status",
            ),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="refund_amount"),
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"F{self.pk:06d}"
