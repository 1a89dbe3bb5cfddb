"""Step 5: what happens to each piece: restock, discount, repair, vendor, scrap, donate, send back. Both ledgers move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Final, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.core.amounts import MAX_CENTS, spread
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.partners.queries import known, partner_ids
from backstock.purchases.queries import last_suppliers
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.after.sending import Sending, freight_of, write_sent
from backstock.returns.after.swapping import require_ours
from backstock.returns.costing import Returning
from backstock.returns.deciding.flowing import guard, start_clocks
from backstock.returns.errors import QuantityExceedsInspected, SupplierRequired, ValueExceedsCost
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece
from backstock.returns.postings import disposal_transfers, target_of
from backstock.returns.quality.blocks import ON_THE_SHELF
from backstock.returns.quality.limits import load_limits, record_proofs
from backstock.returns.recording import Event, Whereabouts, record, whereabouts
from backstock.returns.stepping import Part, Room, need_lines, pick
from backstock.sales.models import SalePiece
from backstock.stock.blocks import blocked
from backstock.stock.moves import Move, Pool
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.queries import own_values
from backstock.stock.sheet import Sheet
from backstock.stock.valuation import own_cost_issue

# Where goods go and something is to follow: the counter of those of which it has not.
WAITING: Final = {"return_to_vendor": "at_vendor_e4", "repair": "in_repair_e4"}
To = Literal["restock", "restock_discounted", "repair", "return_to_vendor", "scrap", "donate", "send_back"]


@typed(frozen=True, kw_only=True, config=STRICT)
class DisposeLine(GoodsLine):
    """Where units go. `value_cents`, of the line: a discount writes down to it. `supplier`: who takes them, if not the last.

    `ground`: why the law allows it after all (a code of `returns.quality.blocks`); `witness`: the colleague who saw it.
    """

    to: To
    value_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] | None = None
    supplier: Code | None = None
    ground: Annotated[str, Field(max_length=30)] = ""
    witness: Code | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class DisposeReturn(Input):
    """The disposition of inspected goods; one line may split over several."""

    document: str
    lines: tuple[DisposeLine, ...]
    # For what goes back to the customer.
    sending: Sending | None = None


@dataclass(slots=True)
class Plan:
    """A disposition that was checked."""

    rma: LoadedReturn
    events: list[Event] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    transfers: list[Pay] = field(default_factory=list)


@dataclass(slots=True)
class Shelf:
    """What deciding a disposition looks at, shared by the items of a batch."""

    sheet: Sheet
    where: Whereabouts
    goods: Returning | None
    # Who delivered a product last, and partners by code.
    suppliers: dict[int, int]
    named: dict[str, int]
    # (return line, product, lot) → quantity and value of what is in quarantine, of lots and serials only.
    own: dict[tuple[int, int, int], tuple[int, int]]

    def take_own(self, batch: Batch[DisposeReturn], part: Part, quantity_e4: int) -> int:
        """Value units that leave quarantine: a lot or serial at the cost with which it came, others at their line's."""
        key = (part.line.row.pk, part.piece.product_id, part.piece.lot_id)
        if not part.piece.lot_id:
            return self.sheet.take_own(key[1], Pool("quarantine", key[0]), quantity_e4)
        before = self.own[key]
        value = own_cost_issue(quantity_e4, *before)
        self.own[key] = (before[0] - quantity_e4, before[1] - value)
        batch.journal.append(partial(self.own.__setitem__, key, before))
        return value


@command("returns.dispose", DisposeReturn)
def dispose_return(batch: Batch[DisposeReturn]) -> None:
    """Dispose of inspected goods."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), lines)
    shelf, limits = (
        _shelf(batch, returns.values()),
        load_limits(batch, returns.values(), [line for item in batch.open for line in item.input.lines]),
    )
    eyes = guard(batch, "dispose", returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            need_lines(rma, item.input.lines)
            eyes.check(rma.row)
            item.plan = Plan(rma)
            for line in item.input.lines:
                parts = pick(rma, catalogue, line, _room(line.to), _excess)
                limits.check(rma.row.number, item.on, line, parts, shelf.where.grades)
                _dispose(batch, item, line, parts, shelf)
            goes_back = any(line.to == "send_back" for line in item.input.lines)
            item.plan.transfers += freight_of(item.input.sending, goes_back, rma.row.customer_id)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("GoodsDisposed")
    batch.log()
    record(
        (item, item.plan.rma.row.pk, start_clocks(batch, item, item.plan.rma, "dispose", item.plan.events))
        for item in batch.open
    )
    record_proofs(limits, ((item, item.plan.rma, item.input.lines) for item in batch.open))
    goods = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_sent(batch, [(item, item.plan.rma, item.input.sending) for item in batch.open])
    batch.write_changes(ReturnPiece, SalePiece)
    keep_reserved(returns.values())


def _shelf(batch: Batch[DisposeReturn], returns: Iterable[LoadedReturn]) -> Shelf:
    returns = list(returns)
    wanted = {line.to for item in batch.open for line in item.input.lines}
    goods = Returning(batch, returns) if "send_back" in wanted else None
    sheet = Sheet(batch.journal, batch.company.cost_method)
    sheet.lock_line_pools(["quarantine"], (line.row.pk for rma in returns for line in rma.lines))
    if wanted & ON_THE_SHELF:
        sheet.blocked |= blocked(piece.lot_id for rma in returns for piece in rma.pieces).keys()
    suppliers = last_suppliers(p.product_id for r in returns for p in r.pieces) if "return_to_vendor" in wanted else {}
    codes = {line.supplier for item in batch.open for line in item.input.lines if line.supplier}
    named = partner_ids(codes) if codes else {}
    own = own_values("quarantine", (r.row.number for r in returns if any(p.lot_id for p in r.pieces)))
    return Shelf(sheet, whereabouts(rma.row.pk for rma in returns), goods, suppliers, named, own)


def _supplier(line: DisposeLine, part: Part, shelf: Shelf) -> int:
    """Return whom the claim for pieces that go back is against, 0 where they go elsewhere."""
    if line.to != "return_to_vendor":
        return 0
    if line.supplier:
        return known(shelf.named, line.supplier)
    if part.piece.product_id not in shelf.suppliers:
        raise SupplierRequired(sku=part.piece.product.sku)
    return shelf.suppliers[part.piece.product_id]


def _room(to: str) -> Room:
    """Rejected pieces are the customer's: they never go on our shelves, but back, to the vendor or away."""
    if to in ("restock", "restock_discounted", "repair"):
        return lambda piece: piece.accepted_left_e4
    return lambda piece: piece.to_dispose_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsInspected:
    return QuantityExceedsInspected(sku=sku, asked_e4=asked_e4, inspected_e4=room_e4)


