"""Write down new lots and serial numbers, with where they came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from backstock.catalog.errors import SerialInUse
from backstock.catalog.models import Lot
from backstock.core import rows

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who brought a lot with which line of a delivery, and its dates; 0 and None are unknown."""

    supplier_id: int = 0
    purchase_line_id: int = 0
    made_on: date | None = None
    expires_on: date | None = None


UNKNOWN = Origin()
NOWHERE: Mapping[Key, Origin] = MappingProxyType({})


def register_lots(
    codes: Iterable[Key], origins: Mapping[Key, Origin] = NOWHERE, coming_back: Collection[int] = ()
) -> dict[Key, int]:
    """Return the ids of lots by (product, code), making those that are new; a serial number comes in only once.

    A lot that is known keeps its first origin: what came later with the same label is the same batch. Serial numbers
    that are `coming_back` from a supplier are the exception: they belong to the delivery that brought them last.
    """
    named = sorted(set(codes))
    if not named:
        return {}
    found = _known(named)
    # The command has looked before; in between somebody may have been faster.
    _refuse_serials(set(found.values()) - set(coming_back))
    _bring_back({pk: key for key, pk in found.items() if pk in coming_back}, origins)
    fresh = [key for key in named if key not in found]
    ids = _insert(fresh, origins) if fresh else []
    made = {pk for pk in ids if pk is not None}
    if len(made) == len(fresh):
        return found | dict(zip(fresh, (pk or 0 for pk in ids), strict=True))
    found = _known(named)
    _refuse_serials(found[key] for key in fresh if found[key] not in made)
    return found


def _insert(fresh: list[Key], origins: Mapping[Key, Origin]) -> list[int | None]:
    lots = []
    for key in fresh:
        origin = origins.get(key, UNKNOWN)
        lots.append((*key, origin.supplier_id, origin.purchase_line_id, origin.made_on, origin.expires_on))
    fields = ("product", "code", "supplier_id", "purchase_line_id", "made_on", "expires_on")
    return rows.insert_returning(Lot, fields, lots, skip_conflicts=True)


def _bring_back(keys: Mapping[int, Key], origins: Mapping[Key, Origin]) -> None:
    lots = list(Lot.objects.filter(pk__in=keys)) if keys else []
    for lot in lots:
        origin = origins.get(keys[lot.pk], UNKNOWN)
        lot.supplier_id, lot.purchase_line_id = origin.supplier_id, origin.purchase_line_id
    Lot.objects.bulk_update(lots, ["supplier_id", "purchase_line_id"])


def _refuse_serials(lot_ids: Iterable[int]) -> None:
    """Refuse lots that exist already and are serial numbers: a lot is shared, a serial number is not."""
    wanted = set(lot_ids)
    taken = Lot.objects.filter(pk__in=wanted, product__tracking="serial") if wanted else Lot.objects.none()
    for sku, serial in taken.values_list("product__sku", "code")[:1]:
        raise SerialInUse(sku=sku, serial=serial)


def _known(named: list[Key]) -> dict[Key, int]:
    found = Lot.objects.filter(product_id__in={p for p, _ in named}, code__in={c for _, c in named})
    return {(product_id, code): pk for product_id, code, pk in found.values_list("product_id", "code", "pk")}
