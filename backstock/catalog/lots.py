"""Write down new lots and serial numbers."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.catalog.errors import SerialInUse
from backstock.catalog.models import Lot
from backstock.core import rows


def register_lots(codes: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Return the ids of lots by (product, code), making those that are new; a serial number comes in only once."""
    named = sorted(set(codes))
    if not named:
        return {}
    found = _known(named)
    # The command has looked before; in between somebody may have been faster.
    _refuse_serials(found.values())
    fresh = [key for key in named if key not in found]
    ids = rows.insert_returning(Lot, ("product", "code"), fresh, skip_conflicts=True) if fresh else []
    made = {pk for pk in ids if pk is not None}
    if len(made) == len(fresh):
        return found | dict(zip(fresh, (pk or 0 for pk in ids), strict=True))
    found = _known(named)
    _refuse_serials(found[key] for key in fresh if found[key] not in made)
    return found


def _refuse_serials(lot_ids: Iterable[int]) -> None:
    """Refuse lots that exist already and are serial numbers: a lot is shared, a serial number is not."""
    wanted = set(lot_ids)
    taken = Lot.objects.filter(pk__in=wanted, product__tracking="serial") if wanted else Lot.objects.none()
    for sku, serial in taken.values_list("product__sku", "code")[:1]:
        raise SerialInUse(sku=sku, serial=serial)


def _known(named: list[tuple[int, str]]) -> dict[tuple[int, str], int]:
    found = Lot.objects.filter(product_id__in={p for p, _ in named}, code__in={c for _, c in named})
    return {(product_id, code): pk for product_id, code, pk in found.values_list("product_id", "code", "pk")}
