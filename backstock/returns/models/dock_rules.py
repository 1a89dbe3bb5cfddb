"""What the company says about goods that come without papers: how long they wait, and who may let how much in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DockRules(models.Model):
    """The one row of them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # How many days goods without an owner wait before they become ours or are thrown away.
    unclaimed_days = models.PositiveIntegerField(default=30)

    class Meta:
        """One row only."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="dock_rules_are_one")]


class BlindLimit(models.Model):
    """How much a return without a sale may be worth for a role to approve it; a role without a row has no limit."""

    role = models.CharField(max_length=20, unique=True)
    limit_cents = models.BigIntegerField()

    class Meta:
        """A limit is not negative."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(limit_cents__gte=0), name="blind_limit")]
