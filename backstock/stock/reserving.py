"""Goods on a shelf that wait there for a document: everybody else finds so many fewer of them.

Whoever promises goods says line by line what waits, and says it anew when that changes; nothing is counted up or down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Sum

from backstock.core import rows
from backstock.stock.models import Reservation
from backstock.stock.places import warehouse_of

FIELDS = ("line_id", "product_id", "place_id", "quantity_e4", "document")


class Reserved(NamedTuple):
    """Goods that wait at a place for a line of a document."""

    line_id: int
    product_id: int
    place_id: int
    quantity_e4: int
    document: str


def reserved_for(line_ids: Collection[int]) -> list[Reserved]:
    """Return what waits for lines."""
    found = Reservation.objects.filter(line_id__in=line_ids).order_by("line_id", "product_id", "place_id")
    return [Reserved(*row) for row in found.values_list(*FIELDS)]


def reserve(line_ids: Collection[int], wanted: Iterable[Reserved]) -> None:
    """Let exactly this wait for some lines, and nothing else; who calls holds the lock of their document."""
    wanted = sorted(each for each in wanted if each.quantity_e4 > 0)
    if reserved_for(line_ids) != wanted:
        Reservation.objects.filter(line_id__in=line_ids).delete()
        rows.insert(Reservation, FIELDS, wanted)


def reserved_goods(product_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return what waits for documents: {(product, warehouse): quantity}."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    waiting = Reservation.objects.filter(product_id__in=set(product_ids))
    for product_id, place_id, quantity_e4 in waiting.values_list("product_id", "place_id", "quantity_e4"):
        found[product_id, warehouse_of(place_id)] += quantity_e4
    return dict(found)


def all_reserved() -> list[Reserved]:
    """Return everything that waits, for checks."""
    return [Reserved(*row) for row in Reservation.objects.order_by("line_id", "pk").values_list(*FIELDS)]


def reserved_here() -> Subquery:
    """Say of each balance how many of the product wait at its place, whatever the lot: joined into the read under lock."""
    here = Reservation.objects.filter(product_id=OuterRef("product_id"), place_id=OuterRef("place_id"))
    return Subquery(here.order_by().values("place_id").annotate(total=Sum("quantity_e4")).values("total"))
