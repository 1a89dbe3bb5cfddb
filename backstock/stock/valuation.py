"""What pieces are worth when they leave a pool: moving average, fifo layers, specific lots. Pure.

Moving average after 小企业会计准则 / IAS 2: value x quantity / stock, rounded half up; emptying a pool takes the rest,
so no cent is ever left behind or invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from backstock.core.amounts import half_up, share
from backstock.stock.moves import NEW_LAYER, Pool


class Taken(NamedTuple):
    """A quantity taken out of one pool, with the value that leaves with it."""

    pool: Pool
    quantity_e4: int
    value_cents: int


def average_issue(quantity_e4: int, pool_quantity_e4: int, pool_value_cents: int) -> int:
    """Return the value of an issue from a moving-average pool; the caller has checked that the pieces are there."""
    if quantity_e4 == pool_quantity_e4:
        return pool_value_cents
    return half_up(pool_value_cents * quantity_e4, pool_quantity_e4)


def own_cost_issue(quantity_e4: int, pool_quantity_e4: int, pool_value_cents: int) -> int:
    """Return the value of pieces that keep their own return cost: floor, the last piece takes the rest."""
    return share(pool_value_cents, quantity_e4, pool_quantity_e4)


def fifo_issue(quantity_e4: int, layers: Sequence[tuple[Pool, int, int]]) -> list[Taken]:
    """Take from the oldest layers (pool, quantity, value) first; each layer by its own average, emptied exactly."""
    taken: list[Taken] = []
    for pool, held, value in sorted(layers, key=lambda layer: layer[0].ref):
        part = min(quantity_e4, held)
        if part > 0:
            taken.append(Taken(pool, part, average_issue(part, held, value)))
            quantity_e4 -= part
    return taken


def sellable_pool(cost_method: str, tracked: bool, lot_id: int, grade: str = "") -> Pool:
    """Return the pool that pieces enter when they become sellable."""
    if grade:
        return Pool(f"grade:{grade}", lot_id if cost_method == "specific" else 0)
    if cost_method == "fifo":
        return NEW_LAYER
    if cost_method == "specific" and tracked:
        return Pool("lot", lot_id)
    return Pool("new")
