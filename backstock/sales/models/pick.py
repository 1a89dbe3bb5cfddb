"""What somebody is to take from the shelves for orders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.sales.models.sale import SaleLine


class PickList(models.Model):
    """Goods of one or several orders to be taken in one walk through one warehouse; it reserves them until they ship."""

    warehouse_id = models.BigIntegerField()
    made_on = models.DateField(db_index=True)
    # The day on which what is left was given up; empty as long as it is worked on or was shipped whole.
    ended_on = models.DateField(null=True)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"K{self.pk:06d}"


class PickLine(models.Model):
    """A stocked product to take for a line of an order; what it still reserves is quantity less shipped."""

    pick = models.ForeignKey(PickList, on_delete=models.PROTECT, related_name="lines")
    sale_line = models.ForeignKey(SaleLine, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()
    # Ticked off on the walk, and gone since.
    picked_e4 = models.BigIntegerField(default=0)
    shipped_e4 = models.BigIntegerField(default=0)
    # Nothing is reserved any more: all of it shipped, or the list was ended. Kept for the index of what is open.
    is_open = models.BooleanField(default=True)

    class Meta:
        """Never more taken or shipped than asked for."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(picked_e4__gte=0, picked_e4__lte=models.F("quantity_e4"))
                & models.Q(shipped_e4__gte=0, shipped_e4__lte=models.F("quantity_e4")),
                name="pick_line_counters",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["product"], condition=models.Q(is_open=True), name="pick_line_open_product"),
            models.Index(fields=["sale_line"], condition=models.Q(is_open=True), name="pick_line_open_line"),
        ]
