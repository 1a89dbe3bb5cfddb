"""What a customer wants for goods that come back: checked and priced when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from backstock.catalog.prices import Prices, prices_for
from backstock.catalog.queries import Catalogue, Item
from backstock.core.amounts import share
from backstock.core.errors import InvalidInput
from backstock.returns.requests.planning import ExchangeFor, RequestReturn
from backstock.returns.requests.requesting import Matched, Wish
from backstock.sales.models import Sale
from backstock.sales.pricing import Ordered, price_lines


def wished_items(catalogue: Catalogue, wanted: RequestReturn) -> list[Item | None]:
    """Return the products wished for, line by line; raise UnknownProduct, ProductArchived, or InvalidInput."""
    if wanted.type != "exchange" and any(line.exchange_for for line in wanted.lines):
        raise InvalidInput(field="exchange_for", problem="only an exchange gives other goods")
    return [catalogue.item_in_use(line.exchange_for.sku) if line.exchange_for else None for line in wanted.lines]


def add_wishes(
    catalogue: Catalogue, wanted: RequestReturn, on: date, parts: Sequence[Sequence[Matched]]
) -> None:  # fmt: skip
    """Give every part of a line its part of the wish, at the price that holds for the customer on the day."""
    wishes = [line.exchange_for for line in wanted.lines]
    items = wished_items(catalogue, wanted)
    ids = [item.id for item in items if item]
    if not ids:
        return
    prices = prices_for(ids, parts[0][0].sold.row.customer.level, on)
    for wish, item, matched in zip(wishes, items, parts, strict=True):
        if wish is not None and item is not None and matched:
            whole = priced(catalogue, prices, item, wish, matched[0].sold.row)
            _share(whole, matched)


def priced(catalogue: Catalogue, prices: Prices, item: Item, wish: ExchangeFor, sale: Sale) -> Wish:
    """Price a wish like a line of its sale: by the list, with the tax of the new goods."""
    base_e4 = catalogue.base_quantity(item, wish.quantity_e4, wish.unit)
    price_e6, is_of_unit = prices.found(item, wish.unit)
    quantity_e4 = wish.quantity_e4 if is_of_unit else base_e4
    ordered = Ordered(quantity_e4, price_e6, 0, item.product.tax_rate_e6)
    money = price_lines([ordered], 0, sale.tax_mode, sale.currency_digits)[0]
    unit_price_e6 = share(price_e6, quantity_e4, base_e4)
    return Wish(item, base_e4, 0, unit_price_e6, money.net_cents, money.tax_cents)


def _share(wish: Wish, matched: Sequence[Matched]) -> None:
    """Share a wish over the sale lines that give the old goods; refuse parts that the unit does not allow."""
    whole_e4 = sum(each.quantity_e4 for each in matched)
    so_far, given = 0, (0, 0, 0)
    for each in matched:
        so_far += each.quantity_e4
        upto = (
            share(wish.wished_e4, so_far, whole_e4), share(wish.net_cents, so_far, whole_e4),
            share(wish.tax_cents, so_far, whole_e4),
        )  # fmt: skip
        if upto[0] % wish.item.step_e4:
            raise InvalidInput(field="exchange_for", problem="name the lines of the sale, each with its own wish")
        part = [now - before for now, before in zip(upto, given, strict=True)]
        each.wish = replace(
            wish, wished_e4=part[0], for_e4=each.quantity_e4, net_cents=part[1], tax_cents=part[2]
        )  # fmt: skip
        given = upto
