"""Quotas: what a customer may send back in a period, what of it is used, and what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, Sum

from backstock.core.amounts import E6, decimal_text, line_cents, to_base_cents
from backstock.core.commands import Batch
from backstock.core.numbers import document_id
from backstock.partners.models import Partner
from backstock.policies.engine import Finding, Outcome
from backstock.returns.deciding.flowing import sold_cents
from backstock.returns.loading import LoadedLine
from backstock.returns.models import Quota, Return
from backstock.returns.queries import sale_lines_of, with_lines
from backstock.returns.requests.planning import Plan, RequestReturn
from backstock.returns.requests.requesting import BlindLine, Matched, Sold
from backstock.sales.models import SaleLine

STANDING = ("requested", "approved", "closed")
# Whoever keeps the goods sends nothing back.
KEPT = ("allowance",)
# Nothing arrives, yet what was given for it counts.
NOTHING_ARRIVES = ("refund_only",)


def has_quota() -> Exists:
    """Say of a sold piece whether its customer has a quota: joined into the read that a request makes anyway."""
    mine = Q(customer_id=OuterRef("line__sale__customer_id"))
    of_level = Q(level=OuterRef("line__sale__customer__level"), customer=None)
    return Exists(Quota.objects.filter(mine | of_level, ended_on=None))


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

    @property
    def percent(self) -> int:
        """How much of it is used; above 100 when more came back than was agreed."""
        return self.used_cents * 100 // self.allowed_cents if self.allowed_cents else 100 * bool(self.used_cents)


def quotas_of(customer: Partner) -> list[Quota]:
    """Return the quotas that hold for a customer: own ones, and those of the level."""
    mine = Q(customer=customer) | (Q(level=customer.level, customer=None) if customer.level else Q(pk__in=[]))
    return list(Quota.objects.filter(mine, ended_on=None).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a return that uses quotas up, in the company's currency."""

    rma: Return
    line: LoadedLine
    quantity_e4: int
    base_cents: int


def uses_of(customer: Partner, day: date) -> list[Use]:
    """Reckon the quotas of a customer on a day; a customer without any costs one statement."""
    quotas = quotas_of(customer)
    if not quotas:
        return []
    lines = counted_lines(customer, min(begins_on(quota.period, day) for quota in quotas), day)
    return [_use(quota, customer, day, lines) for quota in quotas]


def _use(quota: Quota, customer: Partner, day: date, lines: Iterable[Counted]) -> Use:
    since = begins_on(quota.period, day)
    used = sum(each.base_cents for each in lines_of(quota, since, lines))
    if quota.amount_cents is not None:
        return Use(quota, since, quota.amount_cents, used)
    bought = SaleLine.objects.filter(sale__customer=customer, sale__ordered_on__range=(since, day))
    if quota.category:
        bought = bought.filter(product__category=quota.category)
    sums = bought.values("sale__rate_e9").annotate(paid=Sum(F("net_cents") + F("tax_cents")))
    total = sum(to_base_cents(int(paid), rate) for rate, paid in sums.values_list("sale__rate_e9", "paid"))
    return Use(quota, since, total * (quota.percent_e6 or 0) // E6, used)


def lines_of(quota: Quota, since: date, lines: Iterable[Counted]) -> list[Counted]:
    """Return the lines that a quota counts."""
    return [
        each
        for each in lines
        if each.rma.requested_on >= since and quota.category in ("", each.line.row.product.category)
    ]


def counted_lines(customer: Partner, since: date, day: date) -> list[Counted]:
    """Return what a customer sent back, or still may, in a period; what we called back ourselves does not count."""
    found = Return.objects.filter(customer=customer, requested_on__range=(since, day), status__in=STANDING)
    rows = [row for row in found.exclude(type__in=KEPT).order_by("pk") if document_id("RC", row.reference) is None]
    returns = with_lines(rows)
    sold = sale_lines_of(returns)
    lines = []
    for rma in returns:
        for line in (line for line in rma.lines if line.row.decision != "reject"):
            quantity_e4 = line.in_line_units(_counter(rma.row))
            of = sold.get(line.row.sale_line_id)
            cents = (
                line_cents(quantity_e4, line.row.unit_price_e6 or 0, rma.row.currency_digits)
                if of is None
                else sold_cents(of, quantity_e4, of.sale.rate_e9)
            )
            if quantity_e4:
                lines.append(Counted(rma.row, line, quantity_e4, cents))
    return lines


def _counter(rma: Return) -> str:
    """Say which counter tells how much of a return counts: what is wished, may come, or came."""
    if rma.status == "requested":
        return "requested_e4"
    return "received_e4" if rma.status == "closed" and rma.type not in NOTHING_ARRIVES else "authorized_e4"


def apply_quotas(batch: Batch[RequestReturn], sales: Iterable[Sold]) -> None:
    """Let a person look at requests above a quota; customers without one cost no statement."""
    bound = {
        sold.row.customer_id: sold.row.customer
        for sold in sales
        if any(getattr(piece, "has_quota", False) for line in sold.lines for piece in line.pieces)
    }
    plans = [(item.on, item.plan) for item in batch.open if item.input.recall is None and item.input.type not in KEPT]
    unknown = {plan.customer_id for _, plan in plans if plan.blind}
    if unknown:
        bound |= Partner.objects.in_bulk(unknown)
    known: dict[tuple[int, date], list[Use]] = {}
    asked: dict[tuple[int, int, date], int] = {}
    for on, plan in plans:
        if plan.customer_id not in bound:
            continue
        if (plan.customer_id, on) not in known:
            known[plan.customer_id, on] = uses_of(bound[plan.customer_id], on)
        for use in known[plan.customer_id, on]:
            mine = [each for each in _asked(plan) if use.quota.category in ("", each[1])]
            wanted, key = sum(cents for _, _, cents in mine), (use.quota.pk, plan.customer_id, use.since)
            asked[key] = asked.get(key, 0) + wanted
            if mine and asked[key] > use.left_cents:
                _review([line for line, _, _ in mine], use, batch.digits)


def _asked(plan: Plan) -> list[tuple[Matched | BlindLine, str, int]]:
    """Return the lines of a request with their categories and what they are worth in the company's currency."""
    sold: list[tuple[Matched | BlindLine, str, int]] = [
        (each, each.line.row.product.category, sold_cents(each.line.row, each.quantity_e4, each.sold.row.rate_e9))
        for each in plan.matched
        if each.decision.outcome is not Outcome.reject
    ]
    return sold + [
        (each, each.item.product.category, line_cents(each.quantity_e4, each.unit_price_e6, plan.digits))
        for each in plan.blind
    ]


def _review(lines: Iterable[Matched | BlindLine], use: Use, digits: int) -> None:
    facts = {
        "allowed": decimal_text(use.allowed_cents, digits, trim=False),
        "used": decimal_text(use.used_cents, digits, trim=False),
    }
    for line in lines:
        finding = Finding("quota_exceeded", Outcome.review, facts)
        outcome = max(line.decision.outcome, Outcome.review)
        line.decision = replace(line.decision, outcome=outcome, findings=(*line.decision.findings, finding))
