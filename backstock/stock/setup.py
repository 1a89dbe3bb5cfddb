"""Write the rows of places; their ids are computed in `stock.places`."""

from __future__ import annotations

from collections.abc import Sequence

from backstock.core import rows
from backstock.stock.models import Place
from backstock.stock.places import COMPANY_WIDE, places_of

FIELDS = ("id", "kind", "grade", "warehouse_id")


def write_company_places() -> None:
    """Make the places that belong to no warehouse."""
    rows.insert(Place, FIELDS, [(pk, kind, "", 0) for kind, pk in COMPANY_WIDE.items()])


def write_warehouse_places(warehouse_ids: Sequence[int]) -> None:
    """Make the places of warehouses."""
    rows.insert(Place, FIELDS, [place for warehouse_id in warehouse_ids for place in places_of(warehouse_id)])
