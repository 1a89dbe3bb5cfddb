"""The policy as a function of facts and terms: what is agreed for a line, and what is decided about it. Pure.

A policy is a dictionary (see `policies.commands.publish.PolicyTerms`): base terms, and more specific ones per
category, reason, SKU and customer, of which the later wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from backstock.core.amounts import E6
from backstock.policies.table.compiling import kept
from backstock.policies.table.model import NONE, Row

Conditions = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for one line of a return."""

    window_days: int | None = None
    window_from: str = "delivery"
    approval: str = "manual"
    inspection: str = "required"
    refund_when: str = "disposed"
    refund_to: str = "original"
    store_credit_after_days: int | None = None
    # How long store credit that is given for a return may be used; for ever where nothing is said.
    store_credit_days: int | None = None
    restocking_fee_e6: int = 0
    # Of what old goods are worth that are exchanged for others; nothing unless a company says so.
    exchange_fee_e6: int = 0
    refund_shipping: str = "never"
    return_deadline_days: int | None = None
    four_eyes_above_cents: int | None = None
    cross_ship: bool = False
    cross_ship_deadline_days: int | None = None
    # Days that goods must still keep to go back on a shelf, and what destroying them needs: witness, photo, certificate.
    restock_shelf_life_days: int | None = None
    scrap_needs: Sequence[str] = ()
    # Where the law gives a right to withdraw: which law, and through which day; no policy takes it away.
    law: str | None = None
    legal_until: str | None = None
    # The rule that gives it (none: the right to withdraw), what the company corrected of that law by then, and who
    # bears the way back by law.
    legal_right: str | None = None
    # Other rights that were open too: goods that are at fault may also be sent back without a reason.
    legal_also: Sequence[str] = ()
    legal_facts: Mapping[str, Any] | None = None
    legal_freight: str | None = None
    # Whether the questions of the checklist must be answered.
    checklist: str = "optional"
    # What becomes of a discount for a large order when too little of it is kept: shared, or lost for what is kept.
    threshold_lost: str = "proportional"
    # Whether a gift that stays is taken off the refund.
    gift_kept: str = "free"
    # What use costs: a share of the price per day after some free days, counted from the delivery to the request.
    usage_per_day_e6: int = 0
    usage_free_days: int = 0
    # Who pays for the way back, and which types of return are offered; all of them where none is named.
    freight: str | None = None
    remedies: Sequence[str] = ()
    evidence_required: bool = False
    # What the table of the policy looked at; asked again when the reason or the type changes.
    facts: Mapping[str, Any] | None = None

    @property
    def holds_back(self) -> bool:
        """Tell whether money may be held back until the rest of the sale comes back."""
        return self.threshold_lost == "repriced" or self.gift_kept == "deduct"

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Terms:
        """Read terms that were kept with a line."""
        return cls(**{name: value for name, value in kept.items() if name in TERM_NAMES})

    def kept(self) -> dict[str, Any]:
        """Return what is kept with a line: the terms that differ from the defaults."""
        return {name: value for name, value in asdict(self).items() if value != getattr(DEFAULTS, name)}


TERM_NAMES = frozenset(each.name for each in fields(Terms))
DEFAULTS = Terms()


class Outcome(IntEnum):
    """What is decided about a line; the strictest finding wins."""

    approve = 0
    review = 1
    reject = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision may look at."""

    customer: str = ""
    type: str = "return_refund"
    channel: str = "shop"
    sku: str = ""
    category: str = ""
    reason: str = ""
    # What else rows of the table ask: see `table.model.FIELDS`.
    more: Mapping[str, Any] = field(default_factory=dict)

    def known(self) -> dict[str, Any]:
        """Return every fact by its name."""
        own = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "more"}
        return {**own, **self.more}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that had something to say, and the facts it matched."""

    code: str
    outcome: Outcome
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome with every finding, so that it explains itself."""

    outcome: Outcome
    findings: tuple[Finding, ...]

    def kept(self) -> list[dict[str, Any]]:
        """Return the findings as plain values."""
        return [{"code": f.code, "outcome": f.outcome.name, "facts": dict(f.facts)} for f in self.findings]


def terms_for(policy: Mapping[str, Any], facts: Facts, flow: Mapping[str, Any] | None = None) -> Terms:
    """Return the terms of a line: category, then reason, SKU and customer, each more specific than the one before.

    What a flow says holds only where the policy says nothing at all.
    """
    merged = dict(flow or {}) | {name: value for name, value in policy.items() if name in TERM_NAMES}
    for group, key in (
        ("per_category", facts.category),
        ("per_reason", facts.reason),
        ("per_sku", facts.sku),
        ("per_customer", facts.customer),
    ):
        merged |= policy.get(group, {}).get(key, {})
    if (row := row_for(policy, facts)) is not None:
        merged |= _of_row(row, merged.get("restocking_fee_e6", 0))
    if policy.get("table"):
        merged["facts"] = dict(facts.more) or None
    return Terms.load(merged)


def row_for(policy: Mapping[str, Any], facts: Facts) -> Row | None:
    """Return the row of the policy's table that counts for a line, if there is one."""
    if not policy.get("table"):
        return None
    table, decide_row = kept(policy["table"])
    n = decide_row(facts.known())
    return None if n == NONE else table.rows[n]


def _of_row(row: Row, fee_e6: int) -> dict[str, Any]:
    """Return the terms of a row; what of the price is not given back is kept like a fee."""
    terms = dict(row.then)
    if (percent_e6 := terms.pop("refund_percent_e6", None)) is not None:
        terms["restocking_fee_e6"] = E6 - percent_e6 * (E6 - terms.get("restocking_fee_e6", fee_e6)) // E6
    return terms


def _matching(conditions: Conditions, facts: Facts) -> Mapping[str, str] | None:
    known = facts.known()
    for condition in conditions:
        if condition and all(known.get(name) == value for name, value in condition.items()):
            return condition
    return None


def decide(policy: Mapping[str, Any], terms: Terms, facts: Facts) -> Decision:
    """Apply every rule in order: reject_when, review_when, the table, then whether a person is asked anyway."""
    findings = []
    if (matched := _matching(policy.get("reject_when", ()), facts)) is not None:
        findings.append(Finding("reject_when", Outcome.reject, matched))
    if (matched := _matching(policy.get("review_when", ()), facts)) is not None:
        findings.append(Finding("review_when", Outcome.review, matched))
    row = row_for(policy, facts)
    if row is not None:
        looked = {name: str(facts.known().get(name)) for name in row.when}
        findings.append(Finding("table_row", Outcome[row.decision or "approve"], {"row": row.id, **looked}))
    if row is not None and row.decision:
        pass
    elif terms.approval == "auto":
        findings.append(Finding("approval_auto", Outcome.approve))
    else:
        findings.append(Finding("approval_manual", Outcome.review))
    return Decision(max(finding.outcome for finding in findings), tuple(findings))


def leaves(reasons: Mapping[str, Any] | Sequence[str]) -> Iterator[str]:
    """List the most detailed reasons of a tree: those that have no finer ones below them."""
    if isinstance(reasons, Mapping):
        for name, below in reasons.items():
            if below:
                yield from leaves(below)
            else:
                yield name
    else:
        yield from reasons


def window_closes_on(terms: Terms, ordered_on: date, delivered_on: date | None) -> date | None:
    """Return the last day on which a return may be asked for; None when there is no limit."""
    start = ordered_on if terms.window_from == "order" else delivered_on
    if terms.window_days is None or start is None:
        return None
    return start + timedelta(days=terms.window_days)
