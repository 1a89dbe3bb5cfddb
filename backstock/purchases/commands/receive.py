"""Goods received from a supplier into sellable stock, on account."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import SerialInUse, SerialRequired
from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.lots import register_lots
from backstock.catalog.queries import Catalogue, load_catalogue, load_lots, unique
from backstock.core import rows
from backstock.core.amounts import E4, MAX_CENTS, MAX_PRICE_E6, line_cents
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.commands import Item as BatchItem
from backstock.core.errors import InvalidAmount, QuantityRequired
from backstock.money.accounts import Role
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.partners.queries import known, partner_ids
from backstock.purchases.models import PurchaseLine, PurchaseReceipt
from backstock.stock.moves import Move
from backstock.stock.places import SUPPLIER, place_id
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.valuation import sellable_pool
from backstock.warehouse.queries import load_warehouses


@typed(frozen=True, kw_only=True, config=STRICT)
class PurchaseReceiptLine(GoodsLine):
    """What came, at which unit cost; `unit_cost_e6` is per the line's own unit, `tax_cents` is on top."""

    unit_cost_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)]
    tax_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class ReceivePurchase(Input):
    """A delivery of a supplier. `opening` credits opening balances instead of the supplier."""

    supplier: Code
    warehouse: str | None = None
    lines: tuple[PurchaseReceiptLine, ...]
    reference: Annotated[str, Field(max_length=60)] = ""
    opening: bool = False


@dataclass(slots=True)
class LinePlan:
    """A line in base units, with its value and the lots it brings."""

    product_id: int
    quantity_e4: int
    unit_cost_e6: int
    value_cents: int
    tax_cents: int
    # (lot code, quantity, value); no code for untracked goods.
    parts: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """A receipt that was checked and is ready to be written."""

    supplier_id: int
    warehouse_id: int
    lines: list[LinePlan]


@command("purchases.receive", ReceivePurchase)
def receive_purchase(batch: Batch[ReceivePurchase]) -> None:
    """Book deliveries into sellable stock and onto the suppliers' accounts."""
    inputs = [item.input for item in batch.open]
    catalogue = load_catalogue(line.sku for each in inputs for line in each.lines)
    suppliers = partner_ids(each.supplier for each in inputs)
    warehouses = load_warehouses(each.warehouse for each in inputs)
    serials = [(line.sku, code) for each in inputs for line in each.lines for code in line.serials]
    load_lots(catalogue, [(catalogue.by_sku[sku].id, code) for sku, code in serials if sku in catalogue.by_sku])
    ours = set(catalogue.lots)
    for item in batch.open:
        with batch.attempt(item):
            lines = [_plan_line(catalogue, line, batch.digits) for line in item.input.lines]
            if not lines:
                raise QuantityRequired()
            _refuse_known_serials(batch, catalogue, lines, ours)
            item.plan = Plan(known(suppliers, item.input.supplier), warehouses.id(item.input.warehouse), lines)
    _write(batch)


def _plan_line(catalogue: Catalogue, line: PurchaseReceiptLine, digits: int) -> LinePlan:
    item = catalogue.item(line.sku)
    quantity_e4 = catalogue.base_quantity(item, line.quantity_e4, line.unit)
    value = line_cents(line.quantity_e4, line.unit_cost_e6, digits)
    if value > MAX_CENTS:
        raise InvalidAmount(field="unit_cost", amount=str(line.unit_cost_e6))
    plan = LinePlan(item.id, quantity_e4, line.unit_cost_e6, value, line.tax_cents)
    serials = unique(line.sku, line.serials)
    if item.product.tracking == "serial":
        _check_serials(line.sku, serials, quantity_e4)
        each = value // max(1, len(serials))
        plan.parts = [(serial, E4, each) for serial in serials]
        plan.parts[-1] = (serials[-1], E4, value - each * (len(serials) - 1))
    elif item.product.tracking == "lot":
        if line.lot is None:
            raise SerialRequired(sku=line.sku, needed_e4=quantity_e4, given=0)
        plan.parts = [(line.lot, quantity_e4, value)]
    else:
        plan.parts = [("", quantity_e4, value)]
    return plan


def _refuse_known_serials(
    batch: Batch[ReceivePurchase], catalogue: Catalogue, lines: list[LinePlan], ours: set[tuple[int, str]]
) -> None:  # fmt: skip
    """A serial number comes in once: refuse one that is ours, also by an item before; a refusal of the item frees its own."""
    for line in lines:
        item = catalogue.by_id[line.product_id]
        if item.product.tracking == "serial":
            for code, _, _ in line.parts:
                key = (line.product_id, code)
                if key in ours:
                    raise SerialInUse(sku=item.sku, serial=code)
                ours.add(key)
                batch.journal.append(partial(ours.discard, key))


def _check_serials(sku: str, serials: tuple[str, ...], quantity_e4: int) -> None:
    if len(serials) * E4 != quantity_e4:
        raise SerialRequired(sku=sku, needed_e4=quantity_e4, given=len(serials))


def _write(batch: Batch[ReceivePurchase]) -> None:
    items: list[BatchItem[ReceivePurchase]] = batch.open
    receipt_ids = rows.insert_returning(
        PurchaseReceipt,
        ("supplier_id", "warehouse_id", "received_on", "reference"),
        [(i.plan.supplier_id, i.plan.warehouse_id, i.on, i.input.reference) for i in items],
    )
    for item, pk in zip(items, receipt_ids, strict=True):
        item.document = PurchaseReceipt(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    line_rows = [
        (pk, line.product_id, line.quantity_e4, line.unit_cost_e6, line.value_cents)
        for item, pk in zip(items, receipt_ids, strict=True)
        for line in item.plan.lines
    ]
    fields = ("receipt", "product_id", "quantity_e4", "unit_cost_e6", "value_cents")
    line_ids = iter(rows.insert_returning(PurchaseLine, fields, line_rows))
    lots = register_lots(
        (line.product_id, code) for item in items for line in item.plan.lines for code, _, _ in line.parts if code
    )
    goods, money = [], []
    for item in items:
        moves = [move for line in item.plan.lines for move in _moves(batch, item.plan, line, lots, next(line_ids) or 0)]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        money.append(MoneyEntry(item.log_id, item.on, item.document, _transfers(item)))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _moves(
    batch: Batch[ReceivePurchase], plan: Plan, line: LinePlan, lots: dict[tuple[int, str], int], line_id: int
) -> list[Move]:
    moves = []
    for code, quantity_e4, value_cents in line.parts:
        lot_id = lots[line.product_id, code] if code else 0
        moves.append(
            Move(
                product_id=line.product_id,
                lot_id=lot_id,
                quantity_e4=quantity_e4,
                source_id=SUPPLIER,
                target_id=place_id("sellable", plan.warehouse_id),
                target_pool=sellable_pool(batch.company.cost_method, bool(code), lot_id),
                source_value_cents=value_cents,
                target_value_cents=value_cents,
                line_id=line_id,
            )
        )
    return moves


def _transfers(item: BatchItem[ReceivePurchase]) -> list[Pay]:
    against = Role.opening_balances if item.input.opening else Role.payable
    partner_id = item.plan.supplier_id
    value = sum(line.value_cents for line in item.plan.lines)
    tax = sum(line.tax_cents for line in item.plan.lines)
    return [
        Pay(amount_cents=value, debit=Role.inventory, credit=against, partner_id=partner_id),
        Pay(amount_cents=tax, debit=Role.input_tax, credit=against, partner_id=partner_id),
    ]
