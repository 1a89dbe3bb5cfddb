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
    # Its terms (name, cents, code), as they were worked out (`explaining.py`); they sum to what the customer gets.
    parts = models.JSONField(default=list, db_default=[])
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
    # The terms of what it gives.
    parts = models.JSONField(default=list, db_default=[])


class Refund(models.Model):
    """Money to one tender, or an open receivable that is forgiven: granted, sent, paid, failed or unknown."""

    note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="refunds")
    rma_id = models.BigIntegerField(db_index=True)
    sale_id = models.BigIntegerField(default=0, db_index=True)
    tender = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, default="granted")
    # When it was paid, and the log row that posted it; a payment that came back leaves none.
    paid_on = models.DateField(null=True)
    paid_log_id = models.BigIntegerField(default=0, db_default=0)
    # The gateway's own number of it, and its code for what went wrong.
    reference = models.CharField(max_length=100, blank=True, default="", db_default="")
    problem = models.CharField(max_length=100, blank=True, default="", db_default="")
    # Until when store credit may be used, and what of it was not.
    expires_on = models.DateField(null=True)
    expired_cents = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """Only states of the lifecycle."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["granted", "sent", "paid", "failed", "unknown", "undone"]),
                name="refund_status",
            ),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="refund_amount"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["paid_on", "tender"], name="refund_paid_on"),
            models.Index(fields=["expires_on"], condition=models.Q(expires_on__isnull=False), name="refund_expires"),
            models.Index(
                fields=["status"],
                condition=models.Q(status__in=["granted", "sent", "failed", "unknown"]),
                name="refund_open",
            ),
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"F{self.pk:06d}"


class Payout(models.Model):
    """The outbox: a refund on its way through a gateway, written when it is granted and called for after commit."""

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="payout")
    # Means of payment whose gateway is asked.
    tender = models.CharField(max_length=30)
    # The same at every call: by it the gateway knows the refund, and pays it once.
    key = models.CharField(max_length=64, unique=True)
    # How the gateway knows the payment that is given back.
    payment = models.CharField(max_length=100)
    # When the gateway is called next; none while there is nothing to ask.
    due_at = models.DateTimeField(null=True)
    # A worker has taken it until then; one that died lets it go.
    taken_until = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0, db_default=0)
    # Calls in a row without a certain answer, and definite failures so far.
    unclear = models.PositiveIntegerField(default=0, db_default=0)
    round = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        """What is due is asked for often."""

        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="payout_due")
        ]


class NamedPayment(models.Model):
    """How a gateway knows the payment of a sale, where that is not the sale's own number."""

    sale_id = models.BigIntegerField()
    tender = models.CharField(max_length=30)
    reference = models.CharField(max_length=100)

    class Meta:
        """One name for each; the last one stands."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["sale_id", "tender"], name="named_payment_once")]


class Statement(models.Model):
    """A day of a gateway's or bank's statement as it was imported; a later one of the same day takes its place."""

    tender = models.CharField(max_length=30)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField()
    log_id = models.BigIntegerField()
    # Paid by their statement, and by our refunds of that day.
    theirs_count = models.PositiveIntegerField()
    theirs_cents = models.BigIntegerField()
    ours_count = models.PositiveIntegerField()
    ours_cents = models.BigIntegerField()
    # The log row of the later one.
    replaced_log_id = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """The standing one of a day is asked for."""

        indexes: ClassVar = [models.Index(fields=["day", "tender"], name="statement_day")]

    @property
    def number(self) -> str:
        """The document number."""
        return f"GS{self.pk:06d}"


class StatementRow(models.Model):
    """One refund on a statement."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    amount_cents = models.BigIntegerField()
    outcome = models.CharField(max_length=10)
    happened_on = models.DateField()
    # The refund it was found to be, 0 for none.
    refund_id = models.BigIntegerField(default=0, db_index=True)


class Difference(models.Model):
    """What a statement, our refunds and our ledger say differently, until somebody says why."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=20)
    refund_id = models.BigIntegerField(default=0, db_index=True)
    # The row of the file, 0 where it has none.
    position = models.PositiveIntegerField(default=0)
    ours_cents = models.BigIntegerField(default=0)
    theirs_cents = models.BigIntegerField(default=0)
    ours = models.CharField(max_length=100, blank=True, default="")
    theirs = models.CharField(max_length=100, blank=True, default="")
    # Why it is none any more, and the log row in which somebody said so.
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    resolved_log_id = models.BigIntegerField(default=0, db_default=0)

    @property
    def number(self) -> str:
        """The document number."""
        return f"GD{self.pk:06d}"
