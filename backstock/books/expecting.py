"""How much of what was sold is expected back: the rate of mature months, by category, less what has come already.

A cohort is the sales delivered in one month in one category. Months whose returns are over (`mature`) say how much of
such sales comes back in the end; of the younger ones that much is expected, less what was credited. Rates are of value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from backstock.books.models import AccrualLine, Estimate
from backstock.core.amounts import E6, to_base_cents
from backstock.core.spans import month_of
from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.refunds.models import CreditNote, CreditNoteLine
from backstock.returns.models import ReturnLine
from backstock.sales.models import SaleLine, SalePiece

# How many months before the young ones say what is usual.
LOOK_BACK = 12
type Key = tuple[date, str]


@dataclass(slots=True)
class Cohort:
    """What was sold in one month and category, net, what it cost, and what of it was credited or accrued."""

    sold_cents: int = 0
    cost_cents: int = 0
    returned_cents: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """One young cohort with the rate of its category and what is still expected of it."""

    month: date
    category: str
    cohort: Cohort
    own_rate_e6: int
    rate_e6: int
    reason: str = ""

    @property
    def liability_cents(self) -> int:
        """Refunds that are still expected."""
        return max(0, self.cohort.sold_cents * self.rate_e6 // E6 - self.cohort.returned_cents)

    @property
    def asset_cents(self) -> int:
        """The cost of the goods that would come with them."""
        sold = self.cohort.sold_cents
        return self.cohort.cost_cents * self.liability_cents // sold if sold else 0


def months_back(month: date, count: int) -> date:
    """Return the month that many months before, or the first there is."""
    number = max(date.min.year * 12, month.year * 12 + month.month - 1 - count)
    return date(number // 12, number % 12 + 1, 1)


def expected(
    cohorts: Mapping[Key, Cohort], through: date, mature: int, overrides: Mapping[Key, tuple[int, str]]
) -> list[Expected]:
    """Apply the rates of mature months to the young ones; a category without mature sales takes the rate of all."""
    young = months_back(month_of(through), mature - 1)
    sums: dict[str, Cohort] = defaultdict(Cohort)
    for (month, category), each in cohorts.items():
        if month < young:
            for name in (f"c{category}", "all"):
                sums[name].sold_cents += each.sold_cents
                sums[name].returned_cents += each.returned_cents
    found = []
    for (month, category), each in sorted(cohorts.items()):
        if month >= young:
            base = sums[f"c{category}"] if sums[f"c{category}"].sold_cents else sums["all"]
            own = min(E6, base.returned_cents * E6 // base.sold_cents) if base.sold_cents else 0
            rate, reason = overrides.get((month, category), (own, ""))
            found.append(Expected(month, category, each, own, rate, reason))
    return found


def cohorts(through: date, mature: int) -> dict[Key, Cohort]:
    """Read the sales delivered up to a day, with what of them was credited up to it."""
    first = months_back(month_of(through), mature - 1 + LOOK_BACK)
    lines = SaleLine.objects.filter(delivered_first_on__gte=first, delivered_first_on__lte=through)
    found: dict[Key, Cohort] = defaultdict(Cohort)
    keys: dict[int, tuple[Key, int]] = {}
    columns = ("pk", "delivered_first_on", "product__category", "sale__rate_e9", "invoiced_net_cents")
    for pk, day, category, rate, net in lines.values_list(*columns):
        key = (month_of(day), category)
        keys[pk] = key, rate
        found[key].sold_cents += to_base_cents(net, rate)
    for pk, cost in _costs(lines):
        found[keys[pk][0]].cost_cents += cost
    for pk, cents in _returned(lines, through):
        found[keys[pk][0]].returned_cents += to_base_cents(cents, keys[pk][1])
    for pk, cents in _accrued(lines, through):
        found[keys[pk][0]].returned_cents += cents
    return dict(found)


def _costs(lines: QuerySet[SaleLine]) -> Iterable[tuple[int, int]]:
    pieces = SalePiece.objects.filter(line__in=lines).order_by().values_list("line_id")
    return pieces.annotate(sum=Sum("cost_cents"))


def _returned(lines: QuerySet[SaleLine], through: date) -> Iterable[tuple[int, int]]:
    undone = CreditNote.objects.filter(mirrors_log_id=OuterRef("note__log_id"), issued_on__lte=through)
    notes = CreditNoteLine.objects.filter(~Exists(undone), note__issued_on__lte=through, note__mirrors_log_id=0)
    return _by_sale_line(lines, notes.order_by().values_list("return_line_id").annotate(sum=Sum("net_cents")))


def _accrued(lines: QuerySet[SaleLine], through: date) -> Iterable[tuple[int, int]]:
    """What the cut-off of the same day accrued stands in the books already."""
    rows = AccrualLine.objects.filter(Q(through=through, side="credit")).order_by()
    return _by_sale_line(lines, rows.values_list("line_id").annotate(sum=Sum("amount_cents")))


def _by_sale_line(lines: QuerySet[SaleLine], sums: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    of = dict(ReturnLine.objects.filter(sale_line_id__in=lines).values_list("pk", "sale_line_id"))
    return [(of[line_id], cents) for line_id, cents in sums if line_id in of]


def standing_estimate() -> Estimate | None:
    """Return the estimate that stands in the books."""
    return Estimate.objects.order_by("-pk").first()


def estimate_pays(liability_cents: int, asset_cents: int) -> list[Pay]:
    """What the liability and the asset change by; below zero the other way round."""
    return [
        Pay(amount_cents=liability_cents, debit=Role.expected_returns, credit=Role.refund_liability),
        Pay(amount_cents=asset_cents, debit=Role.return_asset, credit=Role.expected_returns_cost),
    ]
