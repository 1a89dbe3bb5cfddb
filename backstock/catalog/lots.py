"""Write down new lots and serial numbers."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.catalog.errors import SerialInUse
from backstock.catalog.models import Lot, Product
from backstock.core import rows


def register_lots(codes: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Return the ids of lots by (product, code), making those that are new; a serial number comes in only once."""
    wanted = list(codes)
    if not wanted:
        return {}
    named = sorted(set(wanted))
    found = {
        (product_id, code): pk
        for product_id, code, pk in Lot.objects.filter(
            product_id__in={p for p, _ in named}, code__in={c for _, c in named}
        ).values_list("product_id", "code", "pk")
    }
    serials = dict(Product.objects.filter(pk__in={p for p, _ in named}, tracking="serial").values_list("pk", "sku"))
    for product_id, code in named:
        if product_id in serials and ((product_id, code) in found or wanted.count((product_id, code)) > 1):
            raise SerialInUse(sku=serials[product_id], serial=code)
    fresh = [key for key in named if key not in found]
    ids = rows.insert_returning(Lot, ("product", "code"), fresh) if fresh else []
    return found | {key: pk for key, pk in zip(fresh, ids, strict=True) if pk is not None}
