"""What is held back of a refund because the rest of the sale has changed its price. Pure, and worked out anew each time.

A discount for a large order (满300减50) is lost for what the customer keeps, where the policy says so and less than the
threshold stays. A gift that stays is paid for. What is held back is given as soon as it is due no more: when the rest, or
the gift, comes back too. So nothing has to be remembered, and all parts add up to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstock.core.amounts import E4, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A line of the sale as it will be: units sold, and those that are back with this settlement."""

    sold_e4: int
    back_e4: int
    # List price less the line's own discount, and what was agreed with its tax, for all units.
    before_cents: int
    net_cents: int
    tax_cents: int
    # Of a gift: what one whole unit is worth, its tax included.
    is_gift: bool = False
    gift_unit_cents: int = 0

    @property
    def kept_e4(self) -> int:
        """What stays with the customer."""
        return max(0, self.sold_e4 - self.back_e4)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A discount that was given because the order reached an amount, and what each line has of it."""

    from_cents: int
    parts: Sequence[int]


def lost_thresholds(lines: Sequence[Kept], thresholds: Sequence[Threshold]) -> int:
    """Return what kept goods cost more without the discounts that they do not reach any more."""
    kept = [line.before_cents - share(line.before_cents, line.back_e4, line.sold_e4) for line in lines]
    if not any(line.kept_e4 and not line.is_gift for line in lines):
        return 0
    lost = 0
    for each in thresholds:
        if sum(kept) < each.from_cents:
            lost += sum(_kept_part(line, part) for line, part in zip(lines, each.parts, strict=True))
    return lost


def _kept_part(line: Kept, part_cents: int) -> int:
    """Return the share of a discount that kept units have, with the tax that goes with it."""
    part = part_cents - share(part_cents, line.back_e4, line.sold_e4)
    return part + (share(part, line.tax_cents, line.net_cents) if line.net_cents else 0)


def kept_gifts(lines: Sequence[Kept]) -> int:
    """Return what gifts are worth that should have come back: as many of them as of the paid goods, by value, whole units."""
    paid = [line for line in lines if not line.is_gift]
    whole = sum(line.before_cents for line in paid)
    back = sum(share(line.before_cents, min(line.back_e4, line.sold_e4), line.sold_e4) for line in paid)
    due = 0
    for line in lines:
        if line.is_gift and line.gift_unit_cents:
            expected_e4 = share(line.sold_e4, back, whole) // E4 * E4
            due += share(line.gift_unit_cents, max(0, expected_e4 - line.back_e4), E4)
    return due
