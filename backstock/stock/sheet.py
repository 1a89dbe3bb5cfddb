"""A working copy of the balances a batch touches: read once under lock, changed in memory while items are decided.

The ledger writes from the moves, not from here; the sheet only answers «is it there, and what is it worth».
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import Q

from backstock.catalog.queries import lot_expiries
from backstock.stock.blocks import is_blocked
from backstock.stock.errors import InsufficientStock, StockBlocked, StockReserved
from backstock.stock.models import PoolBalance, StockBalance
from backstock.stock.moves import Move, Pool
from backstock.stock.places import SUPPLIER
from backstock.stock.posting import pool_deltas, stock_deltas
from backstock.stock.reserving import Reserved, reserved_here
from backstock.stock.valuation import Taken, average_issue, fifo_issue, own_cost_issue, sellable_pool

Journal = list[Callable[[], None]]


class Sheet:
    """Quantities per (product, lot, place) and worth per (product, pool), as they stand while deciding."""

    def __init__(self, journal: Journal, cost_method: str) -> None:
        self.journal, self.cost_method = journal, cost_method
        self.stock: dict[tuple[int, int, int], int] = defaultdict(int)
        self.pools: dict[int, dict[Pool, tuple[int, int]]] = defaultdict(dict)
        self.expiry: dict[int, date] = {}
        # Lots that may not leave.
        self.blocked: set[int] = set()
        # (product, place) → how many wait there for a document.
        self.reserved: dict[tuple[int, int], int] = {}

    def lock_stock(
        self, product_ids: Iterable[int], place_ids: Iterable[int], lot_ids: Iterable[int] | None = None
    ) -> None:
        """Lock and read what lies at places, of some lots where asked."""
        found = StockBalance.objects.select_for_update().filter(
            product_id__in=set(product_ids), place_id__in=set(place_ids)
        )
        if lot_ids is not None:
            found = found.filter(lot_id__in=set(lot_ids))
        for row in found.order_by("product_id", "lot_id", "place_id").values_list(
            "product_id", "lot_id", "place_id", "quantity_e4", is_blocked(), reserved_here()
        ):
            self.stock[row[0], row[1], row[2]] = row[3]
            if row[4]:
                self.blocked.add(row[1])
            if row[5]:
                self.reserved[row[0], row[2]] = row[5]
        # Lots that were named are taken as they are; among the others the one that expires first leaves first.
        if lot_ids is None and any(lot for _, lot, _ in self.stock):
            self.expiry |= lot_expiries({product for product, lot, _ in self.stock if lot})

    def lock_pieces(self, product_ids: Iterable[int], lot_ids: Iterable[int]) -> None:
        """Lock and read where serial numbers are, wherever that is."""
        found = StockBalance.objects.select_for_update().filter(
            product_id__in=set(product_ids), lot_id__in=set(lot_ids) - {0}
        )
        for row in found.order_by("product_id", "lot_id", "place_id"):
            self.stock[row.product_id, row.lot_id, row.place_id] = row.quantity_e4

    def with_supplier(self, product_id: int, lot_id: int) -> bool:
        """Tell whether a serial number that was here is with its supplier: it went through there and is nowhere else."""
        mine = {place: q for (product, lot, place), q in self.stock.items() if (product, lot) == (product_id, lot_id)}
        return mine.get(SUPPLIER, -1) >= 0 and all(q <= 0 for place, q in mine.items() if place != SUPPLIER)

    def require_with_supplier(self, sku: str, move: Move) -> None:
        """Refuse to take a serial number back from a supplier who gave it back already, with another delivery."""
        if not self.with_supplier(move.product_id, move.lot_id):
            raise InsufficientStock(sku=sku, asked_e4=move.quantity_e4, available_e4=0)

    def lock_sellable_pools(self, product_ids: Iterable[int]) -> None:
        """Lock and read the pools of sellable goods of products; emptied layers are left out."""
        sellable = Q(pool__in=["new", "layer", "lot"]) | Q(pool__startswith="grade:")
        self._read_pools(Q(product_id__in=set(product_ids), quantity_e4__gt=0) & sellable)

    def lock_line_pools(self, kinds: Sequence[str], line_ids: Iterable[int]) -> None:
        """Lock and read what return lines hold in quarantine, repair or at the vendor."""
        self._read_pools(Q(pool__in=kinds, ref__in=set(line_ids), quantity_e4__gt=0))

    def lock_pools_of(self, moves: Iterable[Move]) -> None:
        """Lock and read the pools that moves take from."""
        moves = [move for move in moves if move.source_pool.kind]
        products = {move.product_id for move in moves}
        kinds, refs = {move.source_pool.kind for move in moves}, {move.source_pool.ref for move in moves}
        self._read_pools(Q(product_id__in=products, pool__in=kinds, ref__in=refs))

    def require_pool(self, sku: str, move: Move) -> None:
        """Refuse a move that would leave its source pool with too little: negative, or value without pieces."""
        if not move.source_pool.kind:
            return
        held_e4, value = self.held(move.product_id, move.source_pool)
        left_e4, left = held_e4 - move.quantity_e4, value - move.source_value_cents
        if left_e4 < 0 or left < 0 or (left_e4 == 0 and left != 0):
            raise InsufficientStock(
                sku=sku,
                asked_e4=move.quantity_e4,
                available_e4=max(0, held_e4 - 1) if left_e4 == 0 else max(0, held_e4),
            )

    def _read_pools(self, which: Q) -> None:
        found = PoolBalance.objects.select_for_update().filter(which).order_by("product_id", "pool", "ref")
        for product_id, kind, ref, quantity_e4, value_cents in found.values_list(
            "product_id", "pool", "ref", "quantity_e4", "value_cents"
        ):
            self.pools[product_id][Pool(kind, ref)] = (quantity_e4, value_cents)

    def at(self, product_id: int, lot_id: int, place_id: int) -> int:
        """Return the quantity at a place."""
        return self.stock[product_id, lot_id, place_id]

    def lots_at(self, product_id: int, place_id: int) -> list[tuple[int, int]]:
        """List (lot, quantity) of what lies at a place: the first to expire first, the oldest where no day is known."""
        found = [
            (lot, q)
            for (p, lot, place), q in self.stock.items()
            if p == product_id and place == place_id and q > 0 and lot not in self.blocked
        ]
        return sorted(found, key=lambda each: (self.expiry.get(each[0], date.max), each[0]))

    def held(self, product_id: int, pool: Pool) -> tuple[int, int]:
        """Return quantity and value of a pool."""
        return self.pools[product_id].get(pool, (0, 0))

    def sellable_worth(self, product_id: int) -> tuple[int, int]:
        """Return quantity and value of new sellable goods over all their pools: today's average is one by the other."""
        kinds = ("new", "layer", "lot")
        found = [worth for pool, worth in self.pools[product_id].items() if pool.kind in kinds]
        return sum(q for q, _ in found), sum(v for _, v in found)

    def take_new(self, product_id: int, lot_id: int, quantity_e4: int) -> list[Taken]:
        """Value an issue of new sellable goods by the company's cost method; the quantity was checked before."""
        held = self.pools[product_id]
        if self.cost_method == "fifo":
            return fifo_issue(quantity_e4, [(pool, q, v) for pool, (q, v) in held.items() if pool.kind == "layer"])
        pool = Pool("lot", lot_id) if self.cost_method == "specific" and lot_id else Pool("new")
        in_pool, value = self.held(product_id, pool)
        return [Taken(pool, quantity_e4, average_issue(quantity_e4, in_pool, value))]

    def take_graded(self, product_id: int, lot_id: int, quantity_e4: int, grade: str) -> list[Taken]:
        """Value an issue of goods of a grade; the quantity was checked before."""
        pool = sellable_pool(self.cost_method, bool(lot_id), lot_id, grade)
        in_pool, value = self.held(product_id, pool)
        return [Taken(pool, quantity_e4, average_issue(quantity_e4, in_pool, value))]

    def take_own(self, product_id: int, pool: Pool, quantity_e4: int) -> int:
        """Value pieces that leave the pool of a return line."""
        in_pool, value = self.held(product_id, pool)
        return own_cost_issue(quantity_e4, in_pool, value)

    def refuse_blocked(self, sku: str, lot_id: int) -> None:
        """Refuse to let pieces of a blocked lot leave."""
        if lot_id in self.blocked:
            raise StockBlocked(sku=sku)

    def require(self, sku: str, product_id: int, lot_id: int, place_id: int, quantity_e4: int) -> None:
        """Refuse when fewer pieces than asked lie at a place."""
        there = self.at(product_id, lot_id, place_id)
        if there < quantity_e4:
            raise InsufficientStock(sku=sku, asked_e4=quantity_e4, available_e4=max(0, there))

    def free(self, product_id: int, place_id: int) -> int:
        """Return how many of a product lie at a place and wait for nobody."""
        there = sum(q for (product, _, place), q in self.stock.items() if (product, place) == (product_id, place_id))
        return there - self.reserved.get((product_id, place_id), 0)

    def require_free(self, sku: str, product_id: int, place_id: int, quantity_e4: int) -> None:
        """Refuse to take pieces for which somebody else waits; that they are there was checked before."""
        waiting_e4 = self.reserved.get((product_id, place_id), 0)
        if waiting_e4 and (free_e4 := self.free(product_id, place_id)) < quantity_e4:
            raise StockReserved(sku=sku, asked_e4=quantity_e4, free_e4=max(0, free_e4), reserved_e4=waiting_e4)

    def take_up(self, waiting: Reserved, quantity_e4: int) -> int:
        """Let pieces be taken by whom they wait for, revocably; return how many of them waited."""
        key = (waiting.product_id, waiting.place_id)
        before = self.reserved.get(key, 0)
        part_e4 = min(before, waiting.quantity_e4, quantity_e4)
        self.reserved[key] = before - part_e4
        self.journal.append(lambda: self.reserved.__setitem__(key, before))
        return part_e4

    def apply(self, moves: Sequence[Move]) -> None:
        """Let moves take effect on the working copy, revocably."""
        for key, (delta,) in stock_deltas(moves).items():
            self._remember_stock(key)
            self.stock[key] += delta
        for (product_id, kind, ref), (quantity_e4, value_cents) in pool_deltas(moves).items():
            pool, pools = Pool(kind, ref), self.pools[product_id]
            self._remember_pool(product_id, pool)
            before = pools.get(pool, (0, 0))
            pools[pool] = (before[0] + quantity_e4, before[1] + value_cents)

    def _remember_stock(self, key: tuple[int, int, int]) -> None:
        before = self.stock[key]
        self.journal.append(lambda: self.stock.__setitem__(key, before))

    def _remember_pool(self, product_id: int, pool: Pool) -> None:
        before = self.pools[product_id].get(pool, (0, 0))
        self.journal.append(lambda: self.pools[product_id].__setitem__(pool, before))
