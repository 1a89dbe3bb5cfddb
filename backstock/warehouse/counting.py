"""What the steps of a stock count share: counts by number, locked, and who else counts the same goods."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.warehouse.errors import AlreadyCounting
from backstock.warehouse.lifecycle import Status
from backstock.warehouse.models import CountLine, StockCount


class Counts:
    """Counts of a batch by their numbers."""

    def __init__(self, numbers: Iterable[str]) -> None:
        ids: dict[str, int] = {}
        for number in numbers:
            try:
                ids[number] = row_id("C", number)
            except UnknownDocument:
                continue  # refused for its own item
        # One after the other: several people count into one document.
        found = StockCount.objects.select_for_update().filter(pk__in=set(ids.values())).order_by("pk").in_bulk()
        self.by_number = {number: found[pk] for number, pk in ids.items() if pk in found}

    def one(self, number: str) -> StockCount:
        """Return a count; raise UnknownDocument."""
        if number not in self.by_number:
            raise UnknownDocument(document=number[:60])
        return self.by_number[number]

    @property
    def ids(self) -> set[int]:
        """The rows of all counts."""
        return {each.pk for each in self.by_number.values()}


class Elsewhere:
    """Which products are being counted in which warehouse by which document."""

    def __init__(self, warehouse_ids: Iterable[int], product_ids: Iterable[int] | None = None) -> None:
        found = CountLine.objects.filter(
            stock_count__status=Status.COUNTING, stock_count__warehouse_id__in=set(warehouse_ids)
        )
        if product_ids is not None:
            found = found.filter(product_id__in=set(product_ids))
        rows = found.values_list("stock_count__warehouse_id", "product_id", "stock_count_id").distinct()
        self.counted = {(warehouse, product): count for warehouse, product, count in rows}

    def refuse(self, warehouse_id: int, product_id: int, sku: str, own: int = 0) -> None:
        """Refuse goods that another count is at: their difference would be posted twice."""
        other = self.counted.get((warehouse_id, product_id), own)
        if other != own:
            raise AlreadyCounting(document=StockCount(pk=other).number, sku=sku)
