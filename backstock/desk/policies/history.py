"""A draft tried on the company's own past: each line that was asked back is decided again, by the policy of now and by the draft.

What a request's facts were is taken from the document where it kept them; what nobody noted then stays unknown. What
customers would have done otherwise under other terms is not guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any, Final

from django.db.models import Sum

from backstock.desk.policies.judging import Case, Verdict, judge
from backstock.policies.law import LawBook
from backstock.returns.deciding import table_facts
from backstock.returns.deciding.flowing import sold_cents
from backstock.returns.deciding.notices import UNINFORMED, notices_of
from backstock.returns.models import ReturnLine
from backstock.sales.models import SaleLine

# The newest lines; a page waits for no more.
MOST_LINES: Final = 20_000
MOST_SHOWN: Final = 100
CHUNK: Final = 500


@dataclass(slots=True)
class Sums:
    """What comes of some lines under one policy."""

    outcomes: dict[str, int] = field(default_factory=dict)
    refund_cents: int = 0
    fee_cents: int = 0

    def add(self, verdict: Verdict, worth_cents: int) -> None:
        """Count a line."""
        self.outcomes[verdict.outcome] = self.outcomes.get(verdict.outcome, 0) + 1
        self.refund_cents += verdict.refund_cents(worth_cents)
        self.fee_cents += verdict.fee_cents(worth_cents)


@dataclass(slots=True)
class Pair:
    """The same lines under the policy of now and under the draft."""

    now: Sums = field(default_factory=Sums)
    draft: Sums = field(default_factory=Sums)
    lines: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of which something else would come."""

    number: str
    on: date
    sku: str
    category: str
    reason: str
    worth_cents: int
    now: Verdict
    draft: Verdict


@dataclass(slots=True)
class Trial:
    """What a draft would have done since a day."""

    since: date
    through: date
    all: Pair = field(default_factory=Pair)
    by_category: dict[str, Pair] = field(default_factory=dict)
    by_reason: dict[str, Pair] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    # Facts that the table of the draft asks, and of how many lines nobody noted them.
    unknown: dict[str, int] = field(default_factory=dict)
    is_cut: bool = False


def run_trial(
    now: Mapping[str, Any], draft: Mapping[str, Any], book: LawBook, since: date, through: date
) -> Trial:  # fmt: skip
    """Decide the lines of returns asked for in a period by both policies."""
    trial = Trial(since, through)
    asked = table_facts.asked_by(draft)
    lines = ReturnLine.objects.filter(rma__requested_on__range=(since, through), sale_line_id__gt=0)
    lines = lines.select_related("rma__customer", "product").order_by("-pk")
    for n, (line, case) in enumerate(_cases(lines, book, asked | table_facts.asked_by(now))):
        if n == MOST_LINES:
            trial.is_cut = True
            break
        _count(trial, line, case, judge(now, case, book), judge(draft, case, book))
        for fact in asked - case.facts.keys():
            trial.unknown[fact] = trial.unknown.get(fact, 0) + 1
    return trial


def _count(trial: Trial, line: ReturnLine, case: Case, now: Verdict, draft: Verdict) -> None:
    worth = int(case.facts["amount_cents"])
    figures = [(each.outcome, each.refund_cents(worth), each.terms.refund_to) for each in (now, draft)]
    differs = figures[0] != figures[1]
    category, reason = str(case.facts.get("category", "")), line.reason
    for pair in (
        trial.all, trial.by_category.setdefault(category, Pair()), trial.by_reason.setdefault(reason, Pair()),
    ):  # fmt: skip
        pair.lines += 1
        pair.changed += differs
        pair.now.add(now, worth)
        pair.draft.add(draft, worth)
    if differs and len(trial.changed) < MOST_SHOWN:
        number, on = line.rma.number, line.rma.requested_on
        trial.changed.append(Changed(number, on, line.product.sku, category, reason, worth, now, draft))


def _cases(lines: Any, book: LawBook, asked: Collection[str]) -> Iterator[tuple[ReturnLine, Case]]:
    for chunk in batched(lines.iterator(chunk_size=CHUNK), CHUNK):
        sold = SaleLine.objects.select_related("sale").in_bulk({line.sale_line_id for line in chunk})
        asked_e4 = _quantities(chunk)
        told = notices_of({line.sale_id for line in chunk})
        for line in chunk:
            if (sale_line := sold.get(line.sale_line_id)) is not None:
                codes = {c for pk in (0, sale_line.pk) for c in told.get((line.sale_id, pk), ())} - {UNINFORMED}
                yield line, _case(line, sale_line, asked_e4.get(line.pk, 0), codes, book, asked)


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


def _case(
    line: ReturnLine, sold: SaleLine, asked_e4: int, codes: Collection[str], book: LawBook, asked: Collection[str]
) -> Case:  # fmt: skip
    rma, noted = line.rma, line.terms.get("facts") or {}
    delivered_on, on = sold.delivered_last_on, rma.requested_on
    more = table_facts.of_line(
        amount_cents=sold_cents(sold, asked_e4, sold.sale.rate_e9), quantity_e4=asked_e4, evidence=False,
        opened=noted.get("opened"), condition=str(noted.get("condition") or ""), country=book.market(rma.channel).country,
        days_since_delivery=(on - delivered_on).days if delivered_on and delivered_on <= on else None, exceptions=codes,
        customer={"customer_level": rma.customer.level or None},
    )  # fmt: skip
    own = {
        "customer": rma.customer.code, "type": rma.type, "channel": rma.channel, "sku": line.product.sku,
        "category": line.product.category, "reason": line.reason,
    }  # fmt: skip
    # Of the customer's history only what was noted at the request counts: it was another one then.
    more["evidence"] = noted.get("evidence")
    known = {
        **own,
        **more,
        **{name: noted[name] for name in asked if name in noted and name in table_facts.OF_CUSTOMER},
    }
    return Case(
        facts={name: value for name, value in known.items() if value not in (None, "")},
        on=on, delivered_on=delivered_on, ordered_on=sold.sale.ordered_on, exceptions=codes,
    )  # fmt: skip
