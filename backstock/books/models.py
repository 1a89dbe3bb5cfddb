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
