"""Find warehouses by code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from backstock.catalog.queries import load_catalogue
from backstock.core.errors import UnknownWarehouse
from backstock.warehouse.models import Assembly, CountLine, Warehouse


class Warehouses:
    """Warehouse ids by code; no code means the first one."""

    def __init__(self, ids: dict[str, int]) -> None:
        self.ids = ids

    def id(self, code: str | None) -> int:
        """Return a warehouse's id; raise UnknownWarehouse."""
        if code is None and self.ids:
            return min(self.ids.values())
        try:
            return self.ids[code or ""]
        except KeyError:
            raise UnknownWarehouse(warehouse=code or "") from None


def load_warehouses(codes: Iterable[str | None], lock: bool = False) -> Warehouses:
    """Read the warehouses named; all of them when one is left unnamed."""
    wanted = set(codes)
    found = Warehouse.objects.all() if None in wanted else Warehouse.objects.filter(code__in=wanted)
    if lock:
        found = found.select_for_update().order_by("pk")
    return Warehouses(dict(found.values_list("code", "pk")))


def last_counted(warehouse_id: int) -> dict[int, str]:
    """Return the day on which products of a warehouse were last counted and posted, as text that sorts."""
    found = CountLine.objects.filter(stock_count__warehouse_id=warehouse_id, stock_count__status="posted", passes__gt=0)
    return {
        product: day.isoformat()
        for product, day in found.values_list("product_id").annotate(Max("stock_count__ended_on"))
        if day is not None
    }


def warehouses_in_use() -> list[Warehouse]:
    """Return the warehouses that were not archived."""
    return list(Warehouse.objects.filter(archived_at=None).order_by("pk"))


def warehouse_names() -> dict[int, str]:
    """Return what every warehouse is called, archived ones too: old ledger rows name them."""
    return {each.pk: str(each) for each in Warehouse.objects.all()}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a quantity of a product was made of the last time: [(part, quantity)]."""

    quantity_e4: int
    parts: list[tuple[int, int]]


def last_recipes(skus: Iterable[str]) -> dict[str, Recipe]:
    """Return how products were assembled (or taken apart) the last time, by their codes."""
    wanted = set(skus)
    codes = {item.id: item.sku for item in load_catalogue(wanted, units=False).by_sku.values()} if wanted else {}
    last = Assembly.objects.filter(product_id__in=codes).order_by().values("product_id").annotate(last=Max("pk"))
    made = Assembly.objects.filter(pk__in=[each["last"] for each in last]).prefetch_related("parts") if codes else []
    return {
        codes[each.product_id]: Recipe(
            each.quantity_e4, sorted((part.product_id, part.quantity_e4) for part in each.parts.all())
        )
        for each in made
    }


def count_progress(ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return how many lines counts have, and how many of them were counted."""
    found = CountLine.objects.filter(stock_count_id__in=list(ids)).order_by().values_list("stock_count_id")
    sums = found.annotate(lines=Count("pk"), counted=Count("pk", filter=Q(passes__gt=0)))
    return {pk: (lines, counted) for pk, lines, counted in sums}
