"""A draft tried on the past: each line that was asked back is decided by the policy of now and by the draft.

What customers would have done otherwise under other terms is not guessed: who asks for that says how, and sees it apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backstock.core.amounts import E6
from backstock.policies.law import LawBook
from backstock.returns.deciding import table_facts
from backstock.simulation.judging import Verdict, judge
from backstock.simulation.past import Past, Scope, past

# How far a verdict goes against the customer; what cannot be asked for at all goes furthest.
_AGAINST: Final = {"approve": 0, "review": 1}


@dataclass(slots=True)
class Sums:
    """What comes of some lines under one policy; the way back is counted where we bear it."""

    outcomes: dict[str, int] = field(default_factory=dict)
    refund_cents: int = 0
    fee_cents: int = 0
    freight_lines: int = 0
    recovered_cents: int = 0

    def add(self, verdict: Verdict, line: Past) -> None:
        """Count a line; goods of a return that was never made went on no shelf."""
        self.outcomes[verdict.outcome] = self.outcomes.get(verdict.outcome, 0) + 1
        self.refund_cents += verdict.refund_cents(line.worth_cents)
        self.fee_cents += verdict.fee_cents(line.worth_cents)
        self.freight_lines += verdict.is_open and verdict.terms.freight == "company"
        self.recovered_cents += line.recovered_cents if verdict.is_open else 0

    @property
    def approved(self) -> int:
        """Lines that nobody needs to look at."""
        return self.outcomes.get("approve", 0)

    @property
    def reviewed(self) -> int:
        """Lines that a person decides."""
        return self.outcomes.get("review", 0)

    @property
    def refused(self) -> int:
        """Lines that are turned down, come too late, or are not offered."""
        return sum(self.outcomes.values()) - self.approved - self.reviewed


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

    line: Past
    now: Verdict
    draft: Verdict

    @property
    def is_stricter(self) -> bool:
        """Whether the customer gets less, or needs more to get it."""
        worth = self.line.worth_cents
        now, draft = (_AGAINST.get(each.outcome, 2) for each in (self.now, self.draft))
        return draft > now or (draft == now and self.draft.refund_cents(worth) < self.now.refund_cents(worth))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What somebody assumes: of lines that get stricter so many would not be asked for; what one way back costs us."""

    stays_away_e6: int = 0
    freight_cents: int = 0


@dataclass(slots=True)
class Trial:
    """What a draft would have done to the lines of a scope."""

    scope: Scope
    all: Pair = field(default_factory=Pair)
    by_category: dict[str, Pair] = field(default_factory=dict)
    by_reason: dict[str, Pair] = field(default_factory=dict)
    by_customer: dict[str, Pair] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    # What the draft says of the lines that it makes stricter.
    stricter: Sums = field(default_factory=Sums)
    # Facts that the table of the draft asks, and of how many lines nobody noted them.
    unknown: dict[str, int] = field(default_factory=dict)
    is_cut: bool = False

    def assumed(self, what: Assumption) -> Sums:
        """Return the draft's sums less those lines that, as somebody assumes, would not be asked for."""
        draft, less = self.all.draft, self.stricter

        def left(whole: int, part: int) -> int:
            return whole - part * what.stays_away_e6 // E6

        return Sums(
            {name: left(count, less.outcomes.get(name, 0)) for name, count in draft.outcomes.items()},
            left(draft.refund_cents, less.refund_cents), left(draft.fee_cents, less.fee_cents),
            left(draft.freight_lines, less.freight_lines), left(draft.recovered_cents, less.recovered_cents),
        )  # fmt: skip


def run_trial(
    now: Mapping[str, Any], draft: Mapping[str, Any], book: LawBook, scope: Scope, most: int | None = None,
    seen: Callable[[int], None] | None = None,
) -> Trial:  # fmt: skip
    """Decide the lines of a scope by both policies, the newest `most` of them."""
    trial = Trial(scope)
    asked = table_facts.asked_by(draft)
    for n, line in enumerate(past(scope, book, asked | table_facts.asked_by(now), seen)):
        if n == most:
            trial.is_cut = True
            break
        _count(trial, line, judge(now, line.case, book), judge(draft, line.case, book))
        for fact in asked - line.case.facts.keys():
            trial.unknown[fact] = trial.unknown.get(fact, 0) + 1
    return trial


def _count(trial: Trial, line: Past, now: Verdict, draft: Verdict) -> None:
    figures = [
        (each.outcome, each.refund_cents(line.worth_cents), each.terms.refund_to, each.terms.freight)
        for each in (now, draft)
    ]
    differs = figures[0] != figures[1]
    for pair in (
        trial.all, trial.by_category.setdefault(line.category, Pair()), trial.by_reason.setdefault(line.reason, Pair()),
        trial.by_customer.setdefault(line.customer, Pair()),
    ):  # fmt: skip
        pair.lines += 1
        pair.changed += differs
        pair.now.add(now, line)
        pair.draft.add(draft, line)
    if differs:
        trial.changed.append(changed := Changed(line, now, draft))
        if changed.is_stricter:
            trial.stricter.add(draft, line)
