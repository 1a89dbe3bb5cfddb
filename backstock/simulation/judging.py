"""What a policy would say about one line: the row that decides, the terms, and what the law adds; stores nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backstock.core.amounts import E6
from backstock.policies import law as laws
from backstock.policies.engine import Decision, Facts, Outcome, Terms, decide, row_for, terms_for, window_closes_on
from backstock.policies.law import LawBook
from backstock.policies.table.model import Row

OWN = ("customer", "type", "channel", "sku", "category", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line that is, or might be, asked back: facts by name, and the days of the sale."""

    facts: Mapping[str, Any]
    on: date
    delivered_on: date | None = None
    ordered_on: date | None = None
    exceptions: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of a case: approve, review, reject, expired (too late), not_offered (this type) or evidence (missing)."""

    outcome: str
    row: Row | None
    terms: Terms
    decision: Decision
    last_day: date | None
    right: laws.Right | None

    @property
    def is_open(self) -> bool:
        """Whether the request can be made and is not turned down."""
        return self.outcome in ("approve", "review")

    def fee_cents(self, worth_cents: int) -> int:
        """Return what is kept of the worth of the goods as a fee."""
        return worth_cents * self.terms.restocking_fee_e6 // E6 if self.is_open else 0

    def refund_cents(self, worth_cents: int) -> int:
        """Return what of the worth of the goods would go back."""
        return worth_cents - self.fee_cents(worth_cents) if self.is_open else 0


def judge(policy: Mapping[str, Any], case: Case, book: LawBook) -> Verdict:
    """Apply a policy and the law to a case, as a request does."""
    known = Facts(
        **{name: case.facts[name] for name in OWN if case.facts.get(name)},
        more={name: value for name, value in case.facts.items() if name not in OWN and value is not None},
    )
    terms, row = terms_for(policy, known), row_for(policy, known)
    decision = decide(policy, terms, known)
    last_day = window_closes_on(terms, case.ordered_on or case.on, case.delivered_on)
    asked = laws.Asked(
        type=known.type, channel=known.channel, category=known.category, country=str(case.facts.get("country") or ""),
        is_quality=book.is_quality(known.reason, policy.get("reasons")), delivered_on=case.delivered_on,
        exceptions=frozenset(case.exceptions),
    )  # fmt: skip
    right = laws.right_of(book, asked, case.on)
    if right is not None and case.on <= right.until:
        terms, decision = laws.with_right(terms, right), laws.never_less(decision, right)
    else:
        right = None
    outcome = _outcome(terms, decision, known, None if right else last_day, case.on)
    return Verdict(outcome, row, terms, decision, last_day, right)


def _outcome(terms: Terms, decision: Decision, known: Facts, last_day: date | None, on: date) -> str:
    if terms.remedies and known.type not in terms.remedies:
        return "not_offered"
    if terms.evidence_required and known.more.get("evidence") is False:
        return "evidence"
    if last_day is not None and on > last_day:
        return "expired"
    return Outcome(decision.outcome).name
