"""Lock returns and read them with lines and pieces; every step of a return begins here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from backstock.catalog.queries import Catalogue, load_catalogue, load_lots
from backstock.core.amounts import E4
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.core.reading import prepared
from backstock.policies.engine import Terms
from backstock.returns.models import Return, ReturnLine, ReturnPiece


@dataclass(slots=True)
class LoadedLine:
    """A return line with its goods counters and the terms that were fixed for it."""

    row: ReturnLine
    terms: Terms
    pieces: list[ReturnPiece] = field(default_factory=list)

    def in_line_units(self, counter: str) -> int:
        """Express a counter of the pieces in the line's own units: of a kit as many as every component allows."""
        return self.counted(lambda piece: int(getattr(piece, counter)))

    def counted(self, count: Callable[[ReturnPiece], int]) -> int:
        """Express a count over the pieces in the line's own units."""
        sums: dict[int, list[int]] = defaultdict(lambda: [0, E4])
        for piece in self.pieces:
            sums[piece.product_id][0] += count(piece)
            sums[piece.product_id][1] = piece.per_line_e4
        return min((total * E4 // per for total, per in sums.values()), default=0)


@dataclass(slots=True)
class LoadedReturn:
    """A return with its lines in order."""

    row: Return
    lines: list[LoadedLine] = field(default_factory=list)

    @property
    def pieces(self) -> list[ReturnPiece]:
        """Every piece of every line."""
        return [piece for line in self.lines for piece in line.pieces]

    def skus(self) -> dict[str, int]:
        """Return the products of lines and pieces by code."""
        found = {line.row.product.sku: line.row.product_id for line in self.lines}
        return found | {piece.product.sku: piece.product_id for piece in self.pieces}


def load_returns(numbers: Iterable[str], lock: bool = True) -> dict[str, LoadedReturn]:
    """Read returns by number, locking them in the order of their ids; numbers that do not exist are left out."""
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("R", number)
        except UnknownDocument:
            continue
    found = load_returns_by_id(wanted.values(), lock)
    return {number: found[pk] for number, pk in wanted.items() if pk in found}


def _headers(ids: Collection[int]) -> QuerySet[Return]:
    return Return.objects.filter(pk__in=ids).order_by("pk")


def _locked(ids: Collection[int]) -> QuerySet[Return]:
    return _headers(ids).select_for_update()


def _pieces(ids: Collection[int]) -> QuerySet[ReturnPiece]:
    pieces = ReturnPiece.objects.filter(line__rma_id__in=ids).select_related("product", "line", "line__product")
    return pieces.order_by("line__rma_id", "line__position", "pk")


def load_returns_by_id(ids: Iterable[int], lock: bool = True) -> dict[int, LoadedReturn]:
    """Read returns by id. The header's lock guards its lines and pieces: nobody writes them without it."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    loaded = {row.pk: LoadedReturn(row) for row in prepared(_locked if lock else _headers, wanted)}
    lines: dict[int, LoadedLine] = {}
    for piece in prepared(_pieces, wanted):
        line = lines.get(piece.line_id)
        if line is None:
            line = lines[piece.line_id] = LoadedLine(piece.line, Terms.load(piece.line.terms))
            loaded[piece.line.rma_id].lines.append(line)
        line.pieces.append(piece)
    return loaded


def return_of(returns: dict[str, LoadedReturn], number: str) -> LoadedReturn:
    """Return a loaded return; raise UnknownDocument."""
    try:
        return returns[number]
    except KeyError:
        raise UnknownDocument(document=number[:60]) from None


def catalogue_of(
    returns: Iterable[LoadedReturn], lines: Iterable[tuple[str, str | None, str | None, tuple[str, ...]]]
) -> Catalogue:
    """Read products for lines of (sku, unit, lot, serials); a plain line of the return costs no statement."""
    from_returns = [piece.product for each in returns for piece in each.pieces]
    from_returns += [line.row.product for each in returns for line in each.lines]
    there = {product.sku: product for product in from_returns}
    asked = list(lines)
    kits = any(product.is_kit for product in from_returns)
    if kits or any(unit for _, unit, _, _ in asked) or any(sku not in there for sku, _, _, _ in asked):
        catalogue = load_catalogue({sku for sku, _, _, _ in asked} | there.keys())
    else:
        catalogue = Catalogue.of(there.values())
    named = [
        (catalogue.by_sku[sku].id, code)
        for sku, _, lot, serials in asked
        if sku in catalogue.by_sku
        for code in (*((lot,) if lot else ()), *serials)
    ]
    load_lots(catalogue, named)
    return catalogue
