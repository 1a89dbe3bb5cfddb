"""Lock quotes, and turn one back into what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.sales.models import Quote, QuoteDiscount, QuoteLine


def load_quotes(numbers: Iterable[str], lock: bool = True) -> dict[str, Quote]:
    """Read quotes by number, locking them."""
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("Q", number)
        except UnknownDocument:
            continue
    found = Quote.objects.filter(pk__in=wanted.values()).select_related("customer").order_by("pk")
    by_id = {quote.pk: quote for quote in (found.select_for_update(of=("self",)) if lock else found)}
    return {number: by_id[pk] for number, pk in wanted.items() if pk in by_id}


def quote_of(quotes: dict[str, Quote], number: str) -> Quote:
    """Return a loaded quote; raise UnknownDocument."""
    if number not in quotes:
        raise UnknownDocument(document=number[:60])
    return quotes[number]


def lines_of_quotes(ids: Iterable[int]) -> dict[int, list[QuoteLine]]:
    """Return the lines of quotes as they were entered: what the last line of a shared discount takes depends on it."""
    wanted = set(ids)
    found: dict[int, list[QuoteLine]] = {pk: [] for pk in wanted}
    for line in QuoteLine.objects.filter(quote_id__in=wanted).select_related("product").order_by("quote_id", "pk"):
        found[line.quote_id].append(line)
    return found


def discounts_of_quotes(ids: Iterable[int]) -> dict[int, list[QuoteDiscount]]:
    """Return the discounts of quotes in their order."""
    wanted = set(ids)
    found: dict[int, list[QuoteDiscount]] = {pk: [] for pk in wanted}
    for discount in QuoteDiscount.objects.filter(quote_id__in=wanted).order_by("pk"):
        found[discount.quote_id].append(discount)
    return found


def asked_line(line: QuoteLine) -> dict[str, Any]:
    """Write a line as it was asked for, with the price that was quoted."""
    return {
        "sku": line.product.sku, "line": line.position, "quantity_e4": line.quantity_e4, "unit": line.unit or None,
        "unit_price_e6": line.unit_price_e6, "discount_cents": line.discount_cents, "gift": line.is_gift,
    }  # fmt: skip
