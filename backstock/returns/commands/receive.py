"""Step 3: goods are counted at the dock, into quarantine, at the cost at which they left. Next is `inspect`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Catalogue
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.returns.costing import Returning
from backstock.returns.deciding.flowing import guard, start_clocks
from backstock.returns.dock.parcels import load_parcels, open_parcels, parcel_of
from backstock.returns.errors import AuthorizationExpired, QuantityExceedsAuthorized
from backstock.returns.lifecycle import Status, require
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import Parcel, ReturnPiece
from backstock.returns.postings import receipt_move, receipt_transfer
from backstock.returns.recording import Event, record
from backstock.returns.stepping import Part, need_lines, pick
from backstock.sales.models import SalePiece
from backstock.stock.moves import Move
from backstock.stock.places import place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.warehouse.queries import Warehouses, load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class ReceiveLine(GoodsLine):
    """What lay in the parcel, and how: damaged goods count as received, all that is not there or not expected does not.

    `missing` is given up for lost, `empty` too (the parcel held nothing), `short` may still come; what is `over` or a
    `wrong_item` lies at the dock and is nobody's stock: see `findings`.
    """

    found: Literal["received", "damaged", "missing", "wrong_item", "over", "short", "empty"] = "received"


@typed(frozen=True, kw_only=True, config=STRICT)
class ReceiveReturn(Input):
    """A receipt for an authorised return; without a warehouse goods go back to where they left."""

    document: str
    warehouse: str | None = None
    # The parcel it lay in, by its number or tracking number.
    parcel: Code | None = None
    lines: tuple[ReceiveLine, ...]


@dataclass(slots=True)
class Plan:
    """A receipt that was checked."""

    rma: LoadedReturn
    events: list[Event] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    parcel: Parcel | None = None

    @property
    def value_cents(self) -> int:
        """What the goods of the receipt are worth."""
        return sum(move.target_value_cents for move in self.moves)


@command("returns.receive", ReceiveReturn)
def receive_return(batch: Batch[ReceiveReturn]) -> None:
    """Book delivered goods from the customer into quarantine."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), lines)
    goods = Returning(batch, returns.values())
    warehouses = _warehouses(batch, returns.values())
    parcels = load_parcels(item.input.parcel or "" for item in batch.open)
    eyes = guard(batch, "receive", returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            check_open(item.on, rma)
            need_lines(rma, item.input.lines)
            eyes.check(rma.row)
            item.plan = Plan(rma, parcel=parcel_of(parcels, item.input.parcel) if item.input.parcel else None)
            for line in item.input.lines:
                plan_line(batch, item.plan, item.input.warehouse, line, catalogue, goods, warehouses)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("GoodsReceived")
            if any(line.row.replaced_e4 for line in rma.lines):
                item.emit("OldGoodsCame")
    batch.log()
    record(
        (item, item.plan.rma.row.pk, start_clocks(batch, item, item.plan.rma, "receive", item.plan.events))
        for item in batch.open
    )
    post_stock(
        [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open], recorded_at=batch.recorded_at
    )
    post_money(
        [
            MoneyEntry(i.log_id, i.on, i.document, [receipt_transfer(i.plan.value_cents, i.plan.rma.row.customer_id)])
            for i in batch.open
        ],
        base_currency=batch.company.currency,
        recorded_at=batch.recorded_at,
    )
    batch.write_changes(ReturnPiece, SalePiece)
    open_parcels((i.plan.parcel, i.plan.rma.row.pk, i.on) for i in batch.open if i.plan.parcel)


def _warehouses(batch: Batch[ReceiveReturn], returns: Iterable[LoadedReturn]) -> Warehouses:
    """Read warehouses only where one is named or a blind return needs the first one."""
    named = {item.input.warehouse for item in batch.open}
    blind = any(not piece.sale_piece_id for rma in returns for piece in rma.pieces)
    return load_warehouses(named) if blind or named != {None} else Warehouses({})


def check_open(on: date, rma: LoadedReturn) -> None:
    """Refuse goods for a return that is not approved, or of which the authorisation has lapsed."""
    require(rma.row, Status.APPROVED, "received")
    lapses_on = rma.row.lapses_on
    if lapses_on is not None and on > lapses_on:
        raise AuthorizationExpired(document=rma.row.number, lapsed_on=lapses_on.isoformat())


def plan_line(
    batch: Batch[Any], plan: Plan, warehouse: str | None, line: ReceiveLine, catalogue: Catalogue, goods: Returning,
    warehouses: Warehouses,
) -> None:  # fmt: skip
    """Decide one line of a receipt."""
    if line.found in ("wrong_item", "over"):
        _find(plan, line, catalogue)
    elif line.found == "short":
        pick(plan.rma, catalogue, line, _may_arrive, _excess)
        _find(plan, line, catalogue)
    elif line.found in ("missing", "empty"):
        for part in pick(plan.rma, catalogue, line, _may_be_missing, _excess):
            batch.change(part.piece, missing_e4=part.quantity_e4)
            plan.events.append(
                Event(piece_id=part.piece.pk, kind="receive", verdict="missing", quantity_e4=part.quantity_e4)
            )
        if line.found == "empty":
            _find(plan, line, catalogue)
    else:
        for part in pick(plan.rma, catalogue, line, _may_arrive, _excess, serials_needed=True):
            home = goods.home_warehouse(part.piece) if warehouse is None else 0
            _arrive(batch, plan, part, line.found, goods, home or warehouses.id(warehouse))


def _find(plan: Plan, line: ReceiveLine, catalogue: Catalogue) -> None:
    """Write down what belongs to no piece of the return; no counter and no ledger moves."""
    found = catalogue.item(line.sku)
    quantity_e4 = catalogue.base_quantity(found, line.quantity_e4, line.unit)
    plan.events.append(
        Event(piece_id=0, kind="receive", verdict=line.found, quantity_e4=quantity_e4, found_product_id=found.id)
    )


def _may_arrive(piece: ReturnPiece) -> int:
    return piece.to_receive_e4


def _may_be_missing(piece: ReturnPiece) -> int:
    return piece.to_receive_e4 - piece.missing_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsAuthorized:
    return QuantityExceedsAuthorized(sku=sku, asked_e4=asked_e4, authorized_e4=room_e4)


def _arrive(batch: Batch[Any], plan: Plan, part: Part, verdict: str, goods: Returning, warehouse_id: int) -> None:
    value = goods.take_back(part.line, part.piece, part.quantity_e4)
    piece, quantity_e4 = part.piece, part.quantity_e4
    # What was declared missing and arrives after all is missing no longer.
    found_again = min(piece.missing_e4, max(0, quantity_e4 - (piece.to_receive_e4 - piece.missing_e4)))
    accepted = quantity_e4 if part.line.terms.inspection == "none" else 0
    batch.change(piece, received_e4=quantity_e4, accepted_e4=accepted, missing_e4=-found_again)
    move = receipt_move(piece.product_id, piece.lot_id, quantity_e4, warehouse_id, part.line.row.pk, value)
    plan.moves.append(move)
    goods.sheet.apply([move])
    plan.events.append(
        Event(
            piece_id=piece.pk,
            kind="receive",
            verdict=verdict,
            quantity_e4=quantity_e4,
            place_id=place_id("quarantine", warehouse_id),
            value_cents=value,
        )
    )
