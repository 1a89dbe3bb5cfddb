"""What open pick lists reserve, and how a shipment takes it off them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Sum

from backstock.core import rows
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.sales.models import PickLine, PickList
from backstock.sales.shipping import Leaving
from backstock.warehouse.models import HomeShelf


@dataclass(slots=True)
class LoadedPick:
    """A pick list with its lines."""

    row: PickList
    lines: list[PickLine] = field(default_factory=list)
    # {product: where it usually lies}
    shelves: dict[int, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Return open, done (all of it shipped) or ended."""
        if self.row.ended_on is not None:
            return "ended"
        return "open" if any(line.is_open for line in self.lines) else "done"


def load_picks(numbers: Iterable[str], lock: bool = True) -> dict[str, LoadedPick]:
    """Read pick lists by number, locking them."""
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("K", number)
        except UnknownDocument:
            continue
    found = load_picks_by_id(wanted.values(), lock)
    return {number: found[pk] for number, pk in wanted.items() if pk in found}


def load_picks_by_id(ids: Iterable[int], lock: bool = False) -> dict[int, LoadedPick]:
    """Read pick lists by id, their lines in the order of the walk: by the products' shelves, then by their codes."""
    lists = PickList.objects.filter(pk__in=set(ids)).order_by("pk")
    loaded = {row.pk: LoadedPick(row) for row in (lists.select_for_update() if lock else lists)}
    lines = PickLine.objects.filter(pick_id__in=loaded).order_by("product__sku", "pk")
    lines = lines.select_related("product", "sale_line")
    shelves = home_shelves({row.row.warehouse_id for row in loaded.values()}, lines.values("product_id"))
    for line in lines.select_for_update(of=("self",)) if lock else lines:
        loaded[line.pick_id].lines.append(line)
    for pick in loaded.values():
        pick.shelves = {product: code for (house, product), code in shelves.items() if house == pick.row.warehouse_id}
        pick.lines.sort(key=lambda line: (line.product_id not in pick.shelves, pick.shelves.get(line.product_id, "")))
    return loaded


def home_shelves(warehouse_ids: Iterable[int], product_ids: Any) -> dict[tuple[int, int], str]:
    """Return where products usually lie: {(warehouse, product): shelf}."""
    found = HomeShelf.objects.filter(warehouse_id__in=set(warehouse_ids), product_id__in=product_ids)
    return {
        (house, product): code
        for house, product, code in found.values_list("warehouse_id", "product_id", "shelf__code")
    }


def pick_of(picks: dict[str, LoadedPick], number: str) -> LoadedPick:
    """Return a loaded pick list; raise UnknownDocument."""
    if number not in picks:
        raise UnknownDocument(document=number[:60])
    return picks[number]


def reserved(product_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return what open pick lists hold: {(product, warehouse): quantity}."""
    found = (
        PickLine.objects.filter(is_open=True, product_id__in=set(product_ids))
        .values_list("product_id", "pick__warehouse_id")
        .annotate(held=Sum(F("quantity_e4") - F("shipped_e4")))
    )
    return {(product, warehouse): held for product, warehouse, held in found}


def open_lines(line_ids: Iterable[int]) -> list[PickLine]:
    """Lock and return what open pick lists hold for sale lines, the oldest first; the sales are locked already."""
    found = PickLine.objects.filter(is_open=True, sale_line_id__in=set(line_ids)).order_by("pk")
    return list(found.select_for_update())


def take_off_lists(leaving: Sequence[tuple[int, Leaving]]) -> None:
    """Let what has shipped, given as (sale line, pieces), end its reservation."""
    left: dict[tuple[int, int], int] = defaultdict(int)
    for line_id, pieces in leaving:
        for (product_id, _), (quantity_e4, _) in pieces.pieces.items():
            left[line_id, product_id] += quantity_e4
    shipped, done = dict[int, dict[str, int]](), list[int]()
    for line in open_lines(line_id for line_id, _ in leaving):
        key = (line.sale_line_id, line.product_id)
        part_e4 = min(left[key], line.quantity_e4 - line.shipped_e4)
        left[key] -= part_e4
        picked_e4 = max(0, line.shipped_e4 + part_e4 - line.picked_e4)
        shipped[line.pk] = {"shipped_e4": part_e4, "picked_e4": picked_e4}
        if line.shipped_e4 + part_e4 == line.quantity_e4:
            done.append(line.pk)
    rows.add(PickLine, shipped)
    release(done)


def release(line_ids: Sequence[int]) -> None:
    """Let lines of pick lists reserve nothing any more."""
    if line_ids:
        PickLine.objects.filter(pk__in=line_ids).update(is_open=False)
