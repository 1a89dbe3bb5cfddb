"""How suppliers call the reasons for which goods come back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SupplierReason(models.Model):
    """What a supplier (0: every one without a word of its own) calls one of our reasons, in a claim against it."""

    supplier_id = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=60)
    theirs = models.CharField(max_length=60)

    class Meta:
        """One word of each supplier for each reason."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["supplier_id", "reason"], name="supplier_reason_once")]
