"""Goods of a receipt go back to the supplier from our shelf: they leave at cost, and we owe less by their price."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import SerialRequired
from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.models import Lot
from backstock.catalog.queries import Catalogue, Item, load_catalogue, load_lots, unique
from backstock.core import rows
from backstock.core.amounts import E4, share
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.purchases.errors import ItemNotInReceipt, LotNotInReceipt, QuantityExceedsReceipt
from backstock.purchases.loading import LoadedReceipt, load_receipts, receipt_of
from backstock.purchases.models import PurchaseLine, PurchaseReceipt, PurchaseReturn, PurchaseReturnLine
from backstock.purchases.postings import send_back_moves, send_back_transfers
from backstock.stock.moves import Move
from backstock.stock.places import place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.sheet import Sheet
from backstock.warehouse.queries import load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class SendBackLine(GoodsLine):
    """What goes back; `line` names a line of the receipt where a product stands in several."""

    line: int | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class SendBack(Input):
    """A return to the supplier of one receipt, from the receipt's warehouse or another one."""

    PERSONAL: ClassVar = frozenset({"reason"})

    receipt: Code
    warehouse: str | None = None
    lines: tuple[SendBackLine, ...]
    reason: Annotated[str, Field(max_length=200)] = ""


@dataclass(slots=True)
class Gone:
    """Some units of one line of a receipt that leave."""

    line: PurchaseLine
    quantity_e4: int
    net_cents: int
    tax_cents: int
    moves: list[Move] = field(default_factory=list)

    @property
    def cost_cents(self) -> int:
        """What they were worth on our shelf."""
        return sum(move.source_value_cents for move in self.moves)


@dataclass(slots=True)
class Plan:
    """A return to a supplier that was checked."""

    receipt: LoadedReceipt
    warehouse_id: int
    lines: list[Gone] = field(default_factory=list)


@dataclass(slots=True)
class Shelf:
    """What deciding looks at, shared by the items of a batch: lots by the receipt line that brought them, and stock."""

    catalogue: Catalogue
    sheet: Sheet
    brought: dict[int, int]


@command("purchases.send_back", SendBack)
def send_back(batch: Batch[SendBack]) -> None:
    """Send goods of receipts back to their suppliers."""
    receipts = load_receipts(item.input.receipt for item in batch.open)
    warehouses = load_warehouses(item.input.warehouse for item in batch.open if item.input.warehouse)
    shelf = _shelf(batch, list(receipts.values()), list(warehouses.ids.values()))
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            receipt = receipt_of(receipts, wanted.receipt).standing("sent back")
            if not wanted.lines:
                raise QuantityRequired(document=receipt.row.number)
            warehouse_id = warehouses.id(wanted.warehouse) if wanted.warehouse else receipt.row.warehouse_id
            plan = item.plan = Plan(receipt, warehouse_id)
            for line in wanted.lines:
                _take(batch, plan, line, shelf)
            item.emit("GoodsSentBackToSupplier", receipt=receipt.row.number)
    _write(batch)


def _shelf(batch: Batch[SendBack], receipts: list[LoadedReceipt], warehouses: list[int]) -> Shelf:
    """Read products, lots and stock of everything that receipts brought."""
    asked = [line for item in batch.open for line in item.input.lines]
    lines = [line for receipt in receipts for line in receipt.lines]
    catalogue = load_catalogue((line.sku for line in asked), (line.product_id for line in lines))
    named = [
        (catalogue.by_sku[line.sku].id, code)
        for line in asked
        if line.sku in catalogue.by_sku
        for code in (*((line.lot,) if line.lot else ()), *line.serials)
    ]
    load_lots(catalogue, [*named, *((line.product_id, line.lot_code) for line in lines if line.lot_code)])
    lots = set(catalogue.lots.values())
    brought = dict(Lot.objects.filter(pk__in=lots).values_list("pk", "purchase_line_id")) if lots else {}
    sheet = Sheet(batch.journal, batch.company.cost_method)
    homes = {*warehouses, *(receipt.row.warehouse_id for receipt in receipts)}
    products = {line.product_id for line in lines}
    sheet.lock_stock(products, [place_id("sellable", warehouse_id) for warehouse_id in homes])
    sheet.lock_sellable_pools(products)
    return Shelf(catalogue, sheet, brought)


