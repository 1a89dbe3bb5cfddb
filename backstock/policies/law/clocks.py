"""The clocks that a law sets going for a return: what is to be done, counted from what, until when, by which article. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from backstock.policies.engine import Terms
from backstock.policies.law.model import Rule
from backstock.policies.law.rights import pack_of

# The customer's own clocks; all others are the company's.
CUSTOMERS: Final = frozenset({"window", "send_back"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The days from which clocks count, as far as they are known."""

    requested_on: date
    arrived_on: date | None = None
    # The day on which a proof was given that the goods were sent.
    proof_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that the law wants done by a day, counted from a day, and the article that says so."""

    what: str
    since: date
    on: date
    rule: Rule
    # Nothing is due yet: the money may wait for the goods, or for a proof that they were sent.
    waits: bool = False

    @property
    def source(self) -> str:
        """The article."""
        return self.rule.article


def dues(terms: Terms, since: Since, type_: str = "return_refund", category: str = "") -> list[Due]:
    """Return the clocks that run for a line; one that counts from the goods' arrival runs once they are here."""
    pack = pack_of(terms.law or "", terms.legal_facts)
    if pack is None:
        return []
    rights = [pack.rule(code) for code in (terms.legal_right or "withdrawal", *terms.legal_also)]
    grounds, found = {ground for right in rights if right for ground in right.grounds} or {"withdrawal"}, []
    for rule in pack.of_kind("clock", since.requested_on):
        if not rule.grounds & grounds or type_ not in rule.types or not rule.about(category):
            continue
        given = min((day for day in (since.arrived_on, since.proof_on) if day), default=None)
        start = since.requested_on
        if rule.starts == "arrival":
            start = (given if rule.may_wait else since.arrived_on) or date.max
        if start == date.max:
            continue
        on = pack.last_day(rule, start)
        held = rule.may_wait and rule.starts == "request"
        found.append(Due(rule.what, start, max(on, given) if held and given else on, rule, held and given is None))
    return found
