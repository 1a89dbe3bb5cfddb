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
