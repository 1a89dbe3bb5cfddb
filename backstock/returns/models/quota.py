"""How much a customer, or all of a level, may send back in a period: a share of the purchases, or an amount."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.partners.models import Partner


class Quota(models.Model):
    """One agreement; above it a person looks at the request. Ended, never deleted."""

    # One customer, else all of a level.
    customer = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=60, blank=True, default="", db_index=True)
    # Empty: goods of every category.
    category = models.CharField(max_length=60, blank=True, default="")
    period = models.CharField(max_length=10, default="year")
    # Of what was bought in the period, in 1/1,000,000; else an amount in the company's currency.
    percent_e6 = models.BigIntegerField(null=True)
    amount_cents = models.BigIntegerField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        """For somebody, over a known period, and of one kind."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False) | ~models.Q(level=""), name="quota_for_somebody"
            ),
            models.CheckConstraint(condition=models.Q(period__in=["month", "quarter", "year"]), name="quota_period"),
            models.CheckConstraint(
                condition=models.Q(percent_e6__isnull=False, amount_cents__isnull=True)
                | models.Q(percent_e6__isnull=True, amount_cents__isnull=False),
                name="quota_of_one_kind",
            ),
        ]
