"""A sale: the order, and in the same step as much of shipping, billing and paying as happens at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Catalogue, Item, load_catalogue
from backstock.core.amounts import E9, MAX_CENTS, MAX_PRICE_E6, round_to
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.currencies import digits_of
from backstock.core.errors import DuplicateLine, InvalidAmount, InvalidQuantity, QuantityRequired
from backstock.partners.queries import known, partner_ids
from backstock.sales.errors import ItemNotInSale, PaymentExceedsOwed, ShipmentExceedsOrder
from backstock.sales.pricing import Ordered, Priced, price_lines
from backstock.sales.shipping import Leaving, load_named_lots, take_off_shelf
from backstock.sales.writing import write_sales
from backstock.stock.places import place_id
from backstock.stock.sheet import Sheet
from backstock.warehouse.queries import Warehouses, load_warehouses

Cents = Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class SellLine(GoodsLine):
    """One line; price and quantity are in the line's own unit, without a price the catalogue's counts."""

    line: Annotated[int, Field(ge=1, le=10**6)] | None = None
    unit_price_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] | None = None
    discount_cents: Cents = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class ShipNow:
    """How many of an item leave at once, in base units."""

    sku: Code
    quantity_e4: int


@typed(frozen=True, kw_only=True, config=STRICT)
class Tender:
    """Money by one means of payment."""

    tender: Annotated[str, Field(min_length=1, max_length=30)]
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class Sell(Input):
    """An order of a customer. `paid` all means: what is owed, by `cash`."""

    customer: Code
    channel: Annotated[str, Field(min_length=1, max_length=20)] = "shop"
    warehouse: str | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    rate_e9: Annotated[int, Field(gt=0, le=10**15)] = E9
    lines: tuple[SellLine, ...]
    order_discount_cents: Cents = 0
    shipping_cents: Cents = 0
    shipped: Literal["all", "none"] | tuple[ShipNow, ...] = "all"
    invoiced: bool = True
    paid: Literal["all", "none"] | tuple[Tender, ...] = "all"
    reference: Annotated[str, Field(max_length=60)] = ""
    tracking_number: Annotated[str, Field(max_length=60)] = ""


@dataclass(slots=True)
class LinePlan:
    """A line that was checked: what it is, costs, and what of it leaves now."""

    position: int
    item: Item
    quantity_e4: int
    input: SellLine
    unit_price_e6: int
    priced: Priced
    leaving: Leaving = field(default_factory=Leaving)


@dataclass(slots=True)
class Plan:
    """A sale that was checked and is ready to be written."""

    customer_id: int
    warehouse_id: int
    currency: str
    digits: int
    rate_e9: int
    tax_mode: str
    lines: list[LinePlan]
    payments: list[tuple[str, int]]
    rounding_cents: int


@command("sales.sell", Sell)
def sell(batch: Batch[Sell]) -> None:
    """Sell: take orders, ship what leaves now, bill and take the money."""
    inputs = [item.input for item in batch.open]
    catalogue = load_catalogue(line.sku for each in inputs for line in each.lines)
    load_named_lots(catalogue, [(line.sku, line.lot, line.serials) for each in inputs for line in each.lines])
    customers = partner_ids(each.customer for each in inputs)
    warehouses = load_warehouses(each.warehouse for each in inputs)
    sheet = Sheet(batch.journal, batch.company.cost_method)
    if any(each.shipped != "none" for each in inputs):
        sheet.lock_stock(catalogue.by_id, [place_id("sellable", pk) for pk in warehouses.ids.values()])
        sheet.lock_sellable_pools(catalogue.by_id)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, catalogue, customers, warehouses, sheet)
    write_sales(batch)


def _plan(
    batch: Batch[Sell],
    wanted: Sell,
    catalogue: Catalogue,
    customers: dict[str, int],
    warehouses: Warehouses,
    sheet: Sheet,
) -> Plan:
    company = batch.company
    currency = wanted.currency or company.currency
    digits = company.currency_digits if currency == company.currency else digits_of(currency)
    customer_id, warehouse_id = known(customers, wanted.customer), warehouses.id(wanted.warehouse)
    lines = _lines(wanted, catalogue, company.tax_mode, digits)
    _ship(wanted, lines, catalogue, sheet, warehouse_id)
    payments, rounding = _payments(wanted, lines, company.cash_rounding_cents, digits)
    rate_e9 = E9 if currency == company.currency else wanted.rate_e9
    return Plan(customer_id, warehouse_id, currency, digits, rate_e9, company.tax_mode, lines, payments, rounding)


def _lines(wanted: Sell, catalogue: Catalogue, tax_mode: str, digits: int) -> list[LinePlan]:
    if not wanted.lines:
        raise QuantityRequired()
    positions = [line.line or n for n, line in enumerate(wanted.lines, 1)]
    if len(set(positions)) != len(positions):
        raise DuplicateLine(sku=wanted.lines[0].sku)
    items = [catalogue.item(line.sku) for line in wanted.lines]
    quantities = [
        catalogue.base_quantity(i, each.quantity_e4, each.unit) for i, each in zip(items, wanted.lines, strict=True)
    ]
    ordered = []
    for item, line, base_e4 in zip(items, wanted.lines, quantities, strict=True):
        own = line.unit_price_e6 is not None
        quantity_e4, price_e6 = (line.quantity_e4, line.unit_price_e6 or 0) if own else (base_e4, item.product.price_e6)
        ordered.append(Ordered(quantity_e4, price_e6, line.discount_cents, item.product.tax_rate_e6))
    priced = price_lines(ordered, wanted.order_discount_cents, tax_mode, digits)
    for item, price in zip(items, priced, strict=True):
        if not 0 <= price.gross_cents <= MAX_CENTS or price.net_cents < 0:
            raise InvalidAmount(field=item.sku, amount=str(price.gross_cents))
    return [
        LinePlan(position, item, base_e4, line, each.unit_price_e6, price)
        for position, item, base_e4, line, each, price in zip(
            positions, items, quantities, wanted.lines, ordered, priced, strict=True
        )
    ]


def _ship(wanted: Sell, lines: list[LinePlan], catalogue: Catalogue, sheet: Sheet, warehouse_id: int) -> None:
    left = _to_ship(wanted, lines)
    for line in lines:
        now_e4 = line.quantity_e4 if left is None else min(left.get(line.item.sku, 0), line.quantity_e4)
        if left is not None:
            left[line.item.sku] = left.get(line.item.sku, 0) - now_e4
        if now_e4:
            named = line.input
            line.leaving = take_off_shelf(sheet, catalogue, line.item, now_e4, named.lot, named.serials, warehouse_id)
    for sku, rest_e4 in (left or {}).items():
        if rest_e4:
            raise ShipmentExceedsOrder(sku=sku, asked_e4=rest_e4, left_e4=0)


def _to_ship(wanted: Sell, lines: list[LinePlan]) -> dict[str, int] | None:
    """Return how many of each item leave now; None means everything."""
    if wanted.shipped == "all":
        return None
    if wanted.shipped == "none":
        return {}
    ordered = {line.item.sku for line in lines}
    for each in wanted.shipped:
        if each.sku not in ordered:
            raise ItemNotInSale(sku=each.sku, document="order")
        if each.quantity_e4 <= 0:
            raise InvalidQuantity(sku=each.sku, quantity=str(each.quantity_e4))
    return {each.sku: each.quantity_e4 for each in wanted.shipped}


def _payments(wanted: Sell, lines: list[LinePlan], coin_cents: int, digits: int) -> tuple[list[tuple[str, int]], int]:
    """Return what is paid by which tender, and what is rounded off the bill when cash has no smaller coin."""
    owed = sum(line.priced.gross_cents for line in lines) + wanted.shipping_cents
    if wanted.paid == "none" or not owed:
        return [], 0
    if wanted.paid == "all":
        cash = round_to(owed, coin_cents)
        return ([("cash", cash)] if cash else []), owed - cash
    paid: dict[str, int] = {}
    for each in wanted.paid:
        paid[each.tender] = paid.get(each.tender, 0) + each.amount_cents
    if sum(paid.values()) > owed:
        raise PaymentExceedsOwed(document="order", asked_cents=sum(paid.values()), owed_cents=owed, digits=digits)
    return list(paid.items()), 0
