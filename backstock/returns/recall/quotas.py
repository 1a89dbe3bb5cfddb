"""Quotas: what a customer may send back in a period, what of it is used, and what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum

from backstock.core.amounts import E6, decimal_text, share
from backstock.core.commands import Batch
from backstock.partners.models import Partner
from backstock.policies.engine import Finding, Outcome
from backstock.returns.models import Quota, Return
from backstock.returns.queries import sale_lines_of, with_lines
from backstock.returns.requests.planning import Plan, RequestReturn
from backstock.returns.requests.requesting import Matched, Sold
from backstock.sales.models import SaleLine

STANDING = ("requested", "approved", "closed")


def has_quota() -> Exists:
    """Say of a sold piece whether its customer has a quota: joined into the read that a request makes anyway."""
    mine = Q(customer_id=OuterRef("line__sale__customer_id")) | Q(level=OuterRef("line__sale__customer__level"))
    return Exists(Quota.objects.filter(mine, ended_on=None))


def begins_on(period: str, day: date) -> date:
    """Return the first day of the month, quarter or year of a day."""
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


@dataclass(frozen=True, slots=True)
class Use:
    """A quota as it stands on a day, in the company's currency."""

    quota: Quota
    since: date
    allowed_cents: int
    used_cents: int

    @property
    def left_cents(self) -> int:
        """What may still come back."""
        return self.allowed_cents - self.used_cents


def quotas_of(customer: Partner) -> list[Quota]:
    """Return the quotas that hold for a customer: own ones, and those of the level."""
    mine = Q(customer=customer) | (Q(level=customer.level, customer=None) if customer.level else Q(pk__in=[]))
    return list(Quota.objects.filter(mine, ended_on=None).order_by("pk"))


def uses_of(customer: Partner, day: date) -> list[Use]:
    """Reckon the quotas of a customer on a day; a customer without any costs one statement."""
    return [_use(quota, customer, day) for quota in quotas_of(customer)]


def _use(quota: Quota, customer: Partner, day: date) -> Use:
    since = begins_on(quota.period, day)
    bought = SaleLine.objects.filter(sale__customer=customer, sale__ordered_on__range=(since, day))
    if quota.category:
        bought = bought.filter(product__category=quota.category)
    sums = bought.aggregate(net=Sum("net_cents"), tax=Sum("tax_cents"))
    total = (sums["net"] or 0) + (sums["tax"] or 0)
    allowed = quota.amount_cents if quota.amount_cents is not None else total * (quota.percent_e6 or 0) // E6
    return Use(quota, since, allowed, _used(quota, customer, since, day))


def _used(quota: Quota, customer: Partner, since: date, day: date) -> int:
    rows = Return.objects.filter(customer=customer, requested_on__range=(since, day), status__in=STANDING)
    returns = with_lines(list(rows))
    sold, total = sale_lines_of(returns), 0
    for line in (line for rma in returns for line in rma.lines if line.row.decision != "reject"):
        of = sold.get(line.row.sale_line_id)
        if of is not None and quota.category in ("", line.row.product.category):
            total += share(of.net_cents + of.tax_cents, line.in_line_units("requested_e4"), of.quantity_e4)
    return total


def apply_quotas(batch: Batch[RequestReturn], sales: Iterable[Sold]) -> None:
    """Let a person look at requests above a quota; customers without one cost no statement."""
    bound = {
        sold.row.customer_id for sold in sales if any(_flag(piece) for line in sold.lines for piece in line.pieces)
    }
    asked: dict[int, int] = {}
    for item in batch.open:
        plan: Plan = item.plan
        if plan.customer_id not in bound or not plan.matched:
            continue
        for use in uses_of(plan.matched[0].sold.row.customer, item.on):
            mine = [each for each in plan.matched if use.quota.category in ("", each.line.row.product.category)]
            wanted = sum(_worth(each) for each in mine)
            before = asked.get(use.quota.pk, 0)
            asked[use.quota.pk] = before + wanted
            if mine and wanted + before > use.left_cents:
                _review(mine, use, batch.digits)


def _flag(piece: Any) -> bool:
    return bool(getattr(piece, "has_quota", False))


def _worth(matched: Matched) -> int:
    row = matched.line.row
    return share(row.net_cents + row.tax_cents, matched.quantity_e4, row.quantity_e4)


def _review(lines: Iterable[Matched], use: Use, digits: int) -> None:
    facts = {
        "allowed": decimal_text(use.allowed_cents, digits, trim=False),
        "used": decimal_text(use.used_cents, digits, trim=False),
    }
    for line in lines:
        finding = Finding("quota_exceeded", Outcome.review, facts)
        outcome = max(line.decision.outcome, Outcome.review)
        line.decision = replace(line.decision, outcome=outcome, findings=(*line.decision.findings, finding))
