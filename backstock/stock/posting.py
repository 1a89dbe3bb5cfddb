"""The only writer of the goods ledger: appends moves and brings their two balances along, set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count

from backstock.core import rows
from backstock.core.errors import InvariantBroken
from backstock.stock.models import PoolBalance, StockBalance, StockMove
from backstock.stock.moves import NEW_LAYER, Move, Pool
from backstock.stock.places import PHYSICAL, kind_of

# A fifo layer is named by the log row and position of the move that made it, so layers sort as they came.
LAYERS_PER_LOG_ROW = 100_000

FIELDS = (
    "business_on", "log_id", "position", "recorded_at", "product_id", "lot_id", "quantity_e4", "source_id", "target_id",
    "source_pool", "source_ref", "target_pool", "target_ref", "source_value_cents", "target_value_cents",
    "document", "line_id", "mirrors_log_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """The moves of one item of a command, with the log row and document they belong to."""

    log_id: int
    business_on: date
    document: str
    moves: Sequence[Move]


def post(entries: Sequence[Entry], *, recorded_at: datetime) -> None:
    """Append the moves and add them to the balances; raise InvariantBroken rather than write an impossible balance."""
    # One log row may move goods under several documents: its rows are numbered through.
    numbers: dict[int, Iterator[int]] = defaultdict(count)
    numbered = [(entry, next(numbers[entry.log_id]), move) for entry in entries for move in entry.moves]
    placed = [(entry, n, _with_layer(move, entry.log_id, n)) for entry, n, move in numbered]
    if not placed:
        return
    rows.insert(
        StockMove,
        FIELDS,
        [
            (
                entry.business_on, entry.log_id, n, recorded_at, m.product_id, m.lot_id, m.quantity_e4, m.source_id,
                m.target_id, *m.source_pool, *m.target_pool, m.source_value_cents, m.target_value_cents,
                entry.document, m.line_id, m.mirrors_log_id,
            )
            for entry, n, m in placed
        ],
    )  # fmt: skip
    moves = [move for _, _, move in placed]
    _add_to_stock(moves)
    _add_to_pools(moves)


def _with_layer(move: Move, log_id: int, position: int) -> Move:
    if move.target_pool != NEW_LAYER:
        return move
    return replace(move, target_pool=Pool("layer", log_id * LAYERS_PER_LOG_ROW + position))


def stock_deltas(moves: Sequence[Move]) -> dict[tuple[int, int, int], list[int]]:
    """Sum what moves change per (product, lot, place)."""
    deltas: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0])
    for move in moves:
        deltas[move.product_id, move.lot_id, move.source_id][0] -= move.quantity_e4
        deltas[move.product_id, move.lot_id, move.target_id][0] += move.quantity_e4
    return deltas


def pool_deltas(moves: Sequence[Move]) -> dict[tuple[int, str, int], list[int]]:
    """Sum what moves change per (product, pool): quantity and value."""
    deltas: dict[tuple[int, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for move in moves:
        if move.source_pool.kind:
            left = deltas[move.product_id, *move.source_pool]
            left[0] -= move.quantity_e4
            left[1] -= move.source_value_cents
        if move.target_pool.kind:
            entered = deltas[move.product_id, *move.target_pool]
            entered[0] += move.quantity_e4
            entered[1] += move.target_value_cents
    return deltas


def _add_to_stock(moves: Sequence[Move]) -> None:
    keys = ("product_id", "lot_id", "place_id")
    for product_id, lot_id, place_id, quantity_e4 in rows.add_or_insert(
        StockBalance, keys, ("quantity_e4",), stock_deltas(moves)
    ):
        if quantity_e4 < 0 and kind_of(place_id) in PHYSICAL:
            raise InvariantBroken(f"product {product_id} lot {lot_id} would be {quantity_e4} at place {place_id}")


def _add_to_pools(moves: Sequence[Move]) -> None:
    keys, values = ("product_id", "pool", "ref"), ("quantity_e4", "value_cents")
    for product_id, pool, ref, quantity_e4, value_cents in rows.add_or_insert(
        PoolBalance, keys, values, pool_deltas(moves)
    ):
        if quantity_e4 < 0 or value_cents < 0 or (quantity_e4 == 0 and value_cents != 0):
            raise InvariantBroken(
                f"product {product_id} pool {pool}/{ref} would hold {quantity_e4} worth {value_cents}"
            )
