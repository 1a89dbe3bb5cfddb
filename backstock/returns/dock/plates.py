"""Licence plates: the number of a receipt row is the number on the label of what came with it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from backstock.catalog.models import Product
from backstock.catalog.queries import lot_codes
from backstock.core.numbers import document_id
from backstock.returns.dock.unclaimed import LoadedUnclaimed
from backstock.returns.models import Return, ReturnEvent, ReturnPiece, UnclaimedLine

HERE = ("received", "damaged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """What one label says: the units of a product, lot or serial number that one receipt brought."""

    number: str
    document: str
    product: Product
    code: str
    quantity_e4: int
    damaged: bool
    place_id: int
    business_on: date


def plate_number(event_id: int) -> str:
    """Return the number on the label of a receipt row."""
    return f"L{event_id:06d}"


def _standing(rma_ids: Iterable[int]) -> list[ReturnEvent]:
    """Return the receipts of returns that were not taken back."""
    rows = list(ReturnEvent.objects.filter(rma_id__in=set(rma_ids), kind="receive").order_by("rma_id", "pk"))
    undone = {row.mirrors_log_id for row in rows}
    return [r for r in rows if r.verdict in HERE and r.piece_id and not r.mirrors_log_id and r.log_id not in undone]


def plates_of(rma_ids: Sequence[int], only_last: bool = False) -> list[Plate]:
    """Return the plates of returns; `only_last`: of the last receipt of each."""
    rows = _standing(rma_ids)
    if only_last:
        last = {row.rma_id: row.log_id for row in sorted(rows, key=lambda row: row.log_id)}
        rows = [row for row in rows if row.log_id == last[row.rma_id]]
    pieces = ReturnPiece.objects.select_related("product").in_bulk({row.piece_id for row in rows})
    codes = lot_codes(piece.lot_id for piece in pieces.values())
    return [
        Plate(
            number=plate_number(row.pk), document=Return(pk=row.rma_id).number, product=pieces[row.piece_id].product,
            code=codes.get(pieces[row.piece_id].lot_id, ""), quantity_e4=row.quantity_e4, damaged=row.verdict == "damaged",
            place_id=row.place_id, business_on=row.business_on,
        )
        for row in rows
    ]  # fmt: skip


def plates_of_unclaimed(parcel: LoadedUnclaimed) -> list[Plate]:
    """Return the plates of goods without an owner that are still here: document and line."""
    codes = lot_codes(line.lot_id for line in parcel.lines)
    return [
        Plate(
            number=f"{parcel.row.number}-{line.position}", document=parcel.row.number, product=line.product,
            code=codes.get(line.lot_id, line.seen_code), quantity_e4=line.here_e4, damaged=False, place_id=0,
            business_on=parcel.row.arrived_on,
        )
        for line in parcel.lines
        if line.here_e4
    ]  # fmt: skip


def read_plate(text: str) -> Plate | None:
    """Return the plate that was scanned; None when it is none, or its receipt was taken back."""
    pk = document_id("L", text)
    row = ReturnEvent.objects.filter(pk=pk).first() if pk else None
    if row is None:
        return None
    return next((plate for plate in plates_of([row.rma_id]) if plate.number == plate_number(row.pk)), None)


def unclaimed_plate(text: str) -> str:
    """Return the parcel without an owner whose plate was scanned, empty for none."""
    number, _dash, position = text.upper().partition("-")
    pk = document_id("UN", number)
    there = pk and position.isdigit() and UnclaimedLine.objects.filter(unclaimed_id=pk, position=int(position)).exists()
    return number if there else ""
