"""What suppliers delivered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PurchaseReceipt(models.Model):
    """Goods received from a supplier into sellable stock, on account."""

    supplier_id = models.BigIntegerField(db_index=True)
    warehouse_id = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=60, blank=True)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"P{self.pk:06d}"


class PurchaseLine(models.Model):
    """One product of a receipt at its unit cost."""

    receipt = models.ForeignKey(PurchaseReceipt, on_delete=models.PROTECT, related_name="lines")
    product_id = models.BigIntegerField(db_index=True)
    quantity_e4 = models.BigIntegerField()
    unit_cost_e6 = models.BigIntegerField()
    value_cents = models.BigIntegerField()

    class Meta:
        """A receipt brings something."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_e4__gt=0, value_cents__gte=0), name="purchase_line_figures"
            )
        ]
