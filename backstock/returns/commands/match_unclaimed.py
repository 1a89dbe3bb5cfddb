"""Goods without an owner turn out to be those of a return: they become its receipt, at the cost at which they left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, lot_codes
from backstock.core.amounts import MAX_QUANTITY_E4
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import QuantityRequired
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.returns.commands.receive import Plan as Receipt
from backstock.returns.commands.receive import ReceiveLine, check_open, plan_line
from backstock.returns.costing import Returning
from backstock.returns.deciding.flowing import guard, start_clocks
from backstock.returns.dock.unclaimed import Happened, LoadedUnclaimed, load_unclaimed, note, unclaimed_of
from backstock.returns.loading import catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece, UnclaimedLine
from backstock.returns.postings import receipt_transfer
from backstock.returns.recording import record
from backstock.sales.models import SalePiece
from backstock.stock.places import CUSTOMER
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.warehouse.queries import Warehouses, load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class MatchLine:
    """Units of a line, all that are here without a quantity; lot or serials where we never saw those on the goods."""

    line: Annotated[int, Field(gt=0)]
    quantity_e4: Annotated[int, Field(gt=0, le=MAX_QUANTITY_E4)] | None = None
    lot: Code | None = None
    serials: tuple[Code, ...] = ()
    found: Literal["received", "damaged"] = "received"


@typed(frozen=True, kw_only=True, config=STRICT)
class MatchUnclaimed(Input):
    """Which goods without an owner are which return's; without lines everything that is here."""

    document: str
    rma: str
    lines: tuple[MatchLine, ...] = ()


@dataclass(slots=True)
class Plan:
    """A match that was checked: the goods leave as nobody's and come as the return's."""

    receipt: Receipt
    happened: list[Happened] = field(default_factory=list)


@command("returns.match_unclaimed", MatchUnclaimed)
def match_unclaimed(batch: Batch[MatchUnclaimed]) -> None:
    """Receive goods without an owner for the return that they belong to."""
    returns = load_returns(item.input.rma for item in batch.open)
    parcels = load_unclaimed(item.input.document for item in batch.open)
    codes = lot_codes(line.lot_id for parcel in parcels.values() for line in parcel.lines)
    named: list[tuple[str, str | None, str | None, tuple[str, ...]]] = [
        (line.product.sku, None, line.seen_code or None, ()) for p in parcels.values() for line in p.lines
    ]
    named += [
        (line.product.sku, None, None, _serials(item, line)) for item in batch.open for line in _lines(item, parcels)
    ]
    catalogue = catalogue_of(returns.values(), named)
    goods, eyes = Returning(batch, returns.values()), guard(batch, "receive", returns.values())
    places = load_warehouses([None])
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.rma)
            parcel = unclaimed_of(parcels, item.input.document)
            check_open(item.on, rma)
            eyes.check(rma.row)
            item.plan = Plan(Receipt(rma))
            for wanted in item.input.lines or [MatchLine(line=line.position) for line in parcel.lines if line.here_e4]:
                _match(batch, item, wanted, parcel, catalogue, goods, places, codes)
            if not item.plan.happened:
                raise QuantityRequired(document=item.input.document)
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "unclaimed": parcel.row.number}
            item.emit("GoodsReceived", unclaimed=parcel.row.number)
    batch.log()
    _post(batch)


def _lines(item: Item[MatchUnclaimed], parcels: dict[str, LoadedUnclaimed]) -> Iterable[UnclaimedLine]:
    return parcels[item.input.document].lines if item.input.document in parcels else ()


def _serials(item: Item[MatchUnclaimed], line: UnclaimedLine) -> tuple[str, ...]:
    """Return the lots and serial numbers that somebody names for a line."""
    mine = [each for each in item.input.lines if each.line == line.position]
    return tuple(code for each in mine for code in (*each.serials, *((each.lot,) if each.lot else ())))


def _match(
    batch: Batch[MatchUnclaimed], item: Item[MatchUnclaimed], wanted: MatchLine, parcel: LoadedUnclaimed,
    catalogue: Catalogue, goods: Returning, places: Warehouses, codes: dict[int, str],
) -> None:  # fmt: skip
    plan: Plan = item.plan
    line, quantity_e4 = parcel.line(wanted.line, wanted.quantity_e4)
    batch.change(line, here_e4=-quantity_e4)
    leaving = parcel.leaving(line, quantity_e4, CUSTOMER)
    goods.sheet.apply([leaving])
    plan.receipt.moves.append(leaving)
    code = codes.get(line.lot_id) or wanted.lot
    by_serial = line.product.tracking == "serial"
    serials = ((code,) if code else wanted.serials) if by_serial else ()
    lot = code if line.product.tracking == "lot" else None
    arriving = ReceiveLine(
        sku=line.product.sku, quantity_e4=quantity_e4, lot=lot, serials=serials, found=wanted.found
    )  # fmt: skip
    warehouse = next(each for each, pk in places.ids.items() if pk == parcel.row.warehouse_id)
    plan_line(batch, plan.receipt, warehouse, arriving, catalogue, goods, places)
    plan.happened.append(
        Happened(
            unclaimed_id=parcel.row.pk, line_id=line.pk, kind="matched", quantity_e4=quantity_e4,
            rma_id=plan.receipt.rma.row.pk,
        )
    )  # fmt: skip


def _post(batch: Batch[MatchUnclaimed]) -> None:
    receipts = [(item, item.plan.receipt) for item in batch.open]
    record(
        (item, receipt.rma.row.pk, start_clocks(batch, item, receipt.rma, "receive", receipt.events))
        for item, receipt in receipts
    )
    note((item, item.plan.happened) for item in batch.open)
    post_stock(
        [StockEntry(item.log_id, item.on, item.document, receipt.moves) for item, receipt in receipts],
        recorded_at=batch.recorded_at,
    )
    money = [
        MoneyEntry(i.log_id, i.on, i.document, [receipt_transfer(receipt.value_cents, receipt.rma.row.customer_id)])
        for i, receipt in receipts
    ]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(ReturnPiece, SalePiece, UnclaimedLine)
