"""A sale: the order, and in the same step as much of shipping, billing and paying as happens at once."""

from __future__ import annotations

from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core.amounts import E9, MAX_CENTS, decimal_text, round_to, to_base_cents
from backstock.core.commands import Batch, command
from backstock.core.currencies import digits_of
from backstock.core.errors import DuplicateLine, InvalidAmount, QuantityRequired
from backstock.partners.queries import known, partner_ids
from backstock.sales.errors import ItemNotInSale, PaymentExceedsOwed, ShipmentExceedsOrder
from backstock.sales.orders import LinePlan, Plan, Sell, SellLine, ShipNow, Tender
from backstock.sales.pricing import Ordered, price_lines
from backstock.sales.shipping import load_named_lots, take_off_shelf
from backstock.sales.writing import write_sales
from backstock.stock.places import place_id
from backstock.stock.sheet import Sheet
from backstock.warehouse.queries import Warehouses, load_warehouses

__all__ = ["Sell", "SellLine", "ShipNow", "Tender", "sell"]


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
    rate_e9 = E9 if currency == company.currency else wanted.rate_e9
    total = to_base_cents(sum(line.priced.gross_cents for line in lines) + wanted.shipping_cents, rate_e9)
    if total > MAX_CENTS:
        raise InvalidAmount(field="total", amount=decimal_text(total, company.currency_digits))
    _ship(wanted, lines, catalogue, sheet, warehouse_id)
    payments, rounding = _payments(wanted, lines, company.cash_rounding_cents, digits)
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
    left = _to_ship(wanted, lines, catalogue)
    for line in lines:
        now_e4 = line.quantity_e4 if left is None else min(left.get(line.item.sku, 0), line.quantity_e4)
        if left is not None:
            left[line.item.sku] = left.get(line.item.sku, 0) - now_e4
        if now_e4:
            named = line.input
            line.leaving = take_off_shelf(sheet, catalogue, line.item, now_e4, named.lot, named.serials, warehouse_id)
    for sku, rest_e4 in (left or {}).items():
        if rest_e4:
            ordered_e4 = sum(line.quantity_e4 for line in lines if line.item.sku == sku)
            raise ShipmentExceedsOrder(sku=sku, asked_e4=ordered_e4 + rest_e4, left_e4=ordered_e4)


def _to_ship(wanted: Sell, lines: list[LinePlan], catalogue: Catalogue) -> dict[str, int] | None:
    """Return how many of each item leave now; None means everything."""
    if wanted.shipped == "all":
        return None
    if wanted.shipped == "none":
        return {}
    ordered, now = {line.item.sku for line in lines}, dict[str, int]()
    for each in wanted.shipped:
        if each.sku not in ordered:
            raise ItemNotInSale(sku=each.sku, document="order")
        if each.sku in now:
            raise DuplicateLine(sku=each.sku)
        now[each.sku] = catalogue.base_quantity(catalogue.item(each.sku), each.quantity_e4, None)
    return now


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
