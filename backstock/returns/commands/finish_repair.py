"""After `dispose` to repair: the piece is mended or not, and goes to the shelf, back to the customer, or away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.core import rows
from backstock.core.amounts import MAX_CENTS, line_cents, spread, tax_inside
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.owing.debts import Debt, write_debts
from backstock.partners.queries import known, partner_ids
from backstock.returns.after.errors import QuantityExceedsRepair
from backstock.returns.after.repairing import Workshop
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.after.sending import Sending, freight_of, write_sent
from backstock.returns.after.swapping import require_ours
from backstock.returns.costing import Returning
from backstock.returns.errors import AlreadyRefunded
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import Repair, ReturnPiece
from backstock.returns.postings import repair_move, repair_transfers
from backstock.returns.quality.limits import Leaving, load_limits, record_proofs
from backstock.returns.recording import Event, record
from backstock.returns.stepping import Part, need_lines, pick
from backstock.sales.models import SalePiece
from backstock.stock.blocks import blocked
from backstock.stock.moves import Move
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.sheet import Sheet


@typed(frozen=True, kw_only=True, config=STRICT)
class FinishRepair(Input):
    """Which goods are ready, where they go, and what the repair cost: paid in cash, or owed to the supplier who did it.

    `parts` come off the shelf of the warehouse where the goods are, at cost; it is part of what the repair cost.
    """

    PERSONAL: ClassVar = frozenset({"note"})

    document: str
    lines: tuple[GoodsLine, ...]
    to: Literal["restock", "send_back", "scrap"]
    cost_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0
    repairer: Code | None = None
    note: Annotated[str, Field(max_length=200)] = ""
    parts: tuple[GoodsLine, ...] = ()
    # For what is scrapped: why the law allows it, and who saw it.
    ground: Annotated[str, Field(max_length=30)] = ""
    witness: Code | None = None
    # For what goes back to the customer.
    sending: Sending | None = None

    @property
    def leaving(self) -> list[Leaving]:
        """The goods as the limits of dispositions see them."""
        return [Leaving(line.sku, self.to, self.ground, self.witness) for line in self.lines]


# What was mended is as it was: no grade holds it back.
MENDED: dict[int, str] = {}


@dataclass(slots=True)
class Plan:
    """A finished repair that was checked."""

    rma: LoadedReturn
    repairer_id: int
    events: list[Event] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    transfers: list[Pay] = field(default_factory=list)
    added_cents: int = 0
    parts_cents: int = 0


@dataclass(slots=True)
class Piece:
    """Units that leave repair from one place, what they are worth, and the most that they can fetch."""

    part: Part
    place: int
    quantity_e4: int
    value_cents: int
    fetches_cents: int


@command("returns.finish_repair", FinishRepair)
def finish_repair(batch: Batch[FinishRepair]) -> None:
    """Take goods out of repair: onto the shelf, back to the customer, or away."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for i in batch.open for a in (*i.input.lines, *i.input.parts)]
    catalogue = catalogue_of(returns.values(), lines)
    goods = Returning(batch, returns.values())
    workshop = Workshop(returns.values(), goods.sheet, batch.journal)
    workshop.lock_parts(catalogue, (part.sku for item in batch.open for part in item.input.parts))
    codes = {item.input.repairer for item in batch.open if item.input.repairer}
    named = partner_ids(codes) if codes else {}
    goods.sheet.blocked |= _blocked(batch, returns.values())
    limits = load_limits(batch, returns.values(), [line for item in batch.open for line in item.input.leaving])
    for item in batch.open:
        with batch.attempt(item):
            rma, wanted = return_of(returns, item.input.document), item.input
            need_lines(rma, wanted.lines)
            plan = item.plan = Plan(rma, known(named, wanted.repairer) if wanted.repairer else 0)
            pieces: list[Piece] = []
            for line, leaving in zip(wanted.lines, wanted.leaving, strict=True):
                parts = pick(rma, catalogue, line, _in_repair, _excess)
                limits.check(rma.row.number, item.on, leaving, parts, MENDED)
                pieces += [each for part in parts for each in _take(batch, wanted, rma, part, workshop, goods)]
            plan.moves += workshop.use(catalogue, wanted.parts, pieces[0].place, pieces[0].part.line.row.pk)
            plan.parts_cents = sum(move.source_value_cents for move in plan.moves)
            _place(batch, wanted, plan, pieces, goods.sheet)
            plan.transfers += freight_of(wanted.sending, wanted.to == "send_back", rma.row.customer_id)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("RepairFinished", to=wanted.to, cost_cents=wanted.cost_cents)
    batch.log()
    record((item, item.plan.rma.row.pk, item.plan.events) for item in batch.open)
    moved = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(moved, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    _write_repairs(batch)
    write_sent(batch, [(item, item.plan.rma, item.input.sending) for item in batch.open])
    record_proofs(limits, ((item, item.plan.rma, item.input.leaving) for item in batch.open))
    batch.write_changes(ReturnPiece, SalePiece)
    keep_reserved(returns.values())


def _write_repairs(batch: Batch[FinishRepair]) -> None:
    """Write what was done, and what a repairer is owed for it."""
    owed = [item for item in batch.open if item.plan.repairer_id and item.input.cost_cents]
    debts = [(item, Debt(item.plan.repairer_id, item.document, item.input.cost_cents)) for item in owed]
    ids = {item.index: pk for item, pk in zip(owed, write_debts(batch, debts), strict=True)}
    fields = (
        "rma_id", "log_id", "outcome", "labour_cents", "parts_cents", "added_cents", "repairer_id", "debt_id", "note",
        "finished_on", "undone_log_id",
    )  # fmt: skip
    done = [
        (
            i.plan.rma.row.pk, i.log_id, i.input.to, i.input.cost_cents, i.plan.parts_cents,
            i.plan.added_cents, i.plan.repairer_id,
            ids.get(i.index, 0), i.input.note, i.on, 0,
        )
        for i in batch.open
    ]  # fmt: skip
    rows.insert(Repair, fields, done)


def _blocked(batch: Batch[FinishRepair], returns: Iterable[LoadedReturn]) -> set[int]:
    """Return the lots that may not go on the shelf, where something should."""
    shelved = any(item.input.to == "restock" for item in batch.open)
    return set(blocked(piece.lot_id for rma in returns for piece in rma.pieces)) if shelved else set()


def _in_repair(piece: ReturnPiece) -> int:
    return piece.in_repair_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsRepair:
    return QuantityExceedsRepair(sku=sku, asked_e4=asked_e4, repair_e4=room_e4)


def _take(
    batch: Batch[FinishRepair], wanted: FinishRepair, rma: LoadedReturn, part: Part, workshop: Workshop, goods: Returning
) -> list[Piece]:  # fmt: skip
    """Take units out of repair and count them; what goes back to the customer brings no money and may be asked back."""
    piece, quantity_e4 = part.piece, part.quantity_e4
    batch.change(piece, in_repair_e4=-quantity_e4)
    if wanted.to == "restock":
        goods.sheet.refuse_blocked(piece.product.sku, piece.lot_id)
    taken = [
        Piece(part, place, units_e4, value, _fetches(batch, piece, units_e4))
        for place, units_e4, value in workshop.take(part)
    ]
    if wanted.to == "send_back":
        batch.change(piece, sent_back_e4=quantity_e4, accepted_sent_back_e4=quantity_e4)
        require_ours(rma, part.line)
        if part.line.row.refunded_e4 > part.line.counted(lambda p: p.received_e4 - p.accepted_sent_back_e4):
            raise AlreadyRefunded(document=rma.row.number, step="send back")
        goods.give_back(piece, quantity_e4, sum(each.value_cents for each in taken))
    return taken


def _fetches(batch: Batch[FinishRepair], piece: ReturnPiece, quantity_e4: int) -> int:
    """Return what units can fetch: the list price without its tax."""
    price = line_cents(quantity_e4, piece.product.price_e6, batch.digits)
    return price - tax_inside(price, piece.product.tax_rate_e6) if batch.company.tax_mode == "inclusive" else price


def _place(
    batch: Batch[FinishRepair], wanted: FinishRepair, plan: Plan, pieces: list[Piece], sheet: Sheet
) -> None:  # fmt: skip
    """Move the pieces; on the shelf they carry what their repair cost, up to what they can fetch."""
    shares = [each.quantity_e4 for each in pieces]
    costs = zip(pieces, spread(wanted.cost_cents, shares), spread(plan.parts_cents, shares), strict=True)
    for each, cost, of_parts in costs:
        added = 0
        if wanted.to == "restock":
            added = max(0, min(cost + of_parts, each.fetches_cents - each.value_cents))
        piece, line_id = each.part.piece, each.part.line.row.pk
        move = repair_move(
            piece.product_id, piece.lot_id, each.quantity_e4, line_id, each.place, wanted.to, each.value_cents, added,
            batch.company.cost_method,
        )  # fmt: skip
        sheet.apply([move])
        plan.moves.append(move)
        plan.added_cents += added
        plan.events.append(
            Event(
                piece_id=piece.pk, kind="finish_repair", verdict=wanted.to, quantity_e4=each.quantity_e4,
                place_id=each.place, value_cents=each.value_cents,
            )
        )  # fmt: skip
        plan.transfers += repair_transfers(
            wanted.to, each.value_cents, cost, of_parts, added, plan.rma.row.customer_id, plan.repairer_id
        )  # fmt: skip
