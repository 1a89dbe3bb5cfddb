"""What a law says as data: packs of rules, each with its article, its source, its days, and whether somebody checked it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

Kind = Literal["right", "clock", "term", "exception", "duty"]
Ground = Literal["withdrawal", "quality"]
Starts = Literal["delivery", "request", "arrival"]

# Asking for another one, for a repair or for money while keeping the goods is no withdrawal.
WITHDRAWALS: Final = frozenset({"return_refund", "rejected_delivery"})
SWAPS: Final = frozenset({"exchange", "replacement"})
REPAIRS: Final = frozenset({"repair"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a law says, and where. What nobody checked against its text is a company's to correct."""

    code: str
    kind: Kind
    article: str
    source: str
    en: str
    zh: str
    is_verified: bool = False
    since: date | None = None
    until: date | None = None
    # A right or a clock: how long, counted from what; the first day is the one after.
    days: int = 0
    months: int = 0
    working: bool = False
    starts: Starts = "delivery"
    # A clock: what is to be done by then.
    what: str = ""
    # Money may wait until the goods, or a proof that they were sent, are here.
    may_wait: bool = False
    grounds: frozenset[Ground] = frozenset({"withdrawal"})
    types: frozenset[str] = WITHDRAWALS
    # Empty: goods of every category. Of an exception the company says which of its categories it is about.
    categories: frozenset[str] = frozenset()
    # Only for who bought at a distance.
    distance: bool = True
    # Only where the shop did not post its own terms.
    unless_posted: bool = False
    # An exception that counts only where the buyer confirmed it at the purchase.
    confirmed: bool = False
    # What the product sees to by itself; other rules are there to be read.
    is_enforced: bool = True
    is_on: bool = True

    def holds(self, day: date | None) -> bool:
        """Tell whether it is in force and switched on."""
        if not self.is_on:
            return False
        return day is None or ((self.since is None or self.since <= day) and (self.until is None or day <= self.until))

    def about(self, category: str) -> bool:
        """Tell whether it is about goods of a category."""
        return not self.categories or category in self.categories

    def called(self, language: str) -> str:
        """Return what it says in a language."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The law of one market, as far as returns ask it."""

    code: str
    en: str
    zh: str
    rules: tuple[Rule, ...]
    # Days on which nobody works, beside Saturdays and Sundays: only rules that count working days ask.
    holidays: frozenset[date] = frozenset()

    def called(self, language: str) -> str:
        """Return its name in a language."""
        return self.zh if language.lower().startswith("zh") else self.en

    def rule(self, code: str) -> Rule | None:
        """Return a rule by its code."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def of_kind(self, kind: Kind, day: date | None = None) -> list[Rule]:
        """Return the rules of a kind that hold on a day."""
        return [rule for rule in self.rules if rule.kind == kind and rule.holds(day)]

    def beside(self, ground: str, day: date | None) -> dict[str, Rule]:
        """Return what holds beside a right on a ground: who bears what, and what may not be kept."""
        return {rule.code: rule for rule in self.of_kind("term", day) if ground in rule.grounds}

    def last_day(self, rule: Rule, start: date, more_months: int = 0) -> date:
        """Return the last day of a right or a clock."""
        end = months_after(start, rule.months + more_months)
        return working_days_after(end, rule.days, self.holidays) if rule.working else end + timedelta(days=rule.days)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month."""
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def working_days_after(day: date, count: int, holidays: frozenset[date]) -> date:
    """Return the day after so many days on which people work."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in holidays
    return day


# The source of what nobody read.
MEMORY: Final = "own knowledge, not checked against the text"
# What a company may correct of a rule that nobody checked; and what it always says itself.
FACTS: Final = frozenset(
    {"days", "months", "article", "source", "is_verified", "is_on", "since", "until", "categories"}
)
OWN_FACTS: Final = frozenset({"categories"})


def corrected(rule: Rule, facts: Mapping[str, Any]) -> Rule:
    """Return a rule with what a company corrected."""
    known: dict[str, Any] = {name: value for name, value in facts.items() if name in FACTS}
    for name in ("since", "until"):
        if isinstance(known.get(name), str):
            known[name] = date.fromisoformat(known[name])
    if "categories" in known:
        known["categories"] = frozenset(known["categories"])
    return replace(rule, **known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Where goods are sold: under which law, whether at a distance, and whether the shop posts its own terms."""

    law: str = "none"
    channel: str = ""
    country: str = ""
    distance: bool = False
    posted: bool = True

    def is_for(self, channel: str, country: str) -> bool:
        """Tell whether a sale was made here."""
        return self.channel in ("", channel) and self.country in ("", country)


# Reasons that say the goods are at fault, unless a company names its own.
QUALITY_REASONS: Final = (
    "quality", "defective", "defect", "faulty", "in_transit", "arrived_damaged", "wrong_item", "not_as_described", "spoiled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LawBook:
    """The law of a company: the pack it is under, what differs per market, and what it corrected."""

    law: str = "none"
    terms: Mapping[str, Any] = field(default_factory=dict)

    def market(self, channel: str, country: str = "") -> Market:
        """Return the market of a sale: the most exact one that the company named, else its own law."""
        named = [Market(**each) for each in self.terms.get("markets", ())]
        fitting = [each for each in named if each.is_for(channel, country)]
        if fitting:
            return max(fitting, key=lambda each: (bool(each.country), bool(each.channel)))
        return Market(law=self.law, channel=channel, country=country, distance=channel == "online")

    def facts(self, law: str) -> dict[str, Any]:
        """Return what was corrected of a law: rule → facts; and the days on which nobody works."""
        found: dict[str, Any] = {
            code.partition(".")[2]: dict(facts)
            for code, facts in self.terms.get("facts", {}).items()
            if code.partition(".")[0] == law
        }
        if days := self.terms.get("holidays", {}).get(law):
            found["holidays"] = list(days)
        return found

    @property
    def quality_reasons(self) -> Sequence[str]:
        """Return the reasons that say the goods are at fault."""
        return self.terms.get("quality_reasons") or QUALITY_REASONS

    def is_quality(self, reason: str, tree: Mapping[str, Any] | Sequence[str] | None = None) -> bool:
        """Tell whether a reason, or a group of the policy's reasons that holds it, is about the goods' quality."""
        return bool({reason, *_above(reason, tree or {})} & set(self.quality_reasons)) and bool(reason)


def _above(reason: str, tree: Mapping[str, Any] | Sequence[str]) -> list[str]:
    """Return the groups that a reason stands below."""
    if not isinstance(tree, Mapping):
        return []
    for name, below in tree.items():
        if reason in below:
            return [name]
        if found := _above(reason, below):
            return [name, *found]
    return []
