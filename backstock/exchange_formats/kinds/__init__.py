"""Every kind of file, in the order in which a company brings its data in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backstock.exchange_formats.kinds.catalogue import CATEGORIES, PRICE_LEVELS, PRICES
from backstock.exchange_formats.kinds.history import OPEN_RETURNS, PAST_SALES
from backstock.exchange_formats.kinds.kind import Kind
from backstock.exchange_formats.kinds.money import ACCOUNTS, PAYABLES, RECEIVABLES
from backstock.exchange_formats.kinds.partners import CUSTOMERS, SUPPLIERS
from backstock.exchange_formats.kinds.products import PRODUCTS
from backstock.exchange_formats.kinds.requests import RETURN_REQUESTS
from backstock.exchange_formats.kinds.stock import OPENING_STOCK, WAREHOUSES

KINDS: Final[Mapping[str, Kind]] = {
    kind.key: kind
    for kind in (
        WAREHOUSES, CATEGORIES, PRICE_LEVELS, PRODUCTS, PRICES, CUSTOMERS, SUPPLIERS, ACCOUNTS, OPENING_STOCK, RECEIVABLES, PAYABLES, PAST_SALES, OPEN_RETURNS,
        RETURN_REQUESTS,
    )
}  # fmt: skip
