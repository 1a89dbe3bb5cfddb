"""What sales earned, rolled up by month: written by the roll-up only, and always made again from papers and ledger."""

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
