"""Take goods of suppliers onto the shelf: shared by a delivery of its own and by one against an order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import SerialInUse, SerialRequired
from backstock.catalog.lines import GoodsLine
from backstock.catalog.lots import Origin, register_lots
from backstock.catalog.queries import Catalogue, Item, load_catalogue, load_lots, unique
from backstock.core import rows
from backstock.core.amounts import E4, MAX_CENTS
from backstock.core.commands import STRICT, Batch
from backstock.core.commands import Item as BatchItem
from backstock.core.errors import InvalidAmount, InvalidInput
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.purchases.models import PurchaseLine, PurchaseReceipt
from backstock.purchases.postings import receipt_move, receipt_transfers
from backstock.stock.moves import Move
from backstock.stock.places import place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.sheet import Sheet
from backstock.stock.valuation import sellable_pool

RECEIPT_FIELDS = (
    "supplier_id", "warehouse_id", "received_on", "reference", "order_id", "opening", "due_on", "gross_cents",
    "owed_cents", "returned_cents", "undone_log_id",
)  # fmt: skip
LINE_FIELDS = (
    "receipt", "position", "product_id", "order_line_id", "lot_code", "quantity_e4", "unit", "unit_cost_e6",
    "value_cents", "tax_cents", "invoiced_e4", "invoiced_net_cents",
    "invoiced_tax_cents", "net_difference_cents", "tax_difference_cents", "sent_back_e4",
    "sent_back_net_cents", "sent_back_tax_cents",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class ArrivingLine(GoodsLine):
    """Goods at the door. Without `expires_on` the product's shelf life counts from the day on which they were made."""

    made_on: date | None = None
    expires_on: date | None = None


@dataclass(slots=True)
class LinePlan:
    """A line in base units, with its value and the lots it brings."""

    product_id: int
    quantity_e4: int
    unit: str
    unit_cost_e6: int
    value_cents: int
    tax_cents: int
    made_on: date | None
    expires_on: date | None
    # (lot code, quantity); no code for untracked goods.
    parts: list[tuple[str, int]]
    lot_code: str = ""
    order_line_id: int = 0

    def valued(self) -> Iterator[tuple[str, int, int]]:
        """Share the value over the pieces: (lot code, quantity, value), alike for each, the last takes the rest."""
        each = self.value_cents // len(self.parts)
        for code, quantity_e4 in self.parts[:-1]:
            yield code, quantity_e4, each
        code, quantity_e4 = self.parts[-1]
        yield code, quantity_e4, self.value_cents - each * (len(self.parts) - 1)


@dataclass(slots=True)
class ReceiptPlan:
    """A receipt that was checked and is ready to be written."""

    supplier_id: int
    payment_days: int
    warehouse_id: int
    reference: str
    lines: list[LinePlan] = field(default_factory=list)
    order_id: int = 0
    opening: bool = False

    @property
    def net_cents(self) -> int:
        """What goes into stock."""
        return sum(line.value_cents for line in self.lines)

    @property
    def tax_cents(self) -> int:
        """The tax on it."""
        return sum(line.tax_cents for line in self.lines)

    @property
    def gross_cents(self) -> int:
        """What will be owed; nothing for an opening stock."""
        return 0 if self.opening else self.net_cents + self.tax_cents


@dataclass(slots=True)
class Serials:
    """The serial numbers named that are ours already, and the lots of those that a supplier gives back, repaired."""

    ours: set[tuple[int, str]]
    coming_back: frozenset[int] = frozenset()


def load_arriving(
    batch: Batch[Any], lines: Iterable[ArrivingLine], ids: Iterable[int] = ()
) -> tuple[Catalogue, Serials]:
    """Read the products of lines, and lock where the serial numbers named are that we know."""
    lines = list(lines)
    catalogue = load_catalogue((line.sku for line in lines), ids)
    serials = [(line.sku, code) for line in lines for code in line.serials]
    load_lots(catalogue, [(catalogue.by_sku[sku].id, code) for sku, code in serials if sku in catalogue.by_sku])
    known = dict(catalogue.lots)
    if not known:
        return catalogue, Serials(set())
    sheet = Sheet(batch.journal, batch.company.cost_method)
    sheet.lock_pieces((product_id for product_id, _ in known), known.values())
    away = {key for key, lot_id in known.items() if sheet.with_supplier(key[0], lot_id)}
    return catalogue, Serials(set(known) - away, frozenset(known[key] for key in away))


def parts_of(item: Item, line: ArrivingLine, quantity_e4: int) -> list[tuple[str, int]]:
    """Say which lots or serial numbers arrive: (code, quantity); raise SerialRequired."""
    serials = unique(line.sku, line.serials)
    if item.product.tracking == "serial":
        if len(serials) * E4 != quantity_e4:
            raise SerialRequired(sku=line.sku, needed_e4=quantity_e4, given=len(serials))
        return [(serial, E4) for serial in serials]
    if item.product.tracking == "lot":
        if line.lot is None:
            raise SerialRequired(sku=line.sku, needed_e4=quantity_e4, given=0)
        return [(line.lot, quantity_e4)]
    return [("", quantity_e4)]


