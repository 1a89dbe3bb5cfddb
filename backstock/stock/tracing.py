"""Follow lots and serial numbers: where they are, and how they came there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from backstock.stock.models import LotBlock, StockBalance, StockMove
from backstock.stock.queries import MoveRow


def moves_of_lot(product_id: int, lot_id: int, most: int = 500) -> list[tuple[int, MoveRow]]:
    """Return what moved pieces of a lot with the log rows, in the order of recording."""
    found = StockMove.objects.filter(product_id=product_id, lot_id=lot_id).order_by("log_id", "position")[:most]
    return [
        (row.log_id, MoveRow(
            business_on=row.business_on, document=row.document, product_id=row.product_id, lot_id=row.lot_id,
            quantity_e4=row.quantity_e4, source_id=row.source_id, target_id=row.target_id,
            value_cents=row.target_value_cents, mirror=bool(row.mirrors_log_id),
        ))
        for row in found
    ]  # fmt: skip


def whereabouts_of_lots(lot_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what lies where of each lot: {lot: {place: quantity}}."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    held = StockBalance.objects.filter(lot_id__in=set(lot_ids) - {0}, quantity_e4__gt=0)
    for lot_id, place, quantity_e4 in held.values_list("lot_id", "place_id", "quantity_e4"):
        found[lot_id][place] = quantity_e4
    return dict(found)


def lots_of_document(document: str) -> list[tuple[int, int]]:
    """Return the lots that a document moved: (product, lot)."""
    moved = StockMove.objects.filter(document=document, lot_id__gt=0, mirrors_log_id=0)
    return sorted(set(moved.values_list("product_id", "lot_id")))


def blocks_of_lot(lot_id: int) -> list[LotBlock]:
    """Return the blocks of a lot, the standing and the lifted."""
    return list(LotBlock.objects.filter(lot_id=lot_id).order_by("pk"))
