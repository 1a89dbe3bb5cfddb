"""Find warehouses by code."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.core.errors import UnknownWarehouse
from backstock.warehouse.models import Warehouse


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


def load_warehouses(codes: Iterable[str | None]) -> Warehouses:
    """Read the warehouses named; all of them when one is left unnamed."""
    wanted = set(codes)
    found = Warehouse.objects.all() if None in wanted else Warehouse.objects.filter(code__in=wanted)
    return Warehouses(dict(found.values_list("code", "pk")))


def warehouses_in_use() -> list[Warehouse]:
    """Return the warehouses that were not archived."""
    return list(Warehouse.objects.filter(archived_at=None).order_by("pk"))


def warehouse_names() -> dict[int, str]:
    """Return what every warehouse is called, archived ones too: old ledger rows name them."""
    return {each.pk: str(each) for each in Warehouse.objects.all()}
