"""Which goods of a return a step may touch: one entry per product, lot or serial number, with how many are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backstock.catalog.models import Product
from backstock.catalog.queries import lot_codes
from backstock.core.amounts import E4
from backstock.desk.figures import quantity_text
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import ReturnPiece

Room = Callable[[ReturnPiece], int]


@dataclass(frozen=True, kw_only=True)
class Goods:
    """Some goods of a return as a form names them."""

    product: Product
    left_e4: int
    lot: str = ""
    serial: str = ""
    line_ids: tuple[int, ...] = ()
    pieces: tuple[ReturnPiece, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.product.sku, self.lot, self.serial)

    @property
    def left(self) -> str:
        return quantity_text(self.left_e4, self.product.unit)

    @property
    def name(self) -> str:
        return self.product.name or self.product.sku

    def count(self, room: Room) -> int:
        """Express a count over the pieces in the units of the product: of a kit as many as every part allows."""
        sums: dict[int, int] = defaultdict(int)
        for piece in self.pieces:
            sums[piece.product_id] += room(piece) * E4
        per = {piece.product_id: piece.per_line_e4 for piece in self.pieces}
        return min((total // per[product] for product, total in sums.items()), default=0)

    @property
    def can_split(self) -> bool:
        """Whether there is more than one piece, so that one verdict may not fit all."""
        return not self.serial and (self.left_e4 > E4 or self.product.unit_decimals > 0)


def goods_of(rma: LoadedReturn, room: Room) -> list[Goods]:
    """List the goods of a return in the order of its lines, also those of which nothing is left."""
    codes = lot_codes(piece.lot_id for piece in rma.pieces)
    by_product: dict[int, list[LoadedLine]] = defaultdict(list)
    for line in rma.lines:
        by_product[line.row.product_id].append(line)
    return [goods for lines in by_product.values() for goods in _of_product(lines, room, codes)]


def _of_product(lines: Sequence[LoadedLine], room: Room, codes: Mapping[int, str]) -> Iterator[Goods]:
    product, ids = lines[0].row.product, tuple(line.row.pk for line in lines)
    pieces = [piece for line in lines for piece in line.pieces]
    if product.tracking == "none" or product.is_kit:
        left = sum(line.counted(room) for line in lines)
        yield Goods(product=product, left_e4=left, line_ids=ids, pieces=tuple(pieces))
        return
    by_lot: dict[int, list[ReturnPiece]] = defaultdict(list)
    for piece in pieces:
        by_lot[piece.lot_id].append(piece)
    for lot_id, own in by_lot.items():
        code = codes.get(lot_id, "")
        lot, serial = (code, "") if product.tracking == "lot" else ("", code)
        left, lines_of = sum(room(piece) for piece in own), tuple(dict.fromkeys(piece.line_id for piece in own))
        yield Goods(product=product, left_e4=left, lot=lot, serial=serial, line_ids=lines_of, pieces=tuple(own))


def goods_of_lines(rma: LoadedReturn, room: Room) -> list[tuple[LoadedLine, Goods]]:
    """List the goods line by line, all lots and serial numbers of a line together."""
    return [
        (line, Goods(product=line.row.product, left_e4=line.counted(room), pieces=tuple(line.pieces)))
        for line in rma.lines
    ]


def undecided(piece: ReturnPiece) -> int:
    """Asked for, and not turned down by the policy."""
    return 0 if piece.line.decision == "reject" else piece.requested_e4 - piece.authorized_e4


def expected(piece: ReturnPiece) -> int:
    """Authorised, not here and not known to be missing."""
    return piece.to_receive_e4 - piece.missing_e4


def uninspected(piece: ReturnPiece) -> int:
    """Here and without a verdict."""
    return piece.to_inspect_e4


def unplaced(piece: ReturnPiece) -> int:
    """With a verdict and still in quarantine."""
    return piece.to_dispose_e4


def in_repair(piece: ReturnPiece) -> int:
    """In the workshop, not finished."""
    return piece.in_repair_e4
