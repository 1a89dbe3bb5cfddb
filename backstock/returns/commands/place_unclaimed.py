"""Nobody claims the goods: after the agreed days they are kept at a stated cost, given away or thrown away; or sent back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.amounts import MAX_PRICE_E6, MAX_QUANTITY_E4, line_cents
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired, TransitionNotAllowed
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay
from backstock.returns.dock.errors import StillWaiting
from backstock.returns.dock.unclaimed import Happened, LoadedUnclaimed, load_unclaimed, mirror, note, unclaimed_of
from backstock.returns.models import DockRules, UnclaimedEvent, UnclaimedLine
from backstock.returns.postings import kept_moves, kept_transfer
from backstock.stock.errors import CostRequired
from backstock.stock.moves import Move
from backstock.stock.places import CUSTOMER, SCRAP
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.queries import moves_of_logs
from backstock.stock.sheet import Sheet


@typed(frozen=True, kw_only=True, config=STRICT)
class PlaceLine:
    """Where units of a line go, all that are here without a quantity; kept ones come in at `unit_cost_e6`."""

    line: Annotated[int, Field(gt=0)]
    quantity_e4: Annotated[int, Field(gt=0, le=MAX_QUANTITY_E4)] | None = None
    to: Literal["restock", "scrap", "donate", "send_back"]
    unit_cost_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class PlaceUnclaimed(Input):
    """What becomes of goods that nobody claims."""

    document: str
    lines: tuple[PlaceLine, ...]


@typed(frozen=True, kw_only=True, config=STRICT)
class UndoUnclaimed(Input):
    """Of which parcel without an owner the last step is taken back: where goods went, or that they were taken in."""

    document: str


@dataclass(slots=True)
class Plan:
    """A step over goods without an owner that was checked."""

    happened: list[Happened] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    transfers: list[Pay] = field(default_factory=list)


def _permission(wanted: PlaceUnclaimed) -> str:
    """Goods that become ours are valued by somebody: that is another right."""
    return (
        "returns.value_unclaimed" if any(line.to == "restock" for line in wanted.lines) else "returns.place_unclaimed"
    )


@command("returns.place_unclaimed", PlaceUnclaimed, permission=_permission)
def place_unclaimed(batch: Batch[PlaceUnclaimed]) -> None:
    """Dispose of goods that nobody claims."""
    parcels = load_unclaimed(item.input.document for item in batch.open)
    days = DockRules.objects.values_list("unclaimed_days", flat=True).first()
    for item in batch.open:
        with batch.attempt(item):
            parcel = unclaimed_of(parcels, item.input.document)
            item.plan = Plan()
            if not item.input.lines:
                raise QuantityRequired(document=parcel.row.number)
            for line in item.input.lines:
                _wait(item, line, parcel, 30 if days is None else days)
                _place(batch, item.plan, line, parcel)
            item.document, item.answer = parcel.row.number, {"document": parcel.row.number}
            item.emit("UnclaimedPlaced")
    batch.log()
    _post(batch)


def _wait(item: Item[PlaceUnclaimed], line: PlaceLine, parcel: LoadedUnclaimed, days: int) -> None:
    until = parcel.row.arrived_on + timedelta(days=days)
    if line.to != "send_back" and item.on < until:
        raise StillWaiting(document=parcel.row.number, until=until.isoformat())


def _place(batch: Batch[PlaceUnclaimed], plan: Plan, wanted: PlaceLine, parcel: LoadedUnclaimed) -> None:
    line, quantity_e4 = parcel.line(wanted.line, wanted.quantity_e4)
    batch.change(line, here_e4=-quantity_e4)
    value = 0
    if wanted.to == "restock":
        if wanted.unit_cost_e6 is None:
            raise CostRequired(sku=line.product.sku)
        value = line_cents(quantity_e4, wanted.unit_cost_e6, batch.digits)
        plan.moves += kept_moves(parcel.leaving(line, quantity_e4, SCRAP), value, batch.company.cost_method)
        plan.transfers.append(kept_transfer(value))
    else:
        plan.moves.append(parcel.leaving(line, quantity_e4, CUSTOMER if wanted.to == "send_back" else SCRAP))
    plan.happened.append(
        Happened(
            unclaimed_id=parcel.row.pk, line_id=line.pk, kind="placed", to=wanted.to, quantity_e4=quantity_e4,
            value_cents=value,
        )
    )  # fmt: skip


def _post(batch: Batch[PlaceUnclaimed] | Batch[UndoUnclaimed]) -> None:
    note((item, item.plan.happened) for item in batch.open)
    goods = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(UnclaimedLine)


@command("returns.undo_unclaimed", UndoUnclaimed)
def undo_unclaimed(batch: Batch[UndoUnclaimed]) -> None:
    """Take the last step back; a match is taken back where it stands, with the receipt of its return."""
    parcels = load_unclaimed(item.input.document for item in batch.open)
    found = UnclaimedEvent.objects.filter(unclaimed_id__in=[parcel.row.pk for parcel in parcels.values()])
    events = list(found.order_by("pk"))
    undone = {event.mirrors_log_id for event in events} - {0}
    standing = [event for event in events if not event.mirrors_log_id and event.log_id not in undone]
    logs = {event.log_id for event in standing}
    moves, transfers = moves_of_logs(logs), transfers_of_logs(logs)
    sheet = Sheet(batch.journal, batch.company.cost_method)
    back = [move.mirror(log_id) for log_id, each in moves.items() for move in each]
    sheet.lock_stock((move.product_id for move in back), (move.source_id for move in back))
    sheet.lock_pools_of(back)
    for item in batch.open:
        with batch.attempt(item):
            parcel = unclaimed_of(parcels, item.input.document)
            log_id = _last(parcel, standing)
            lines = {line.pk: line for line in parcel.lines}
            mine = [event for event in standing if event.log_id == log_id]
            for event in mine:
                batch.change(lines[event.line_id], here_e4=event.quantity_e4 * (-1 if event.kind == "took" else 1))
            standing = [event for event in standing if event.log_id != log_id]
            mirrored = [move.mirror(log_id) for move in reversed(moves[log_id])]
            _require(lines, mirrored, sheet)
            pays = [pay.mirror(log_id) for pay in transfers.get(log_id, [])]
            item.plan = Plan([mirror(event) for event in mine], mirrored, pays)
            item.document, item.answer = parcel.row.number, {"document": parcel.row.number}
            item.emit("UnclaimedUndone")
    batch.log()
    _post(batch)


def _last(parcel: LoadedUnclaimed, standing: list[UnclaimedEvent]) -> int:
    """Return the log row of the last step that stands; raise TransitionNotAllowed."""
    mine = [event for event in standing if event.unclaimed_id == parcel.row.pk]
    last = max((event.log_id for event in mine), default=0)
    kinds = {event.kind for event in mine if event.log_id == last}
    if not last or "matched" in kinds:
        current = "matched" if last else "undone"
        raise TransitionNotAllowed(document=parcel.row.number, current=current, wanted="undo")
    return last


def _require(lines: dict[int, UnclaimedLine], mirrored: list[Move], sheet: Sheet) -> None:
    """Refuse when the pieces that were kept are gone, or the customer's again."""
    skus = {line.product_id: line.product.sku for line in lines.values()}
    for move in mirrored:
        if move.source_pool.kind:
            sheet.require(skus[move.product_id], move.product_id, move.lot_id, move.source_id, move.quantity_e4)
            sheet.require_pool(skus[move.product_id], move)
        sheet.apply([move])
