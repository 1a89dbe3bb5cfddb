"""What a sale is told, and the plan of one that was checked and is ready to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Item
from backstock.core.amounts import E9, MAX_CENTS, MAX_PRICE_E6
from backstock.core.inputs import STRICT, Input
from backstock.sales.postings import NO_MONEY
from backstock.sales.pricing import Ordered, Priced
from backstock.sales.shipping import Leaving

Cents = Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class SellLine(GoodsLine):
    """One line; price and quantity are in the line's own unit, without a price the catalogue's counts."""

    line: Annotated[int, Field(ge=1, le=10**6)] | None = None
    unit_price_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] | None = None
    discount_cents: Cents = 0
    # Given on top: costs nothing, whatever the list says.
    gift: bool = False


@typed(frozen=True, kw_only=True, config=STRICT)
class ShipNow:
    """How many of an item leave at once, in base units."""

    sku: Code
    quantity_e4: int


def _means_of_payment(name: str) -> str:
    """Refuse the words that mean an account or a rule where money goes back, and those that are no money."""
    if name in ("receivable", "original", *NO_MONEY):
        raise ValueError(f"{name} is no means of payment")
    return name


@typed(frozen=True, kw_only=True, config=STRICT)
class Tender:
    """Money by one means of payment."""

    tender: Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_means_of_payment)]
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class OrderDiscount:
    """A part of the order's discount with its source: by hand, a threshold that was reached (满减), a coupon."""

    kind: Literal["manual", "threshold", "coupon"] = "manual"
    code: Annotated[str, Field(max_length=60)] = ""
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]
    # The amount of goods that had to be reached; a return may lose the discount again.
    from_cents: Cents = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class Terms(Input):
    """What an order and a quote both agree on. `order_discount_cents` is a discount by hand beside the `discounts`."""

    customer: Code
    channel: Annotated[str, Field(min_length=1, max_length=20)] = "shop"
    warehouse: str | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    rate_e9: Annotated[int, Field(gt=0, le=10**15)] = E9
    lines: tuple[SellLine, ...]
    order_discount_cents: Cents = 0
    discounts: Annotated[tuple[OrderDiscount, ...], Field(max_length=50)] = ()
    shipping_cents: Cents = 0
    reference: Annotated[str, Field(max_length=60)] = ""
    # A user's name; nobody named is nobody's sale.
    salesperson: Annotated[str, Field(max_length=60)] = ""

    @property
    def all_discounts(self) -> list[OrderDiscount]:
        """Every discount on the whole, the one by hand first."""
        by_hand = [OrderDiscount(amount_cents=self.order_discount_cents)] if self.order_discount_cents else []
        return [*by_hand, *self.discounts]


@typed(frozen=True, kw_only=True, config=STRICT)
class Sell(Terms):
    """An order of a customer. `paid` all means: what is owed, by `cash`; not `signed` means: the parcel is on its way."""

    shipped: Literal["all", "none"] | tuple[ShipNow, ...] = "all"
    invoiced: bool = True
    paid: Literal["all", "none"] | tuple[Tender, ...] = "all"
    tracking_number: Annotated[str, Field(max_length=60)] = ""
    carrier: Annotated[str, Field(max_length=60)] = ""
    signed: bool = True
    # Days to pay; without them what was agreed with the customer.
    payment_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    promised_on: date | None = None
    # Which of the customer's addresses the goods go to; without one the default.
    address: Annotated[int, Field(ge=1, le=2**62)] | None = None


@dataclass(slots=True)
class LinePlan:
    """A line that was checked: what it is, costs, and what of it leaves now."""

    position: int
    item: Item
    quantity_e4: int
    input: SellLine
    ordered: Ordered
    priced: Priced
    leaving: Leaving = field(default_factory=Leaving)


@dataclass(slots=True)
class Plan:
    """A sale that was checked and is ready to be written."""

    wanted: Sell
    customer_id: int
    warehouse_id: int
    currency: str
    digits: int
    rate_e9: int
    tax_mode: str
    lines: list[LinePlan]
    payments: list[tuple[str, int]]
    rounding_cents: int
    salesperson_id: int = 0
    payment_days: int = 0
    address_id: int = 0

    @property
    def gross_cents(self) -> int:
        """All that the customer is to pay, in the sale's currency."""
        return sum(line.priced.gross_cents for line in self.lines) + self.wanted.shipping_cents