def _take(batch: Batch[SendBack], plan: Plan, wanted: SendBackLine, shelf: Shelf) -> None:
    """Take a line's pieces off the shelf, receipt line by receipt line; raise what does not fit."""
    item, number = shelf.catalogue.item(wanted.sku), plan.receipt.row.number
    quantity_e4 = shelf.catalogue.base_quantity(item, wanted.quantity_e4, wanted.unit)
    lines = [
        line for line in plan.receipt.lines if line.product_id == item.id and wanted.line in (None, line.position)
    ]  # fmt: skip
    if not lines:
        raise ItemNotInReceipt(sku=item.sku, document=number)
    left_e4 = quantity_e4
    serials = _serials(item, wanted, quantity_e4, lines, number, shelf)
    if item.product.tracking == "lot" and wanted.lot is not None:
        lines = [line for line in lines if line.lot_code == wanted.lot]
        if not lines:
            raise LotNotInReceipt(document=number, sku=item.sku, lot=wanted.lot)
    for line in lines:
        mine = [lot for lot in serials if shelf.brought[lot] == line.pk]
        room_e4 = min(line.kept_e4, len(mine) * E4) if item.product.tracking == "serial" else line.kept_e4
        part_e4 = min(left_e4, room_e4)
        if part_e4 > 0:
            lot_id = shelf.catalogue.lots.get((item.id, line.lot_code), 0)
            lots = [(lot, E4) for lot in mine[: part_e4 // E4]] if mine else [(lot_id, part_e4)]
            plan.lines.append(_leave(batch, plan, item, line, part_e4, lots, shelf.sheet))
            left_e4 -= part_e4
    if left_e4:
        raise QuantityExceedsReceipt(document=number, sku=item.sku, asked_e4=quantity_e4, kept_e4=quantity_e4 - left_e4)


def _serials(
    item: Item, wanted: SendBackLine, quantity_e4: int, lines: list[PurchaseLine], number: str, shelf: Shelf
) -> list[int]:
    """Return the serial numbers that go back; each must have come with this receipt."""
    if item.product.tracking != "serial":
        return []
    codes = unique(item.sku, wanted.serials)
    if len(codes) * E4 != quantity_e4:
        raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(codes))
    found, own = [], {line.pk for line in lines}
    for code in codes:
        lot_id = shelf.catalogue.lots.get((item.id, code), 0)
        if shelf.brought.get(lot_id) not in own:
            raise LotNotInReceipt(document=number, sku=item.sku, lot=code)
        found.append(lot_id)
    return found


def _leave(
    batch: Batch[SendBack], plan: Plan, item: Item, line: PurchaseLine, quantity_e4: int, lots: list[tuple[int, int]],
    sheet: Sheet,
) -> Gone:  # fmt: skip
    """Value what leaves: the price that is owed for it, and the cost at which it leaves the shelf."""
    place, moves = place_id("sellable", plan.warehouse_id), list[Move]()
    for lot_id, part_e4 in lots:
        sheet.require(item.sku, item.id, lot_id, place, part_e4)
        sheet.require_free(item.sku, item.id, place, part_e4)
        taken = send_back_moves(item.id, lot_id, place, sheet.take_new(item.id, lot_id, part_e4), line.pk)
        sheet.apply(taken)
        moves += taken
    # What is left of the price goes with what is left of the goods: the last piece takes the rest.
    net_left = line.value_cents + line.net_difference_cents - line.sent_back_net_cents
    tax_left = line.tax_cents + line.tax_difference_cents - line.sent_back_tax_cents
    net, tax = max(0, share(net_left, quantity_e4, line.kept_e4)), max(0, share(tax_left, quantity_e4, line.kept_e4))
    gone = Gone(line, quantity_e4, net, tax, moves)
    batch.change(line, sent_back_e4=quantity_e4, sent_back_net_cents=net, sent_back_tax_cents=tax)
    batch.change(plan.receipt.row, owed_cents=-net - tax, returned_cents=net + tax)
    return gone


def _write(batch: Batch[SendBack]) -> None:
    items = batch.open
    fields = ("receipt", "supplier_id", "returned_on", "reason", "net_cents", "tax_cents", "undone_log_id")
    heads = []
    for item in items:
        row, gone = item.plan.receipt.row, item.plan.lines
        net, tax = sum(each.net_cents for each in gone), sum(each.tax_cents for each in gone)
        heads.append((row.pk, row.supplier_id, item.on, item.input.reason, net, tax, 0))
    ids = [pk or 0 for pk in rows.insert_returning(PurchaseReturn, fields, heads)]
    for item, pk in zip(items, ids, strict=True):
        item.document = PurchaseReturn(pk=pk).number
        item.answer = {"document": item.document, "receipt": item.plan.receipt.row.number}
    batch.log()
    columns = ("purchase_return", "line", "quantity_e4", "net_cents", "tax_cents", "cost_cents")
    lines = [
        (pk, each.line.pk, each.quantity_e4, each.net_cents, each.tax_cents, each.cost_cents)
        for item, pk in zip(items, ids, strict=True)
        for each in item.plan.lines
    ]
    rows.insert(PurchaseReturnLine, columns, lines)
    goods, money = [], []
    for item, head in zip(items, heads, strict=True):
        moves = [move for each in item.plan.lines for move in each.moves]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        cost = sum(each.cost_cents for each in item.plan.lines)
        owed = send_back_transfers(head[4], head[5], cost, item.plan.receipt.row.supplier_id)
        money.append(MoneyEntry(item.log_id, item.on, item.document, owed))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(PurchaseReceipt, PurchaseLine)
