"""What a sale is told, and the plan of one that was checked and is ready to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.catalog.queries import Item
from backstock.core.amounts import E9, MAX_CENTS, MAX_PRICE_E6
from backstock.core.inputs import STRICT, Input
from backstock.sales.pricing import Priced
from backstock.sales.shipping import Leaving

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


def _means_of_payment(name: str) -> str:
    """Refuse the words that mean an account or a rule where money goes back."""
    if name in ("receivable", "original"):
        raise ValueError(f"{name} is no means of payment")
    return name


@typed(frozen=True, kw_only=True, config=STRICT)
class Tender:
    """Money by one means of payment."""

    tender: Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_means_of_payment)]
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
