"""Plan a year of trade from a seed: what is bought, sold and brought back. Pure."""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from backstock.core.amounts import scaled
from backstock.demo.goods import CUSTOMERS, PRODUCTS, REASONS, SUPPLIERS

MONTHS, SALES_A_MONTH, RETURNS_A_MONTH = 12, 36, 7


@dataclass(frozen=True, slots=True)
class Back:
    """A return to be: of which sale, why, how it ends, and how many of the six steps it has come."""

    sale: str
    sku: str
    pieces: int
    reason: str
    grade: str
    to: str
    worth_cents: int
    day: date
    steps: int


@dataclass(slots=True)
class Plan:
    """One month."""

    first_day: date
    last_day: date
    # (supplier, day, warehouse, [(sku, pieces, unit cost)])
    purchases: list[tuple[str, date, str, list[tuple[str, int, str]]]] = field(default_factory=list)
    # (key, customer, day, channel, tender, [(sku, pieces)], gross cents)
    sales: list[tuple[str, str, date, str, str, list[tuple[str, int]], int]] = field(default_factory=list)
    returns: list[Back] = field(default_factory=list)


def plan_year(chance: random.Random, first_day: date) -> list[Plan]:
    """Plan twelve months; the last one leaves returns at every step, so that each desk has work."""
    year = []
    for n in range(MONTHS):
        year_n, month_n = divmod(first_day.month - 1 + n, 12)
        first = date(first_day.year + year_n, month_n + 1, 1)
        plan = Plan(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))
        _buy(chance, plan, n)
        _sell(chance, plan, n)
        _return(chance, plan, last=n == MONTHS - 1)
        year.append(plan)
    return year


def _buy(chance: random.Random, plan: Plan, n: int) -> None:
    for code, _ in SUPPLIERS:
        lines = []
        for sku, _, _, _, cost in PRODUCTS:
            if sku.startswith(code[2:]):
                # Costs drift by up to five percent, so that averages have something to do.
                drifted = scaled(cost, 2) * (100 + chance.randint(-5, 5)) // 100
                lines.append((sku, chance.randint(24, 40) if n else 60, f"{drifted // 100}.{drifted % 100:02d}"))
        plan.purchases.append((code, plan.first_day, "杭州仓", lines))


def _sell(chance: random.Random, plan: Plan, month: int) -> None:
    days = (plan.last_day - plan.first_day).days
    for n, offset in enumerate(sorted(chance.randint(0, days - 12) for _ in range(SALES_A_MONTH))):
        chosen = chance.sample(PRODUCTS, chance.choice((1, 1, 1, 2, 2, 3)))
        lines = [(sku, chance.choice((1, 1, 1, 2, 3))) for sku, *_ in chosen]
        cents = sum(scaled(price, 2) * pieces for (_, _, _, price, _), (_, pieces) in zip(chosen, lines, strict=True))
        customer = f"C{chance.randint(1, len(CUSTOMERS)):03d}"
        channel = chance.choice(("shop", "online", "online"))
        tender = "cash" if channel == "shop" else chance.choice(("bank", "alipay", "wechat"))
        day = plan.first_day + timedelta(days=offset)
        plan.sales.append((f"{month}-{n}", customer, day, channel, tender, lines, cents))


def _return(chance: random.Random, plan: Plan, last: bool) -> None:
    costs = {sku: scaled(cost, 2) for sku, _, _, _, cost in PRODUCTS}
    for n, (key, _, day, _, _, lines, _) in enumerate(chance.sample(plan.sales, RETURNS_A_MONTH * (2 if last else 1))):
        steps = n % 7 if last else 6
        sku, pieces = chance.choice(lines)
        # What waits for the approver has a reason that the policy leaves to a person.
        chosen = chance.choices(REASONS, [weight for *_, weight in REASONS])[0] if steps else REASONS[-1]
        reason, grade, to, _ = chosen
        back = chance.randint(1, pieces)
        worth = costs[sku] * back * 55 // 100
        plan.returns.append(Back(key, sku, back, reason, grade, to, worth, day + timedelta(days=3), steps))
