"""Check an order and make the plan of the sale that it becomes: shared by selling and by confirming a quote."""

from __future__ import annotations

from collections.abc import Mapping

from backstock.catalog.prices import Prices
from backstock.catalog.queries import Catalogue, Item
from backstock.core.amounts import E9, MAX_CENTS, decimal_text, round_to, to_base_cents
from backstock.core.commands import Batch
from backstock.core.currencies import digits_of
from backstock.core.errors import DuplicateLine, InvalidAmount, QuantityRequired
from backstock.core.models import Company
from backstock.partners.models import Partner
from backstock.sales.desk import Desk
from backstock.sales.errors import ItemNotInSale, PaymentExceedsOwed, ShipmentExceedsOrder
from backstock.sales.orders import LinePlan, Plan, Sell, SellLine, Terms
from backstock.sales.pricing import Ordered, Priced, price_lines
from backstock.sales.shipping import take_off_shelf
from backstock.stock.places import place_id
from backstock.stock.sheet import Sheet


def lock_shelves(batch: Batch[Sell], desk: Desk) -> Sheet:
    """Lock the stock from which a batch of orders ships at once."""
    sheet = Sheet(batch.journal, batch.company.cost_method)
    if any(item.input.shipped != "none" for item in batch.open):
        sheet.lock_stock(desk.catalogue.by_id, [place_id("sellable", pk) for pk in desk.warehouses.ids.values()])
        sheet.lock_sellable_pools(desk.catalogue.by_id)
    return sheet


def plan_sale(batch: Batch[Sell], wanted: Sell, desk: Desk, sheet: Sheet) -> Plan:
    """Check one order and plan it."""
    company = batch.company
    currency, digits, rate_e9 = money_of(company, wanted)
    customer, warehouse_id = desk.customer(wanted), desk.warehouses.id(wanted.warehouse)
    lines = plan_lines(wanted, desk, customer, company.tax_mode, digits)
    plan = Plan(
        wanted, customer.pk, warehouse_id, currency, digits, rate_e9, company.tax_mode, lines, [], 0,
        salesperson_id=desk.salesperson_id(wanted), payment_days=days_to_pay(customer, wanted.payment_days),
        address_id=desk.address_id(customer, wanted.address),
    )  # fmt: skip
    refuse_huge(company, plan.gross_cents, rate_e9)
    _ship(wanted, lines, desk.catalogue, sheet, warehouse_id)
    plan.payments, plan.rounding_cents = _payments(wanted, plan.gross_cents, company.cash_rounding_cents, digits)
    desk.grant_credit(batch.actor, company, plan, batch.journal)
    return plan


def days_to_pay(customer: Partner, wanted: int | None) -> int:
    """Return the days to pay: as told, else as agreed with the customer."""
    return customer.payment_days if wanted is None else wanted


def money_of(company: Company, wanted: Terms) -> tuple[str, int, int]:
    """Return currency, its decimals, and its rate; the company's own is always one to one."""
    if wanted.currency in (None, company.currency):
        return company.currency, company.currency_digits, E9
    return str(wanted.currency), digits_of(str(wanted.currency)), wanted.rate_e9


def refuse_huge(company: Company, gross_cents: int, rate_e9: int) -> None:
    """Refuse a document whose total no ledger could hold."""
    total = to_base_cents(gross_cents, rate_e9)
    if total > MAX_CENTS:
        raise InvalidAmount(field="total", amount=decimal_text(total, company.currency_digits))


def plan_lines(
    wanted: Terms, desk: Desk, customer: Partner, tax_mode: str, digits: int, tax_rates: Mapping[int, int] | None = None
) -> list[LinePlan]:
    """Check and price the lines of an order; `tax_rates` by position are those of a quote."""
    if not wanted.lines:
        raise QuantityRequired()
    catalogue = desk.catalogue
    positions = [line.line or n for n, line in enumerate(wanted.lines, 1)]
    if len(set(positions)) != len(positions):
        raise DuplicateLine(sku=wanted.lines[0].sku)
    items = [catalogue.item_in_use(line.sku) for line in wanted.lines]
    quantities = [
        catalogue.base_quantity(i, each.quantity_e4, each.unit) for i, each in zip(items, wanted.lines, strict=True)
    ]
    prices = desk.prices.on(customer.level, wanted.on or desk.today)
    ordered = [
        _ordered(prices, item, line, base_e4, (tax_rates or {}).get(position, item.product.tax_rate_e6))
        for position, item, line, base_e4 in zip(positions, items, wanted.lines, quantities, strict=True)
    ]
    discount_cents = sum(each.amount_cents for each in wanted.all_discounts)
    priced = price_lines(ordered, discount_cents, tax_mode, digits)
    for item, price in zip(items, priced, strict=True):
        _refuse_impossible(item, price)
    return [
        LinePlan(position, item, base_e4, line, each, price)
        for position, item, base_e4, line, each, price in zip(
            positions, items, quantities, wanted.lines, ordered, priced, strict=True
        )
    ]


def _ordered(prices: Prices, item: Item, line: SellLine, base_e4: int, tax_rate_e6: int) -> Ordered:
    """Say what a line costs before the order's discount: its own price, else the list's, per its own unit.

    Where the price of that unit would have to be rounded, the price of the base unit counts, per base unit.
    """
    unit = "" if line.unit in (None, item.product.unit) else str(line.unit)
    if line.gift or line.unit_price_e6 is not None:
        price_e6 = 0 if line.gift else line.unit_price_e6 or 0
        return Ordered(line.quantity_e4, price_e6, line.discount_cents, tax_rate_e6, unit)
    price_e6, is_of_unit = prices.found(item, unit)
    if is_of_unit or item.units[unit][1] == 1:
        return Ordered(line.quantity_e4, prices.of(item, unit), line.discount_cents, tax_rate_e6, unit)
    return Ordered(base_e4, price_e6, line.discount_cents, tax_rate_e6)


def _refuse_impossible(item: Item, price: Priced) -> None:
    if not 0 <= price.gross_cents <= MAX_CENTS or price.net_cents < 0:
        raise InvalidAmount(field=item.sku, amount=str(price.gross_cents))


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


def _payments(wanted: Sell, owed: int, coin_cents: int, digits: int) -> tuple[list[tuple[str, int]], int]:
    """Return what is paid by which tender, and what is rounded off the bill when cash has no smaller coin."""
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
