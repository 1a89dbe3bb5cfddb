"""Warehouses with their shelves, and the papers of what happens inside the house: transfers, adjustments, counts.

What lies where, and what it is worth, is the goods ledger's affair; these rows say who asked for it and how far it is.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Warehouse(models.Model):
    """A building with its places for sellable goods, quarantine and repair."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100, blank=True)
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name or self.code


class Shelf(models.Model):
    """A place to put goods inside a warehouse (库位): a label for finding them, no place of the ledger."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="shelves")
    code = models.CharField(max_length=40)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        """A code stands once in a warehouse."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["warehouse", "code"], name="shelf_once")]

    def __str__(self) -> str:
        return self.code


class HomeShelf(models.Model):
    """Where a product usually lies in a warehouse; count sheets and pick lists go by it."""

    product_id = models.BigIntegerField()
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="products")

    class Meta:
        """A product has one home in a warehouse."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["product_id", "warehouse"], name="home_shelf_once")]


class StockTransfer(models.Model):
    """Goods from one warehouse to another: at once, or dispatched first and arriving later."""

    source = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    in_two_steps = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"T{self.pk:06d}"


class TransferLines(models.QuerySet["TransferLine"]):
    """Lines of transfers, by how far they are."""

    def still_on_the_way(self) -> TransferLines:
        """Leave only those of which something has not come to an end."""
        return self.filter(quantity_e4__gt=F("arrived_e4") + F("returned_e4") + F("lost_e4"))


class TransferLine(models.Model):
    """A quantity of one product (lot or serial, grade); what is neither arrived, returned nor lost is on the way."""

    transfer = models.ForeignKey(StockTransfer, on_delete=models.PROTECT, related_name="lines")
    product_id = models.BigIntegerField(db_index=True)
    lot_id = models.BigIntegerField(default=0)
    grade = models.CharField(max_length=4, blank=True)
    quantity_e4 = models.BigIntegerField()
    arrived_e4 = models.BigIntegerField(default=0)
    returned_e4 = models.BigIntegerField(default=0)
    lost_e4 = models.BigIntegerField(default=0)

    objects = TransferLines.as_manager()

    class Meta:
        """No more arrives than was sent."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity_e4__gt=0, arrived_e4__gte=0, returned_e4__gte=0, lost_e4__gte=0)
                & Q(quantity_e4__gte=F("arrived_e4") + F("returned_e4") + F("lost_e4")),
                name="transfer_line_figures",
            )
        ]

    @property
    def on_the_way_e4(self) -> int:
        """What was sent and has not come to an end."""
        return int(self.quantity_e4 - self.arrived_e4 - self.returned_e4 - self.lost_e4)


class StockAdjustment(models.Model):
    """More or less goods than the books say, with the reason."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    adjusted_on = models.DateField()
    reason = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"A{self.pk:06d}"


class AdjustmentLine(models.Model):
    """A signed quantity of one product (lot or serial, grade) and its signed value."""

    adjustment = models.ForeignKey(StockAdjustment, on_delete=models.PROTECT, related_name="lines")
    product_id = models.BigIntegerField(db_index=True)
    lot_id = models.BigIntegerField(default=0)
    grade = models.CharField(max_length=4, blank=True)
    quantity_e4 = models.BigIntegerField()
    value_cents = models.BigIntegerField()

    class Meta:
        """An adjustment changes something."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity_e4=0), name="adjustment_line_quantity"),
        ]


class StockCount(models.Model):
    """A stock count: what the books said at its start is kept on its lines, what people counted is added to them."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    # whole, category, products, oldest (longest not counted) or value (worth most).
    scope = models.CharField(max_length=10)
    category = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=10, default="counting", db_index=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"C{self.pk:06d}"


class CountLine(models.Model):
    """One product (lot or serial): frozen book quantity, counted quantity, and what was posted of the difference."""

    stock_count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="lines")
    product_id = models.BigIntegerField(db_index=True)
    lot_id = models.BigIntegerField(default=0)
    book_e4 = models.BigIntegerField()
    # False: nobody expected it; its book quantity was kept when it was first found.
    expected = models.BooleanField(default=True)
    counted_e4 = models.BigIntegerField(default=0)
    # How often somebody counted it since it was last sent back; 0: not counted.
    passes = models.IntegerField(default=0)
    # How often it was sent back to be counted again.
    recounts = models.IntegerField(default=0)
    posted_e4 = models.BigIntegerField(default=0)
    posted_cents = models.BigIntegerField(default=0)

    class Meta:
        """A product and lot stands once in a count; nobody counts less than nothing."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stock_count", "product_id", "lot_id"], name="count_line_once"),
            models.CheckConstraint(condition=Q(counted_e4__gte=0, passes__gte=0), name="count_line_figures"),
        ]

    @property
    def difference_e4(self) -> int:
        """More (or less) counted than the books said."""
        return int(self.counted_e4 - self.book_e4)


class CountEntry(models.Model):
    """Somebody counted: what it changed on a line; rows are appended."""

    line = models.ForeignKey(CountLine, on_delete=models.PROTECT, related_name="entries")
    quantity_e4 = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()


class Assembly(models.Model):
    """Parts became a product, or a product became its parts again."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    product_id = models.BigIntegerField(db_index=True)
    quantity_e4 = models.BigIntegerField()
    value_cents = models.BigIntegerField()
    taken_apart = models.BooleanField(default=False)
    work_cents = models.BigIntegerField(default=0)
    assembled_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """Something is made."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity_e4__gt=0, value_cents__gte=0, work_cents__gte=0), name="assembly_figures"
            )
        ]

    @property
    def number(self) -> str:
        """The document number."""
        return f"B{self.pk:06d}"


class AssemblyPart(models.Model):
    """What went into an assembled product, or came out of it."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="parts")
    product_id = models.BigIntegerField()
    quantity_e4 = models.BigIntegerField()
    value_cents = models.BigIntegerField()

    class Meta:
        """A part is something."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity_e4__gt=0, value_cents__gte=0), name="assembly_part_figures")
        ]


class ReorderPoint(models.Model):
    """How low a product may go before it is bought again, and how much there should be then."""

    product_id = models.BigIntegerField()
    # 0: all warehouses together.
    warehouse_id = models.BigIntegerField(default=0)
    minimum_e4 = models.BigIntegerField()
    target_e4 = models.BigIntegerField()

    class Meta:
        """One point per product and warehouse."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product_id", "warehouse_id"], name="reorder_point_once"),
            models.CheckConstraint(
                condition=Q(minimum_e4__gte=0, target_e4__gte=F("minimum_e4")), name="reorder_point_figures"
            ),
        ]
