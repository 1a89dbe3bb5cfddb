"""What was scanned at the dock and is not booked yet: a draft on the server, so that it survives the phone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.returns.models.rma import Return


class DockScan(models.Model):
    """A running count of one product of one return by one person; gone as soon as it is booked or thrown away."""

    user_id = models.BigIntegerField()
    rma = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="+")
    # 0: the return was opened, and perhaps a parcel of it.
    product_id = models.BigIntegerField(default=0)
    lot_id = models.BigIntegerField(default=0)
    parcel_id = models.BigIntegerField(default=0)
    found = models.CharField(max_length=10, blank=True)
    quantity_e4 = models.BigIntegerField(default=0)
    # The scan that touched it last: what was scanned last is what one works on.
    log_id = models.BigIntegerField()

    class Meta:
        """One count per person, return, product, lot and finding."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "rma", "product_id", "lot_id", "found"], name="dock_scan_once"),
            models.CheckConstraint(condition=models.Q(quantity_e4__gte=0), name="dock_scan_quantity"),
        ]
