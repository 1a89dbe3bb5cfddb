"""What commands share that handle goods inside the house: which lots leave, and what comes in at which cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from backstock.catalog.errors import SerialInUse, SerialRequired
from backstock.catalog.lines import GoodsLine
from backstock.catalog.lots import Key, register_lots
from backstock.catalog.queries import Item, load_catalogue, load_lots, unique
from backstock.core.amounts import E4, MAX_CENTS, half_up, line_cents
from backstock.core.commands import Batch
from backstock.core.errors import InvalidAmount
from backstock.stock.errors import CostRequired, InsufficientStock
from backstock.stock.holdings import last_purchases, last_purchases_of_lots, lots_held
from backstock.stock.moves import NEW_LAYER, NOWHERE, Move, Pool
from backstock.stock.places import OUTSIDE, grade_of
from backstock.stock.sheet import Sheet
from backstock.stock.valuation import Taken, sellable_pool


class Part(NamedTuple):
    """Pieces of one product and one lot or serial (0: not tracked)."""

    product_id: int
    lot_id: int
    quantity_e4: int


class House:
    """Products, lots, stock and worth that a batch touches, read once under lock."""

    def __init__(
        self, batch: Batch[Any], lines: Iterable[GoodsLine], place_ids: Iterable[int], ids: Iterable[int] = ()
    ) -> None:
        lines = list(lines)
        self.batch = batch
        self.catalogue = load_catalogue((line.sku for line in lines), ids)
        self._load_named(lines)
        self.sheet = Sheet(batch.journal, batch.company.cost_method)
        self.sheet.lock_stock(self.catalogue.by_id, place_ids)
        self.sheet.lock_sellable_pools(self.catalogue.by_id)
        self.bought: dict[int, list[tuple[int, int, int]]] = {}
        # Under specific cost a lot or serial that is found again costs what it itself was bought for.
        self.bought_lots: dict[int, tuple[int, int]] = {}
        self.held: set[int] = set()
        # Lots and serials that nobody knows yet go by a negative number until the batch is written.
        self.fresh: dict[int, Key] = {}

    def _load_named(self, lines: Sequence[GoodsLine]) -> None:
        codes = [(line.sku, code) for line in lines for code in (*((line.lot,) if line.lot else ()), *line.serials)]
        by_sku = self.catalogue.by_sku
        load_lots(self.catalogue, [(by_sku[sku].id, code) for sku, code in codes if sku in by_sku])

    def expect_goods(self, product_ids: Iterable[int]) -> None:
        """Read what goods that come in may cost, and which serials are somewhere already."""
        wanted = set(product_ids)
        self.bought = last_purchases(wanted) if wanted else {}
        lots = {lot for (product_id, _), lot in self.catalogue.lots.items() if product_id in wanted}
        self.held = lots_held(lots)
        if lots and self.batch.company.cost_method == "specific":
            self.bought_lots = last_purchases_of_lots(wanted, lots)

    def quantity(self, line: GoodsLine) -> tuple[Item, int]:
        """Return a line's product and its quantity in base units; raise UnknownProduct or InvalidQuantity."""
        item = self.catalogue.item(line.sku)
        return item, self.catalogue.base_quantity(item, line.quantity_e4, line.unit)

    def leaving(self, line: GoodsLine, quantity_e4: int, place: int) -> list[Part]:
        """Say which pieces leave a place: those named; of lots that nobody named the first to expire first."""
        parts: list[Part] = []
        for product_id, _, pieces_e4 in self.catalogue.item(line.sku).pieces_of(quantity_e4):
            item = self.catalogue.by_id[product_id]
            if item.product.tracking != "lot" or line.lot is not None:
                parts += self.named(item, pieces_e4, line)
                continue
            left_e4 = pieces_e4
            for lot_id, there_e4 in self.sheet.lots_at(product_id, place):
                if part_e4 := min(left_e4, there_e4):
                    parts.append(Part(product_id, lot_id, part_e4))
                    left_e4 -= part_e4
            if left_e4:
                raise InsufficientStock(sku=item.sku, asked_e4=pieces_e4, available_e4=pieces_e4 - left_e4)
        return parts

    def named(self, item: Item, quantity_e4: int, line: GoodsLine) -> list[Part]:
        """Return the pieces that a line names by lot or serials; raise SerialRequired where they are missing."""
        if item.product.tracking == "none":
            return [Part(item.id, 0, quantity_e4)]
        if item.product.tracking == "lot":
            if line.lot is None:
                raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=0)
            return [Part(item.id, self._lot(item.id, line.lot), quantity_e4)]
        codes = unique(item.sku, line.serials)
        if len(codes) * E4 != quantity_e4:
            raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(codes))
        return [Part(item.id, self._lot(item.id, code), E4) for code in codes]

    def _lot(self, product_id: int, code: str) -> int:
        """Return a lot by code; one that nobody knows lies nowhere yet."""
        key = (product_id, code)
        if key not in self.catalogue.lots:
            self.catalogue.lots[key] = -1 - len(self.fresh)
            self.fresh[self.catalogue.lots[key]] = key
        return self.catalogue.lots[key]

    def require(self, part: Part, place: int) -> None:
        """Refuse when the pieces are not there."""
        self.sheet.require(self.catalogue.sku(part.product_id), *part[:2], place, part.quantity_e4)

    def require_free(self, part: Part, place: int) -> None:
        """Refuse when the pieces are not there, or somebody waits for them."""
        self.require(part, place)
        self.sheet.require_free(self.catalogue.sku(part.product_id), part.product_id, place, part.quantity_e4)

    def take(self, part: Part, source: int, target: int, pool: Pool = NOWHERE) -> list[Move]:
        """Take pieces out of a sellable place at their issue cost."""
        self.require(part, source)
        grade = grade_of(source)
        taken = self.sheet.take_graded(*part, grade) if grade else self.sheet.take_new(*part)
        self._refuse_layers_to_come(part, taken)
        moves = [
            Move(
                product_id=part.product_id,
                lot_id=part.lot_id,
                quantity_e4=quantity_e4,
                source_id=source,
                target_id=target,
                source_pool=source_pool,
                target_pool=pool,
                source_value_cents=value,
                target_value_cents=value,
            )
            for source_pool, quantity_e4, value in taken
        ]
        self.sheet.apply(moves)
        return moves

    def _refuse_layers_to_come(self, part: Part, taken: Sequence[Taken]) -> None:
        """A fifo layer that this very batch makes has no name yet: its pieces can leave with the next command."""
        named_e4 = sum(each.quantity_e4 for each in taken if each.pool != NEW_LAYER)
        if named_e4 < part.quantity_e4:
            sku = self.catalogue.sku(part.product_id)
            raise InsufficientStock(sku=sku, asked_e4=part.quantity_e4, available_e4=named_e4)

    def bring(self, part: Part, value_cents: int, target: int, source: int = OUTSIDE, pool: Pool = NOWHERE) -> Move:
        """Bring pieces into a sellable place at a value; a serial number is one piece and comes in only once."""
        tracked = bool(part.lot_id)
        if source == OUTSIDE and self.catalogue.by_id[part.product_id].product.tracking == "serial":
            self._hold(part)
        move = Move(
            product_id=part.product_id,
            lot_id=part.lot_id,
            quantity_e4=part.quantity_e4,
            source_id=source,
            target_id=target,
            source_pool=pool,
            target_pool=sellable_pool(self.batch.company.cost_method, tracked, part.lot_id, grade_of(target)),
            source_value_cents=value_cents,
            target_value_cents=value_cents,
        )
        self.sheet.apply([move])
        return move

    def _hold(self, part: Part) -> None:
        if part.lot_id in self.held:
            code = next(code for (_, code), lot in self.catalogue.lots.items() if lot == part.lot_id)
            raise SerialInUse(sku=self.catalogue.sku(part.product_id), serial=code)
        self.held.add(part.lot_id)
        self.batch.journal.append(partial(self.held.discard, part.lot_id))

    def cost(self, part: Part, grade: str = "", stated_e6: int | None = None) -> int:
        """Value pieces that come in: as stated, else today's average, else the last delivery's; raise CostRequired."""
        if stated_e6 is not None:
            value = line_cents(part.quantity_e4, stated_e6, self.batch.digits)
        else:
            held_e4, worth = self._known_worth(part, grade)
            if not held_e4:
                raise CostRequired(sku=self.catalogue.sku(part.product_id))
            value = half_up(worth * part.quantity_e4, held_e4)
        if value > MAX_CENTS:
            raise InvalidAmount(field="unit_cost", amount=str(stated_e6))
        return value

    def _known_worth(self, part: Part, grade: str) -> tuple[int, int]:
        """Return a quantity and its value from which the cost of a piece follows; (0, 0) when nothing is known."""
        specific = self.batch.company.cost_method == "specific" and bool(part.lot_id)
        if grade:
            pool = sellable_pool(self.batch.company.cost_method, bool(part.lot_id), part.lot_id, grade)
            return self.sheet.held(part.product_id, pool)
        bought = self.bought.get(part.product_id, [])
        sources = [self.sheet.sellable_worth(part.product_id), _sum(bought)]
        if specific:
            own = self.sheet.held(part.product_id, Pool("lot", part.lot_id))
            sources = [own, self.bought_lots.get(part.lot_id, (0, 0)), *sources]
        return next((each for each in sources if each[0]), (0, 0))

    def named_lots(self, moves: Iterable[Move]) -> dict[int, int]:
        """Write down the lots that moves bring for the first time; return their ids by their numbers for the time being."""
        keys = {self.fresh[move.lot_id] for move in moves if move.lot_id < 0}
        made = register_lots(keys)
        return {number: made[key] for number, key in self.fresh.items() if key in made}


def settled(move: Move, lots: dict[int, int], line_id: int = 0) -> Move:
    """Return a move with the lot that was written down for it, and its line."""
    if move.lot_id in lots:
        lot_id = lots[move.lot_id]
        source, target = (
            (p.kind, lot_id if p.ref == move.lot_id else p.ref) for p in (move.source_pool, move.target_pool)
        )
        move = replace(move, lot_id=lot_id, source_pool=Pool(*source), target_pool=Pool(*target))
    return replace(move, line_id=line_id) if line_id else move


def _sum(rows: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    return sum(q for _, q, _ in rows), sum(v for _, _, v in rows)
