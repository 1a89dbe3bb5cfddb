"""Money received from customers and paid to suppliers, what it settles, and debts from before the company's first day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.partners.models import Partner

SIDES = ["receivable", "payable"]


class OpeningItem(models.Model):
    """A debt from before: an open invoice of a customer or supplier, settled like any other."""

    side = models.CharField(max_length=10)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField(default=2)
    rate_e9 = models.BigIntegerField(default=10**9)
    amount_cents = models.BigIntegerField()
    owed_cents = models.BigIntegerField()

    class Meta:
        """Never settled beyond what it was."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(side__in=SIDES), name="opening_item_side"),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0, owed_cents__gte=0, owed_cents__lte=models.F("amount_cents")),
                name="opening_item_amounts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["partner", "side"], condition=~models.Q(owed_cents=0), name="opening_item_open")
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"OI{self.pk:06d}"


class PartnerPayment(models.Model):
    """A receipt from a customer (收款单) or a payment to a supplier (付款单); what it does not settle stays a prepayment.

    A credit that a return left on an account is one too, posted under the return's number; no money came with it.
    """

    side = models.CharField(max_length=10)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField(db_index=True)
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField(default=2)
    rate_e9 = models.BigIntegerField(default=10**9)
    reference = models.CharField(max_length=60, blank=True)
    memo = models.CharField(max_length=200, blank=True)
    # The other side of a set-off: both stand or fall together.
    twin_id = models.BigIntegerField(default=0)
    # The log row that took it back; 0 while it stands.
    undone_log_id = models.BigIntegerField(default=0)
    # The step of a return that left this credit; 0 where money came.
    credit_log_id = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """One side or the other."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(side__in=SIDES), name="payment_side")]
        indexes: ClassVar = [
            models.Index(fields=["credit_log_id"], condition=~models.Q(credit_log_id=0), name="payment_credit")
        ]

    @property
    def number(self) -> str:
        """The document number; all kinds count in one sequence, so each has gaps."""
        prefix = "AC" if self.credit_log_id else "CR" if self.side == "receivable" else "SP"
        return f"{prefix}{self.pk:06d}"


class PaymentLine(models.Model):
    """What a payment brought by one means, and what of it is not allocated yet."""

    payment = models.ForeignKey(PartnerPayment, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    tender = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    rest_cents = models.BigIntegerField()

    class Meta:
        """Never allocated beyond what came."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "position"], name="payment_line_position"),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0, rest_cents__gte=0, rest_cents__lte=models.F("amount_cents")),
                name="payment_line_amounts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payment"], condition=~models.Q(rest_cents=0), name="payment_line_rest")
        ]


class Allocation(models.Model):
    """What of a payment line settles which document; taking one back adds the same amount with a minus.

    `target` is the document number: a sale, a purchase receipt, an opening item, or the payment itself where money of it
    was given back. A write-off has no payment line; its own number is its `source`.
    """

    source = models.CharField(max_length=40, db_index=True)
    line_id = models.BigIntegerField(default=0)
    tender = models.CharField(max_length=30)
    target = models.CharField(max_length=40, db_index=True)
    amount_cents = models.BigIntegerField()
    allocated_on = models.DateField()
    log_id = models.BigIntegerField()


class WriteOff(models.Model):
    """An open item that somebody wants to give up, until another person decides."""

    side = models.CharField(max_length=10)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    target = models.CharField(max_length=40, db_index=True)
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField(default=2)
    reason = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, default="asked", db_index=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_on = models.DateField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_on = models.DateField(null=True)

    class Meta:
        """Only states of the lifecycle."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(side__in=SIDES), name="write_off_side"),
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "approved", "rejected"]), name="write_off_status"
            ),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="write_off_amount"),
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"WO{self.pk:06d}"
