"""What the law gives a customer whatever a policy says: which right is open, and what holds beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from backstock.policies.engine import Decision, Finding, Outcome, Terms
from backstock.policies.law.model import LawBook, Market, Pack, Rule, corrected
from backstock.policies.law.packs import PACKS


def pack_of(law: str, facts: Mapping[str, Any] | None = None) -> Pack | None:
    """Return a pack with what a company corrected of it; None where no law is asked."""
    pack = PACKS.get(law)
    if pack is None or not facts:
        return pack
    holidays = frozenset(date.fromisoformat(day) for day in facts.get("holidays", ()))
    return replace(
        pack, rules=tuple(corrected(rule, facts.get(rule.code, {})) for rule in pack.rules), holidays=holidays
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a line of a request says to the law."""

    type: str = "return_refund"
    channel: str = "shop"
    country: str = ""
    category: str = ""
    # Whether the reason is that the goods are at fault.
    is_quality: bool = False
    delivered_on: date | None = None
    # What the buyer confirmed at the purchase, and whether nobody told of the right to withdraw.
    exceptions: frozenset[str] = frozenset()
    uninformed: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """A customer's right over a line: under which law, by which rule, and the last day of it."""

    law: str
    pack: Pack
    rule: Rule
    until: date
    beside: Mapping[str, Rule] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    # Other rights that are open on the day, whose deadlines and terms hold too.
    also: tuple[Rule, ...] = ()

    @property
    def grounds(self) -> frozenset[str]:
        """Why the customer may ask."""
        return frozenset(ground for rule in (self.rule, *self.also) for ground in rule.grounds)

    @property
    def article(self) -> str:
        """The article that gives it."""
        return self.rule.article


def right_of(book: LawBook, asked: Asked, on: date) -> Right | None:
    """Return the right over a line that is open on a day, else the last one that was; the day of delivery does not count."""
    market = book.market(asked.channel, asked.country)
    facts = book.facts(market.law)
    pack = pack_of(market.law, facts)
    if pack is None or asked.delivered_on is None:
        return None
    found = []
    for rule in pack.of_kind("right", asked.delivered_on):
        ground = "quality" if "quality" in rule.grounds else "withdrawal"
        if _gives(rule, ground, market, pack, asked):
            beside = pack.beside(ground, asked.delivered_on)
            more = beside["uninformed"].months if asked.uninformed and "uninformed" in beside else 0
            until = pack.last_day(rule, asked.delivered_on, more)
            found.append(Right(market.law, pack, rule, until, beside, facts))
    open_ = [right for right in found if right.until >= on]
    best = max(open_ or found, key=lambda right: ("quality" in right.rule.grounds, right.until), default=None)
    if best is None or len(open_) < 2:
        return best
    also = tuple(right.rule for right in open_ if right is not best)
    return replace(best, also=also, beside={code: rule for right in open_ for code, rule in right.beside.items()})


def _gives(rule: Rule, ground: str, market: Market, pack: Pack, asked: Asked) -> bool:
    if asked.type not in rule.types or not rule.about(asked.category):
        return False
    if (rule.distance and not market.distance) or (rule.unless_posted and market.posted):
        return False
    return asked.is_quality if ground == "quality" else exception_for(pack, asked) is None


def exception_for(pack: Pack, asked: Asked) -> Rule | None:
    """Return what takes the right to withdraw away: goods by their nature, or as the buyer confirmed at the purchase."""
    for rule in pack.of_kind("exception", asked.delivered_on):
        by_nature = not rule.confirmed and bool(rule.categories) and asked.category in rule.categories
        if by_nature or rule.code in asked.exceptions:
            return rule
    return None


def with_right(terms: Terms, right: Right) -> Terms:
    """Return the terms of a line for whoever asks in time: never less than the law gives."""
    changes: dict[str, Any] = {}
    if "first_shipping" in right.beside and terms.refund_shipping == "never":
        changes["refund_shipping"] = "full_return"
    if {"full_price", "seller_freight"} & right.beside.keys():
        changes |= {"restocking_fee_e6": 0, "usage_per_day_e6": 0}
    if "same_means" in right.beside:
        changes |= {"refund_to": "original", "store_credit_after_days": None}
    sending = next((rule for rule in right.pack.of_kind("clock") if rule.what == "send_back"), None)
    if sending and terms.return_deadline_days is not None and "withdrawal" in right.grounds:
        changes["return_deadline_days"] = max(terms.return_deadline_days, sending.days)
    if "seller_freight" in right.beside:
        changes |= {"legal_freight": "company", "freight": "company"}
    return replace(
        terms, law=right.law, legal_until=right.until.isoformat(), legal_right=right.rule.code,
        legal_facts=dict(right.facts) or None, legal_also=tuple(rule.code for rule in right.also), remedies=(), **changes,
    )  # fmt: skip


def never_less(decision: Decision, right: Right) -> Decision:
    """Let a person look at what the policy alone would have turned down."""
    if decision.outcome is not Outcome.reject:
        return decision
    found = Finding("legal_right", Outcome.review, {"article": right.article})
    return Decision(Outcome.review, (*decision.findings, found))


def rule_of(terms: Terms, code: str | None = None) -> Rule | None:
    """Return the rule that gave a line its right, or another one of the same law as it held for that line."""
    pack = pack_of(terms.law or "", terms.legal_facts)
    return pack.rule(code or terms.legal_right or "withdrawal") if pack else None
