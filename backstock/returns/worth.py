"""What goods that came back are worth, and what a swap of goods means for money. Pure.

Of a line of Q units, of which q are back in all, floor(net × q ÷ Q) was given back, cumulative over all its returns, so
that parts add up to the cent (DESIGN §3). An exchange posts the difference only: the value of the old goods moves behind
the new ones; what is short is billed, what is left over is credited.
"""

from __future__ import annotations

from collections.abc import Sequence

from backstock.core.amounts import share

# Net of tax, and the tax on it.
type Amounts = tuple[int, int]


def credited_cents(agreed_cents: int, billed_cents: int, back_e4: int, sold_e4: int) -> int:
    """Return what of a line is given back in all: what the customer keeps stays billed, what was never billed is not."""
    kept_cents = agreed_cents - share(agreed_cents, min(back_e4, sold_e4), sold_e4)
    return max(0, billed_cents - kept_cents)


def allowed_and_credited(allowed_cents: int, agreed_cents: int, billed_cents: int, back_e4: int, sold_e4: int) -> int:
    """Return the same with what was allowed off the price: goods that come back were bought for that much less."""
    less = agreed_cents - allowed_cents, max(0, billed_cents - allowed_cents)
    return allowed_cents + credited_cents(*less, back_e4, sold_e4)


def agreed_share(agreed_cents: int, before_e4: int, quantity_e4: int, sold_e4: int) -> int:
    """Return what was agreed for units that come after others of the same line."""
    after = share(agreed_cents, min(before_e4 + quantity_e4, sold_e4), sold_e4)
    return after - share(agreed_cents, min(before_e4, sold_e4), sold_e4)


def difference(left: Amounts, need: Amounts) -> Amounts:
    """Return what is billed when goods that cost `need` leave for old ones of which `left` is there.

    Where the customer gets money, nothing is billed; but where net and tax go different ways (another tax rate), the
    one is billed and the other taken off, so that no credit note has to give a negative amount.
    """
    net, tax = left[0] - need[0], left[1] - need[1]
    if net + tax < 0:
        return -net, -tax
    if net < 0:
        return -net, net
    if tax < 0:
        return tax, -tax
    return 0, 0


def takes(total: int, lefts: Sequence[int]) -> list[int]:
    """Take an amount from those who have something left, in their order."""
    taken = []
    for left in lefts:
        part = max(0, min(left, total))
        taken.append(part)
        total -= part
    return taken


def pieces_for(wished_e4: int, for_e4: int, units_e4: int, step_e4: int) -> int:
    """Return how many of the wished goods belong to some units of the line."""
    return share(wished_e4, min(units_e4, for_e4), for_e4) // step_e4 * step_e4


def units_for(wished_e4: int, for_e4: int, pieces_e4: int) -> int:
    """Return how many units of the line some of the wished goods replace."""
    return share(for_e4, pieces_e4, wished_e4)


def listed(whole: Amounts, before_e4: int, upto_e4: int, wished_e4: int) -> Amounts:
    """Return what goods of a wish cost that come after others; what is paid is shared evenly, its tax out of it."""
    gross, tax = (
        share(cents, upto_e4, wished_e4) - share(cents, before_e4, wished_e4) for cents in (sum(whole), whole[1])
    )
    return gross - tax, tax
