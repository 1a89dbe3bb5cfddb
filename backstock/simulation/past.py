"""The lines that were asked back, as cases to be decided again: what a request's facts were is taken from its document.

What nobody noted then stays unknown, and of a customer's history only what was noted counts: it was another one then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any, Final

from django.db.models import QuerySet, Sum

from backstock.policies.law import LawBook
from backstock.returns.deciding import table_facts
from backstock.returns.deciding.flowing import sold_cents
from backstock.returns.deciding.notices import UNINFORMED, notices_of
from backstock.returns.models import ReturnLine
from backstock.sales.models import SaleLine
from backstock.simulation.judging import Case
from backstock.stock.queries import restocked_cents

CHUNK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which lines are tried: asked for in a period, and of these values where they are named."""

    since: date
    through: date
    category: str = ""
    reason: str = ""
    channel: str = ""
    customer: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A line that was asked back; `recovered_cents` is what of its goods went on a shelf again, at its value there."""

    number: str
    on: date
    customer: str
    sku: str
    category: str
    reason: str
    worth_cents: int
    recovered_cents: int
    case: Case


def lines_in(scope: Scope) -> QuerySet[ReturnLine]:
    """Return the lines of sales that a scope names, the newest first."""
    named = {
        "product__category": scope.category, "reason": scope.reason, "rma__channel": scope.channel,
        "rma__customer__code": scope.customer, "rma__type": scope.type,
    }  # fmt: skip
    lines = ReturnLine.objects.filter(rma__requested_on__range=(scope.since, scope.through), sale_line_id__gt=0)
    lines = lines.filter(**{name: value for name, value in named.items() if value})
    return lines.select_related("rma__customer", "product").order_by("-pk")


def past(
    scope: Scope, book: LawBook, asked: Collection[str], seen: Callable[[int], None] | None = None
) -> Iterator[Past]:
    """Read the lines of a scope with the facts that tables ask, some at a time; tells how many were read."""
    count = 0
    for chunk in batched(lines_in(scope).iterator(chunk_size=CHUNK), CHUNK):
        sold = SaleLine.objects.select_related("sale").in_bulk({line.sale_line_id for line in chunk})
        asked_e4, told = _quantities(chunk), notices_of({line.sale_id for line in chunk})
        back = restocked_cents([line.rma.number for line in chunk])
        for line in chunk:
            if (sale_line := sold.get(line.sale_line_id)) is not None:
                codes = {c for pk in (0, sale_line.pk) for c in told.get((line.sale_id, pk), ())} - {UNINFORMED}
                yield _past(line, sale_line, asked_e4.get(line.pk, 0), codes, back.get(line.pk, 0), book, asked)
        count += len(chunk)
        if seen is not None:
            seen(count)


def _quantities(lines: Sequence[ReturnLine]) -> dict[int, int]:
    """Return what was asked back of each line, in its own units."""
    pieces = ReturnLine.objects.filter(pk__in=[line.pk for line in lines]).values(
        "pk", "pieces__per_line_e4", "pieces__product_id"
    )
    found: dict[int, list[int]] = {}
    for each in pieces.annotate(asked=Sum("pieces__requested_e4")):
        if per := each["pieces__per_line_e4"]:
            found.setdefault(each["pk"], []).append((each["asked"] or 0) * 10**4 // per)
    return {pk: min(parts) for pk, parts in found.items()}


def _past(
    line: ReturnLine, sold: SaleLine, asked_e4: int, codes: Collection[str], back_cents: int, book: LawBook, asked: Collection[str]
) -> Past:  # fmt: skip
    rma, noted = line.rma, line.terms.get("facts") or {}
    delivered_on, on = sold.delivered_last_on, rma.requested_on
    worth = sold_cents(sold, asked_e4, sold.sale.rate_e9)
    more = table_facts.of_line(
        amount_cents=worth, quantity_e4=asked_e4, evidence=False, opened=noted.get("opened"),
        condition=str(noted.get("condition") or ""), country=book.market(rma.channel).country,
        days_since_delivery=(on - delivered_on).days if delivered_on and delivered_on <= on else None, exceptions=codes,
        customer={"customer_level": rma.customer.level or None},
    )  # fmt: skip
    own: dict[str, Any] = {
        "customer": rma.customer.code, "type": rma.type, "channel": rma.channel, "sku": line.product.sku,
        "category": line.product.category, "reason": line.reason,
    }  # fmt: skip
    known = {**own, **more, "evidence": noted.get("evidence")}
    known |= {name: noted[name] for name in asked if name in noted and name in table_facts.OF_CUSTOMER}
    case = Case(
        facts={name: value for name, value in known.items() if value not in (None, "")},
        on=on, delivered_on=delivered_on, ordered_on=sold.sale.ordered_on, exceptions=codes,
    )  # fmt: skip
    return Past(
        rma.number, on, rma.customer.code, line.product.sku, line.product.category, line.reason, worth, back_cents, case
    )
