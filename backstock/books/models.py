"""What sales earned, rolled up by month, and the numbers of vouchers.

Months are written by the roll-up only and can always be made again from papers and ledger. Numbers cannot: they are given once.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ProfitMonth(models.Model):
    """Revenue, credit notes and cost of one product, customer or salesperson in one month, in the company's currency."""

    pk = models.CompositePrimaryKey("dimension", "starts_on", "key")
    # product, customer, salesperson
    dimension = models.CharField(max_length=12)
    starts_on = models.DateField()
    key = models.BigIntegerField()
    quantity_e4 = models.BigIntegerField()
    revenue_cents = models.BigIntegerField()
    returned_cents = models.BigIntegerField()
    cost_cents = models.BigIntegerField()

    class Meta:
        """Three kinds of keys."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(dimension__in=["product", "customer", "salesperson"]), name="profit_month_dimension"
            )
        ]


class ProfitRollUp(models.Model):
    """How far the roll-up has come: ledger rows and credit notes by log id, invoices by their own."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through_log_id = models.BigIntegerField(default=0)
    through_invoice_id = models.BigIntegerField(default=0)


class VoucherMonth(models.Model):
    """How many vouchers of a month have their number: what a lost number would be missed by."""

    month = models.DateField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)


class VoucherNumber(models.Model):
    """The number (凭证号) of what one step of one document posted: given once, in the order of business, never taken back."""

    log_id = models.BigIntegerField(primary_key=True)
    business_on = models.DateField()
    month = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        """One number once in its month."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["month", "number"], name="voucher_number_once")]


class NoteYear(models.Model):
    """How many credit notes of a year have their number: what a lost number would be missed by."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)


class NoteNumber(models.Model):
    """The gapless number of a credit note, or of the one that takes it back: given once, never changed."""

    note_id = models.BigIntegerField(primary_key=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        """One number once in its year."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "number"], name="note_number_once")]

    @property
    def text(self) -> str:
        """How it stands on paper."""
        return f"{self.year}-{self.number:06d}"


class Accrual(models.Model):
    """What a period end accrued for returns on both sides of it; taken back on the day after."""

    through = models.DateField(db_index=True)
    log_id = models.BigIntegerField()
    reversed_log_id = models.BigIntegerField(default=0)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"YT{self.pk:06d}"


class AccrualLine(models.Model):
    """One line of a return: goods that came and are not credited, or money given for goods that are not back."""

    accrual = models.ForeignKey(Accrual, on_delete=models.PROTECT, related_name="lines")
    through = models.DateField()
    rma_id = models.BigIntegerField(db_index=True)
    line_id = models.BigIntegerField()
    side = models.CharField(max_length=6)
    quantity_e4 = models.BigIntegerField()
    amount_cents = models.BigIntegerField()

    class Meta:
        """A line is accrued once for a period end and side."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(side__in=["credit", "goods"]), name="accrual_side"),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0, quantity_e4__gt=0), name="accrual_amount"),
            models.UniqueConstraint(fields=["through", "line_id", "side"], name="accrual_once"),
        ]


class Estimate(models.Model):
    """What sales up to a day are expected to give back (应付退货款 / 应收退货成本); the last one stands."""

    through = models.DateField()
    log_id = models.BigIntegerField()
    mature_months = models.PositiveSmallIntegerField()
    liability_cents = models.BigIntegerField()
    asset_cents = models.BigIntegerField()

    class Meta:
        """Nobody owes less than nothing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(liability_cents__gte=0, asset_cents__gte=0), name="estimate_amounts"
            )
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"RL{self.pk:06d}"


class EstimateLine(models.Model):
    """One month of sales in one category: what was sold and came back, at which rate, and what is still expected."""

    estimate = models.ForeignKey(Estimate, on_delete=models.PROTECT, related_name="lines")
    month = models.DateField()
    category = models.CharField(max_length=60, blank=True)
    sold_cents = models.BigIntegerField()
    cost_cents = models.BigIntegerField()
    returned_cents = models.BigIntegerField()
    # Of the mature months of the category; and the one that was used.
    own_rate_e6 = models.BigIntegerField()
    rate_e6 = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    liability_cents = models.BigIntegerField()
    asset_cents = models.BigIntegerField()


class BlueInvoice(models.Model):
    """A tax invoice (蓝字发票) for what was billed of a sale, as the tax office knows it: its number and face amounts."""

    invoice_id = models.BigIntegerField(unique=True)
    sale_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=20, unique=True)
    issued_on = models.DateField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    # The buyer has confirmed its use or booked it (用途确认/入账确认): then a red one needs both sides.
    used = models.BooleanField(default=False)


class RedInvoice(models.Model):
    """A red invoice (红字发票) against a blue one for a credit note: asked for, ready to be issued, issued, or withdrawn."""

    blue = models.ForeignKey(BlueInvoice, on_delete=models.PROTECT, related_name="reds")
    note_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=10)
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    status = models.CharField(max_length=10)
    started_by = models.CharField(max_length=6)
    # The number of the confirmation (红字发票信息确认单); unanswered for 72 hours it lapses.
    confirmation = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    number = models.CharField(max_length=20, blank=True)
    issued_on = models.DateField(null=True)

    class Meta:
        """Only states of the lifecycle; no number twice."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["asked", "ready", "issued", "withdrawn"]), name="red_invoice_status"
            ),
            models.CheckConstraint(
                condition=models.Q(net_cents__gte=0, tax_cents__gte=0) & ~models.Q(net_cents=0, tax_cents=0),
                name="red_invoice_amounts",
            ),
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="red_invoice_number_once"),
        ]

    @property
    def document(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"HZ{self.pk:06d}"
