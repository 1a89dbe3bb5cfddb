"""A flow as a function of facts: which one a return takes, and what it asks of each step. Pure.

Of the flows whose conditions all hold the most specific one is taken. How specific a condition is, from most to least:
an amount, a reason, a category, what is known of the sale, a channel, a type. One stronger condition beats all weaker
ones together; of two amounts the higher wins. A condition on category or reason holds when any line meets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

STEPS: Final = ("request", "approve", "receive", "inspect", "dispose", "settle")
# The steps that have a clock; `replace` stands in for `settle` where goods are given instead of money.
CLOCKS: Final = ("approve", "receive", "inspect", "dispose", "settle", "replace")
# What of a version a running return keeps.
ASKED: Final = (
    "levels", "settle_levels", "evidence", "checklist", "inspection", "refund_when", "deadlines", "papers", "told", "four_eyes",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the choice of a flow may look at; the amount is what was paid for the goods, in the company's currency."""

    type: str = "return_refund"
    channel: str = "shop"
    # shipped, not_shipped, none
    sale: str = "shipped"
    categories: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    amount_cents: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """A version of a flow: its code, its id (0: the product's own), and its terms."""

    code: str
    version_id: int = 0
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def when(self) -> Mapping[str, Any]:
        """Return the conditions."""
        found: Mapping[str, Any] = self.terms.get("when") or {}
        return found

    def kept(self) -> dict[str, Any]:
        """Return what a return keeps of this version: what it asks."""
        return {name: self.terms[name] for name in ASKED if self.terms.get(name)}

    def defaults(self) -> dict[str, Any]:
        """Return the terms that hold where the policy says nothing."""
        return {name: self.terms[name] for name in ("inspection", "refund_when", "checklist") if self.terms.get(name)}


PLAIN: Final = Flow("plain")


def holds(when: Mapping[str, Any], facts: Facts) -> bool:
    """Tell whether every condition is met."""
    return (
        (not when.get("types") or facts.type in when["types"])
        and (not when.get("channel") or when["channel"] == facts.channel)
        and (not when.get("sale") or when["sale"] == facts.sale)
        and (not when.get("category") or when["category"] in facts.categories)
        and (not when.get("reason") or when["reason"] in facts.reasons)
        and facts.amount_cents >= (when.get("from_cents") or 0)
    )


def rank(when: Mapping[str, Any]) -> tuple[int, int]:
    """Return how specific conditions are."""
    said = ("types", "channel", "sale", "category", "reason", "from_cents")
    return sum(bool(when.get(name)) << n for n, name in enumerate(said)), when.get("from_cents") or 0


def choose(flows: Iterable[Flow], facts: Facts) -> Flow:
    """Return the most specific flow whose conditions hold; of equals the first by code."""
    fitting = [flow for flow in flows if not flow.terms.get("retired") and holds(flow.when, facts)]
    return min(fitting, key=lambda flow: (*(-each for each in rank(flow.when)), flow.code), default=PLAIN)


def levels_needed(asks: Mapping[str, Any], amount_cents: int, kind: str = "levels") -> list[str]:
    """Return the roles of the levels that an amount needs, from the first up; none: the permission is enough."""
    levels = sorted(asks.get(kind) or (), key=lambda level: level["from_cents"])
    return [level["role"] for level in levels if amount_cents >= level["from_cents"]]


def level_for(needed: Sequence[str], every: Sequence[str], given: Iterable[int], roles: Iterable[str]) -> int | None:
    """Return the level that somebody with these roles gives: the highest open one; a higher role stands in for a lower.

    `needed` are the roles of the levels this amount needs, `every` those of all levels of the flow.
    """
    mine = [n for n, role in enumerate(every) if role in set(roles)]
    if not mine:
        return None
    done = set(given)
    return max((n for n in range(len(needed)) if n not in done and n <= max(mine)), default=None)


def evidence_asked(asks: Mapping[str, Any], step: str) -> tuple[int, bool]:
    """Return how many photos or papers a step needs, and whether it needs a note."""
    wanted = (asks.get("evidence") or {}).get(step) or {}
    return wanted.get("files", 0), bool(wanted.get("note"))


def others_of(asks: Mapping[str, Any], step: str) -> dict[str, int]:
    """Return the steps that somebody else must have done than who does this one, and above which amount."""
    found: dict[str, int] = {}
    for pair in asks.get("four_eyes") or ():
        first, second = pair["steps"]
        if step in (first, second):
            other = second if step == first else first
            found[other] = min(found.get(other, pair["above_cents"]), pair["above_cents"])
    return found


def due(asks: Mapping[str, Any], step: str, on: date, at: datetime, zone: str) -> datetime | None:
    """Return until when a step is to be done that can begin now: hours run from the moment, days end with the day."""
    span = (asks.get("deadlines") or {}).get(step)
    if not span:
        return None
    if span.get("hours"):
        return at + timedelta(hours=span["hours"])
    return end_of(on + timedelta(days=span.get("days") or 0), zone)


def end_of(day: date, zone: str) -> datetime:
    """Return the last second of a business day."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def earliest(*untils: datetime | None) -> datetime | None:
    """Return which deadline binds: the first of them."""
    return min((until for until in untils if until is not None), default=None)


def starts_settling(terms_when: str, inspection: str) -> str:
    """Return the step with whose end the money of a line falls due."""
    after = {"approved": "approve", "received": "receive", "inspected": "inspect", "disposed": "dispose"}[terms_when]
    return "receive" if after == "inspect" and inspection == "none" else after
