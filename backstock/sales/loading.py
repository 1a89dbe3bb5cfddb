"""Lock sales and read them with their lines and pieces, in the order in which every command locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.core.reading import prepared
from backstock.sales.models import Sale, SaleLine, SalePiece


@dataclass(slots=True)
class LoadedLine:
    """A sale line with its goods counters."""

    row: SaleLine
    pieces: list[SalePiece] = field(default_factory=list)

    def in_line_units(self, counter: str) -> int:
        """Express a counter of the pieces in the line's own units: of a kit as many as every component allows."""
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 1])
        for piece in self.pieces:
            sums[piece.product_id][0] += getattr(piece, counter)
            sums[piece.product_id][1] = piece.per_line_e4
        return min((total * 10**4 // per for total, per in sums.values()), default=0)

    @property
    def to_ship_e4(self) -> int:
        """What was ordered and neither shipped nor given up, in the line's units."""
        return max(0, self.row.quantity_e4 - self.row.cancelled_e4 - self.in_line_units("shipped_e4"))

    @property
    def kept_e4(self) -> int:
        """What the customer has: shipped less returned, in the line's units."""
        return self.in_line_units("shipped_e4") - self.in_line_units("received_e4") + self.in_line_units("sent_back_e4")


@dataclass(slots=True)
class LoadedSale:
    """A sale with its lines in order."""

    row: Sale
    lines: list[LoadedLine] = field(default_factory=list)

    @property
    def ordered(self) -> list[LoadedLine]:
        """What was ordered, without what left later in place of goods that came back."""
        return [line for line in self.lines if not line.row.return_line_id]


def load_sales(numbers: Iterable[str], lock: bool = True) -> dict[str, LoadedSale]:
    """Read sales by number, locking the sale, then its pieces in the order of their ids."""
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("S", number)
        except UnknownDocument:
            continue
    found = load_sales_by_id(wanted.values(), lock)
    return {number: found[pk] for number, pk in wanted.items() if pk in found}


def _sales(ids: Collection[int]) -> QuerySet[Sale]:
    return Sale.objects.filter(pk__in=ids).order_by("pk")


def _locked_sales(ids: Collection[int]) -> QuerySet[Sale]:
    return _sales(ids).select_for_update()


def _lines(ids: Collection[int]) -> QuerySet[SaleLine]:
    return SaleLine.objects.filter(sale_id__in=ids).order_by("sale_id", "position")


def _pieces(ids: Collection[int]) -> QuerySet[SalePiece]:
    return SalePiece.objects.filter(line__sale_id__in=ids).order_by("pk")


def _locked_pieces(ids: Collection[int]) -> QuerySet[SalePiece]:
    return _pieces(ids).select_for_update(of=("self",))


def load_sales_by_id(ids: Iterable[int], lock: bool = True) -> dict[int, LoadedSale]:
    """Read sales by id with everything that hangs on them."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    loaded = {row.pk: LoadedSale(row) for row in prepared(_locked_sales if lock else _sales, wanted)}
    lines: dict[int, LoadedLine] = {}
    for row in prepared(_lines, wanted):
        lines[row.pk] = LoadedLine(row)
        loaded[row.sale_id].lines.append(lines[row.pk])
    for piece in prepared(_locked_pieces if lock else _pieces, wanted):
        lines[piece.line_id].pieces.append(piece)
    return loaded


def sale_of(sales: dict[str, LoadedSale], number: str) -> LoadedSale:
    """Return a loaded sale; raise UnknownDocument."""
    try:
        return sales[number]
    except KeyError:
        raise UnknownDocument(document=number[:60]) from None
