"""What the codes of quotes, pick lists and discounts are called, and a line of goods in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.amounts import decimal_text
from backstock.desk import words
from backstock.desk.figures import grouped, money_text, quantity_text, symbol
from backstock.desk.parts import Text, Tone
from backstock.partners.models import Address
from backstock.sales.models import QuoteLine, SaleLine
from backstock.sales.models.sale import Discount

QUOTE_STATUSES: Mapping[str, tuple[Text, Tone]] = {
    "open": (gettext_lazy("Offered"), "info"),
    "confirmed": (gettext_lazy("Ordered"), "good"),
    "lapsed": (gettext_lazy("Lapsed"), "warning"),
    "withdrawn": (gettext_lazy("Withdrawn"), "neutral"),
}
PICK_STATES: Mapping[str, tuple[Text, Tone]] = {
    "open": (gettext_lazy("To pick"), "warning"),
    "done": (gettext_lazy("Shipped whole"), "good"),
    "ended": (gettext_lazy("Given up"), "neutral"),
}
DISCOUNTS: Mapping[str, Text] = {
    "manual": gettext_lazy("Discount on the order"),
    "threshold": gettext_lazy("Discount for a reached amount"),
    "coupon": gettext_lazy("Coupon"),
}


@dataclass(frozen=True, kw_only=True)
class Priced:
    """One line of a quote or a sale as papers show it."""

    sku: str
    name: str
    quantity: str
    price: str
    discount: str
    amount: str
    is_gift: bool


def priced_line(line: QuoteLine | SaleLine, currency: str, digits: int) -> Priced:
    """Write a line with its own unit and price; its product was read already."""
    product = line.product
    entered = (line.entered_e4 or line.quantity_e4) if isinstance(line, SaleLine) else line.quantity_e4
    amount = line.net_cents + line.tax_cents
    return Priced(
        sku=product.sku,
        name=" ".join(part for part in (product.name or product.sku, product.spec) if part),
        quantity=quantity_text(entered, line.unit or product.unit),
        price=price_text(line.unit_price_e6, currency, digits),
        discount=money_text(-line.discount_cents, currency, digits) if line.discount_cents else "",
        amount=money_text(amount, currency, digits),
        is_gift=line.is_gift,
    )


def price_text(price_e6: int, currency: str, digits: int) -> str:
    """Write a unit price with at least the decimals of its currency."""
    whole, _point, rest = decimal_text(price_e6, 6).partition(".")
    decimals = f".{rest.ljust(digits, '0')}" if rest or digits else ""
    return f"{symbol(currency)}{grouped(whole)}{decimals}"


def address_text(address: Address) -> str:
    """Write an address in one line."""
    parts = (address.label, address.text, address.recipient, address.phone)
    return " · ".join(part for part in parts if part)


def discount_words(discount: Discount) -> str:
    """Say where a discount comes from."""
    said = words.word(DISCOUNTS, discount.kind)
    return _("%(kind)s %(code)s") % {"kind": said, "code": discount.code} if discount.code else said