def days_after(day: date, days: int) -> date:
    """Return the day some days later, the end of time at most."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def dates_of(item: Item, line: ArrivingLine) -> tuple[date | None, date | None]:
    """Return when goods were made and expire; the shelf life of the product fills in what the label leaves out."""
    made, expires, life = line.made_on, line.expires_on, item.product.shelf_life_days
    if made is not None and expires is None and life is not None:
        expires = days_after(made, life)
    if made is not None and expires is not None and expires < made:
        raise InvalidInput(field="expires_on", problem=f"{expires} is before {made}, the day on which it was made")
    return made, expires


def refuse_known_serials(batch: Batch[Any], catalogue: Catalogue, lines: Iterable[LinePlan], serials: Serials) -> None:
    """A serial number comes in once: refuse one that is ours, also by an item before; a refusal of the item frees its own.

    What went back to its supplier is not ours any more.
    """
    ours = serials.ours
    for line in lines:
        item = catalogue.by_id[line.product_id]
        if item.product.tracking == "serial":
            for code, _ in line.parts:
                key = (line.product_id, code)
                if key in ours:
                    raise SerialInUse(sku=item.sku, serial=code)
                ours.add(key)
                batch.journal.append(partial(ours.discard, key))


def check_value(value_cents: int, unit_cost_e6: int) -> int:
    """Return the value of a line; refuse one that no ledger takes."""
    if value_cents > MAX_CENTS:
        raise InvalidAmount(field="unit_cost", amount=str(unit_cost_e6))
    return value_cents


def write_receipts(batch: Batch[Any], serials: Serials) -> None:
    """Write the receipts that the open items plan, with their lots, and post both ledgers."""
    items: list[BatchItem[Any]] = batch.open
    receipt_ids = rows.insert_returning(PurchaseReceipt, RECEIPT_FIELDS, [_receipt_row(item) for item in items])
    for item, pk in zip(items, receipt_ids, strict=True):
        item.document = PurchaseReceipt(pk=pk).number
        item.answer = {"document": item.document, **item.answer}
    batch.log()
    planned = [
        (item.plan, pk, position, line)
        for item, pk in zip(items, receipt_ids, strict=True)
        for position, line in enumerate(item.plan.lines, 1)
    ]
    line_rows = [_line_row(pk or 0, position, line) for _, pk, position, line in planned]
    line_ids = [pk or 0 for pk in rows.insert_returning(PurchaseLine, LINE_FIELDS, line_rows)]
    lots = _register(planned, line_ids, serials)
    ids, goods, money = iter(line_ids), [], []
    for item in items:
        plan: ReceiptPlan = item.plan
        moves = [move for line in plan.lines for move in _moves(batch, plan, line, lots, next(ids))]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        owed = receipt_transfers(plan.net_cents, plan.tax_cents, plan.supplier_id, plan.opening)
        money.append(MoneyEntry(item.log_id, item.on, item.document, owed))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _receipt_row(item: BatchItem[Any]) -> tuple[Any, ...]:
    plan: ReceiptPlan = item.plan
    due_on = days_after(item.on, plan.payment_days)
    return (
        plan.supplier_id, plan.warehouse_id, item.on, plan.reference, plan.order_id, plan.opening, due_on,
        plan.gross_cents, plan.gross_cents, 0, 0,
    )  # fmt: skip


def _line_row(receipt_id: int, position: int, line: LinePlan) -> tuple[Any, ...]:
    return (
        receipt_id, position, line.product_id, line.order_line_id, line.lot_code, line.quantity_e4, line.unit,
        line.unit_cost_e6, line.value_cents, line.tax_cents, 0, 0, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip


def _register(
    planned: list[tuple[ReceiptPlan, int | None, int, LinePlan]], line_ids: list[int], serials: Serials
) -> dict[tuple[int, str], int]:
    """Write down new lots and serial numbers with the line that brought them first."""
    origins: dict[tuple[int, str], Origin] = {}
    for (plan, _, _, line), line_id in zip(planned, line_ids, strict=True):
        for code, _ in line.parts:
            if code:
                origin = Origin(plan.supplier_id, line_id, line.made_on, line.expires_on)
                origins.setdefault((line.product_id, code), origin)
    return register_lots(origins, origins, serials.coming_back)


def _moves(
    batch: Batch[Any], plan: ReceiptPlan, line: LinePlan, lots: dict[tuple[int, str], int], line_id: int
) -> list[Move]:
    moves = []
    place = place_id("sellable", plan.warehouse_id)
    for code, quantity_e4, value in line.valued():
        lot_id = lots[line.product_id, code] if code else 0
        pool = sellable_pool(batch.company.cost_method, bool(code), lot_id)
        moves.append(receipt_move(line.product_id, lot_id, quantity_e4, place, pool, value, line_id))
    return moves
