"""Why a settlement gives what it gives, in parts that add up to the cent. Pure: the preview and the real thing share it.

¥96.66 = 100.00 list price − 3.34 share of the order's discount. The parts of a line sum to what it is given, the parts of
a settlement to what the customer gets; they are kept with the credit note, so that it explains itself for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backstock.core.amounts import share
from backstock.refunds.settlement import Claim, LineShare, SaleShare, Wish


@dataclass(frozen=True, slots=True)
class Part:
    """One term of a sum: what it is, its amount (below zero: taken off), and the code of a coupon or product."""

    name: str
    cents: int
    code: str = ""

    def kept(self) -> list[Any]:
        """Return it as it is kept with a credit note."""
        return [self.name, self.cents, self.code]


def parts_of_line(line: LineShare) -> list[Part]:
    """Say what a line is given now, beginning with the list price of the units that are settled."""
    claim = line.claim
    after_e4 = min(claim.credited_e4 + line.quantity_e4, claim.sold_e4)
    before_e4 = min(claim.credited_e4, claim.sold_e4)

    def grown(cents: int) -> int:
        return share(cents, after_e4, claim.sold_e4) - share(cents, before_e4, claim.sold_e4)

    agreed = grown(claim.net_cents) + grown(claim.tax_cents)
    more = claim.over_net_cents + claim.over_tax_cents, claim.allowance_net_cents + claim.allowance_tax_cents
    corrected = line.worth_net_cents + line.worth_tax_cents - agreed - sum(more)
    parts = [
        *_made_of(claim, agreed, grown),
        Part("allowed_before" if claim.allowed_net_cents or claim.allowed_tax_cents else "not_billed", corrected),
        Part("exchange", more[0]),
        Part("allowance", more[1]),
        Part("left_before", line.left_cents - line.worth_net_cents - line.worth_tax_cents),
        *(Part(f"held_{what}", -cents) for what, cents in line.held.items()),
        Part("not_now", line.net_cents + line.tax_cents - line.due_cents),
    ]
    return [part for part in parts if part.cents]


def _made_of(claim: Claim, agreed: int, grown: Callable[[int], int]) -> Iterable[Part]:
    """Take apart what was agreed for the units: list price less discounts, and the tax on top."""
    found = [Part("price", grown(claim.list_cents))]
    # Discounts are shared with their fractions up, as the amount that is left of the price is shared with them down.
    found += [Part(f"discount_{each.kind}", grown(-each.cents), each.code) for each in claim.discounts]
    if not claim.tax_inside:
        found.append(Part("tax", grown(claim.tax_cents)))
    rest = agreed - sum(part.cents for part in found)
    if abs(rest) > len(found) + 1:
        # The line was not priced from a list: other goods stand in for those that were sold.
        return [Part("agreed", agreed)]
    return [*found, Part("fractions", rest)]


def parts_of_total(shares: Sequence[SaleShare], wish: Wish) -> list[Part]:
    """Say what a settlement gives in all: goods, tax and shipping less what is kept of it."""
    fees = [Part("fee", -line.fee_cents, line.claim.sku) for each in shares for line in each.lines]
    parts = [
        Part("goods", sum(each.goods_cents for each in shares)),
        Part("tax", sum(each.tax_cents for each in shares)),
        Part("shipping", sum(each.shipping_cents for each in shares)),
        *fees,
        *(Part("usage", -line.usage_cents, line.claim.sku) for each in shares for line in each.lines),
        Part("fee_agreed", -(wish.fee_cents or 0)),
        Part("return_shipping", -wish.return_shipping_cents),
        Part("rounding", -sum(each.rounding_cents for each in shares)),
    ]
    return [part for part in parts if part.cents]