def _dispose(
    batch: Batch[DisposeReturn], item: Item[DisposeReturn], line: DisposeLine, parts: list[Part], shelf: Shelf
) -> None:
    plan: Plan = item.plan
    fresh: list[tuple[Part, Move]] = []
    for part in parts:
        if line.to in ON_THE_SHELF:
            shelf.sheet.refuse_blocked(line.sku, part.piece.lot_id)
        _count(batch, part, line.to)
        if line.to == "send_back" and part.piece.accepted_sent_back_e4:
            require_ours(plan.rma, part.line)
        for place, quantity_e4 in shelf.where.take(part.piece.pk, part.quantity_e4):
            move = _move(batch, part, line.to, place, quantity_e4, shelf)
            shelf.sheet.apply([move])
            fresh.append((part, move))
    fresh = _written_down(line, fresh, batch.digits)
    for part, move in fresh:
        supplier_id = _supplier(line, part, shelf)
        if line.to == "send_back" and shelf.goods is not None:
            shelf.goods.give_back(part.piece, move.quantity_e4, move.source_value_cents)
        plan.moves.append(move)
        plan.events.append(
            Event(
                piece_id=part.piece.pk,
                kind="dispose",
                verdict=line.to,
                quantity_e4=move.quantity_e4,
                place_id=move.source_id,
                value_cents=move.target_value_cents,
                supplier_id=supplier_id,
            )
        )
        lost = move.source_value_cents - move.target_value_cents
        plan.transfers += disposal_transfers(
            line.to, move.source_value_cents, lost, supplier_id or plan.rma.row.customer_id
        )


def _count(batch: Batch[DisposeReturn], part: Part, to: str) -> None:
    """Bring the counters along: what is sent back are the rejected pieces first, all else takes accepted ones first."""
    piece, quantity_e4 = part.piece, part.quantity_e4
    if to == "send_back":
        rejected = min(quantity_e4, piece.rejected_left_e4)
        batch.change(
            piece,
            disposed_e4=quantity_e4,
            rejected_disposed_e4=rejected,
            sent_back_e4=quantity_e4,
            accepted_sent_back_e4=quantity_e4 - rejected,
        )
    else:
        rejected = max(0, quantity_e4 - piece.accepted_left_e4)
        more = {WAITING[to]: quantity_e4} if to in WAITING else {}
        batch.change(piece, disposed_e4=quantity_e4, rejected_disposed_e4=rejected, **more)


def _move(batch: Batch[DisposeReturn], part: Part, to: str, place: int, quantity_e4: int, shelf: Shelf) -> Move:
    piece, line_id = part.piece, part.line.row.pk
    source_pool = Pool("quarantine", line_id)
    value = shelf.take_own(batch, part, quantity_e4)
    grade = shelf.where.grades.get(piece.pk, "B")
    target, pool = target_of(to, place, line_id, piece.lot_id, bool(piece.lot_id), batch.company.cost_method, grade)
    return Move(
        product_id=piece.product_id,
        lot_id=piece.lot_id,
        quantity_e4=quantity_e4,
        source_id=place,
        target_id=target,
        source_pool=source_pool,
        target_pool=pool,
        source_value_cents=value,
        target_value_cents=value,
        line_id=line_id,
    )


def _written_down(line: DisposeLine, fresh: list[tuple[Part, Move]], digits: int) -> list[tuple[Part, Move]]:
    """Write the line's pieces down to the value stated for them, shared by their cost."""
    if line.to != "restock_discounted" or line.value_cents is None:
        return fresh
    costs = [move.source_value_cents for _, move in fresh]
    if line.value_cents > sum(costs):
        raise ValueExceedsCost(sku=line.sku, value_cents=line.value_cents, cost_cents=sum(costs), digits=digits)
    return [
        (part, move.worth(value)) for (part, move), value in zip(fresh, spread(line.value_cents, costs), strict=True)
    ]
