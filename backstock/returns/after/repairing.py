"""Where goods in repair lie and what they are worth: read from the events and the ledger, changed while deciding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from backstock.catalog.lines import GoodsLine
from backstock.catalog.queries import Catalogue
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import ReturnEvent
from backstock.returns.stepping import Part
from backstock.sales.shipping import take_off_shelf
from backstock.stock.moves import Move, Pool
from backstock.stock.places import OUTSIDE, place_id, warehouse_of
from backstock.stock.queries import own_values
from backstock.stock.sheet import Sheet
from backstock.stock.valuation import own_cost_issue


class Workshop:
    """The pieces of returns that are in repair."""

    def __init__(self, returns: Iterable[LoadedReturn], sheet: Sheet, journal: list[Callable[[], None]]) -> None:
        returns = list(returns)
        self.sheet, self.journal = sheet, journal
        self.at = _places(rma.row.pk for rma in returns)
        self.own = own_values("repair", (r.row.number for r in returns if any(p.lot_id for p in r.pieces)))
        sheet.lock_line_pools(["repair"], (line.row.pk for rma in returns for line in rma.lines))

    def lock_parts(self, catalogue: Catalogue, skus: Iterable[str]) -> None:
        """Lock the shelves from which parts are taken: those of the houses where goods are in repair."""
        ids = {catalogue.by_sku[sku].id for sku in skus if sku in catalogue.by_sku}
        if ids:
            ids |= {piece for pk in ids for piece, _ in catalogue.by_id[pk].components}
            houses = {warehouse_of(place) for places in self.at.values() for place in places}
            self.sheet.lock_stock(ids, [place_id("sellable", house) for house in houses])
            self.sheet.lock_sellable_pools(ids)

    def use(self, catalogue: Catalogue, parts: Sequence[GoodsLine], place: int, line_id: int) -> list[Move]:
        """Take parts off the shelf beside a workshop; they are used up."""
        moves: list[Move] = []
        for part in parts:
            item = catalogue.item(part.sku)
            quantity_e4 = catalogue.base_quantity(item, part.quantity_e4, part.unit)
            leaving = take_off_shelf(
                self.sheet, catalogue, item, quantity_e4, part.lot, part.serials, warehouse_of(place)
            )  # fmt: skip
            moves += [replace(move, target_id=OUTSIDE, line_id=line_id) for move in leaving.moves]
        return moves

    def take(self, part: Part) -> list[tuple[int, int, int]]:
        """Take units of a piece out of repair: (place, quantity, value), in the order of the places."""
        taken, left_e4 = list[tuple[int, int, int]](), part.quantity_e4
        places = self.at[part.piece.pk]
        for place, there_e4 in sorted(places.items()):
            quantity_e4 = min(left_e4, there_e4)
            if quantity_e4 > 0:
                places[place] -= quantity_e4
                self.journal.append(partial(places.__setitem__, place, there_e4))
                taken.append((place, quantity_e4, self._value(part, quantity_e4)))
                left_e4 -= quantity_e4
        return taken

    def _value(self, part: Part, quantity_e4: int) -> int:
        """Value units that leave: a lot or serial at what it came with, others at their line's."""
        key = (part.line.row.pk, part.piece.product_id, part.piece.lot_id)
        if key not in self.own:
            self.own[key] = self.sheet.held(key[1], Pool("repair", key[0]))
        before = self.own[key]
        value = own_cost_issue(quantity_e4, *before)
        self.own[key] = (before[0] - quantity_e4, before[1] - value)
        self.journal.append(partial(self.own.__setitem__, key, before))
        return value


def _places(rma_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what of each piece is in repair at which place: brought there by dispositions, taken by finished repairs."""
    at: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    found = ReturnEvent.objects.filter(rma_id__in=set(rma_ids), kind__in=("dispose", "finish_repair"))
    fields = ("piece_id", "kind", "verdict", "quantity_e4", "place_id", "mirrors_log_id")
    for piece_id, kind, verdict, quantity_e4, place, mirrors in found.values_list(*fields):
        sign = -1 if mirrors else 1
        if kind == "finish_repair":
            at[piece_id][place] -= sign * quantity_e4
        elif verdict == "repair":
            at[piece_id][place_id("repair", warehouse_of(place))] += sign * quantity_e4
    return at
