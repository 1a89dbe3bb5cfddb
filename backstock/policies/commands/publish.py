"""Publish a version of the return policy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import islice
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import E6, MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.people import somebody_else_may
from backstock.policies.errors import PolicyBelowLaw, PolicyNeedsTwo
from backstock.policies.law import LawBook, below_law
from backstock.policies.models import PolicyVersion
from backstock.policies.queries import law_on, policy_on
from backstock.policies.table.checking import check_form
from backstock.policies.table.model import Table
from backstock.policies.table.validating import oddities

# More than this helps nobody to put a table right.
MOST_ODD: Final = 50

Days = Annotated[int, Field(ge=0, le=36_500)]
FIELDS = ("customer", "type", "channel", "sku", "category", "reason")
Condition = dict[Literal["customer", "type", "channel", "sku", "category", "reason"], str]

Value = Annotated[str, Field(max_length=60)]
FieldName = Literal[
    "sku", "category", "tag", "customer", "customer_level", "channel", "country", "reason", "type", "condition", "campaign",
    "days_since_delivery", "amount_cents", "quantity_e4", "returns_90_days", "return_rate_e6", "quota_used_e6", "evidence",
    "in_warranty", "final_sale", "opened",
]  # fmt: skip
ReturnType = Literal[
    "return_refund", "refund_only", "exchange", "replacement", "repair", "rejected_delivery", "allowance"
]

Reason = Annotated[str, Field(min_length=1, max_length=60)]
# The finest reasons are those that have none below them: {damaged: [in_transit, in_use], unwanted: []}.
type ReasonTree = dict[Reason, ReasonTree | tuple[Reason, ...]]


@typed(frozen=True, kw_only=True, config=STRICT)
class LineTerms:
    """Terms that may be set for all, or per category, reason, SKU or customer; what is unset is inherited."""

    window_days: Days | None = None
    window_from: Literal["delivery", "order"] | None = None
    approval: Literal["manual", "auto"] | None = None
    inspection: Literal["required", "none"] | None = None
    refund_when: Literal["disposed", "inspected", "received", "approved"] | None = None
    refund_to: Literal["original", "store_credit"] | None = None
    store_credit_after_days: Days | None = None
    store_credit_days: Days | None = None
    restocking_fee_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    exchange_fee_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    refund_shipping: Literal["never", "full_return", "always"] | None = None
    return_deadline_days: Days | None = None
    four_eyes_above_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] | None = None
    cross_ship: bool | None = None
    cross_ship_deadline_days: Days | None = None
    restock_shelf_life_days: Days | None = None
    scrap_needs: Annotated[tuple[Literal["witness", "photo", "certificate"], ...], Field(max_length=3)] | None = None
    checklist: Literal["optional", "required"] | None = None
    threshold_lost: Literal["proportional", "repriced"] | None = None
    gift_kept: Literal["free", "deduct"] | None = None
    usage_per_day_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    usage_free_days: Days | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class RowTerms(LineTerms):
    """What follows for a line that a row of the table fits: a decision, terms, and what else the row says."""

    decision: Literal["approve", "review", "reject"] | None = None
    # Of the goods' net price, what is given back.
    refund_percent_e6: Annotated[int, Field(ge=0, le=E6)] | None = None
    freight: Literal["customer", "company"] | None = None
    remedies: Annotated[tuple[ReturnType, ...], Field(min_length=1, max_length=7)] | None = None
    evidence_required: bool | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class RowTest:
    """One test of a fact: texts that it is or is not, a number between two ends, or yes or no."""

    is_: tuple[Value, ...] | None = Field(default=None, alias="is", min_length=1, max_length=200)
    not_: tuple[Value, ...] | None = Field(default=None, alias="not", min_length=1, max_length=200)
    min: Annotated[int, Field(ge=-MAX_CENTS, le=MAX_CENTS)] | None = None
    max: Annotated[int, Field(ge=-MAX_CENTS, le=MAX_CENTS)] | None = None
    yes: bool | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class TableRow:
    """One row of the table; its id stays when it is moved or changed."""

    id: Annotated[str, Field(min_length=1, max_length=40)]
    when: dict[FieldName, RowTest] = Field(default_factory=dict)
    then: RowTerms = Field(default_factory=RowTerms)
    note: dict[Literal["zh-hans", "en"], Annotated[str, Field(max_length=200)]] = Field(default_factory=dict)


@typed(frozen=True, kw_only=True, config=STRICT)
class PolicyTable:
    """The rows in their order, and which of several that fit counts."""

    hit: Literal["first", "strictest"] = "first"
    rows: Annotated[tuple[TableRow, ...], Field(max_length=500)] = ()


@typed(frozen=True, kw_only=True, config=STRICT)
class PolicyTerms(LineTerms):
    """A whole policy: base terms, exceptions, reasons, and what a person must see."""

    per_category: dict[str, LineTerms] = Field(default_factory=dict)
    per_sku: dict[str, LineTerms] = Field(default_factory=dict)
    per_reason: dict[str, LineTerms] = Field(default_factory=dict)
    per_customer: dict[str, LineTerms] = Field(default_factory=dict)
    reasons: ReasonTree = Field(default_factory=dict)
    review_when: tuple[Condition, ...] = ()
    reject_when: tuple[Condition, ...] = ()
    evidence_for: tuple[str, ...] = ()
    table: PolicyTable | None = None
    # Who publishes the next version: `alone` whoever may, `four_eyes` somebody who did not write in it. Unset: four eyes
    # as soon as a second person may publish.
    publishing: Literal["alone", "four_eyes"] | None = None
    # What people read instead of a code, per language: {unwanted: {zh-hans: 不想要了, en: changed my mind}}.
    words: dict[Reason, dict[Literal["zh-hans", "en"], Annotated[str, Field(max_length=100)]]] = Field(
        default_factory=dict
    )


@typed(frozen=True, kw_only=True, config=STRICT)
class PublishPolicy(Input):
    """The terms, and the day from which they hold."""

    terms: PolicyTerms
    valid_from: date | None = None


VERSION: Final = ("valid_from", "terms", "published_at", "published_by_id")


def plain(terms: PolicyTerms) -> dict[str, Any]:
    """Return a policy as it is kept: without what is unset."""
    kept: dict[str, Any] = TypeAdapter(PolicyTerms).dump_python(terms, mode="json", exclude_none=True, by_alias=True)
    return {name: value for name, value in kept.items() if value not in ({}, [], ())}


def _below_law(terms: dict[str, Any], book: LawBook) -> list[dict[str, str]]:
    """Refuse rows of a table that give less than the law; return other terms that do: the right stands above them."""
    found = below_law(terms, book)
    for breach in found:
        if breach.where.startswith("table."):
            raise PolicyBelowLaw(
                where=breach.where, term=breach.field, law=breach.law, article=breach.article, says_en=breach.rule.en,
                says_zh=breach.rule.zh,
            )  # fmt: skip
    return [{"where": each.where, "term": each.field, "law": each.law, "article": each.article} for each in found]


def _odd(terms: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is odd in the table, each with a case that shows it: it holds all the same."""
    found = islice(oddities(Table.load(terms["table"])), MOST_ODD) if terms.get("table") else ()
    return [{"kind": each.kind, "rows": list(each.rows), "case": dict(each.case)} for each in found]


def answer_for(terms: dict[str, Any], day: date, law: str) -> dict[str, Any]:
    """Check a policy as it is kept, and say from when it holds and what a right by law stands above; raise what stops it."""
    check_form(terms.get("table", {}))
    answer: dict[str, Any] = {"valid_from": day.isoformat()}
    if shown := _below_law(terms, law_on(day, law)):
        answer["below_law"] = shown
    if odd := _odd(terms):
        answer["odd"] = odd
    return answer


def two_needed(on: date, writers: Collection[int]) -> bool:
    """Tell whether somebody else than the writers must publish, as the policy of a day says."""
    said = policy_on(on).terms.get("publishing")
    return said == "four_eyes" or (said is None and somebody_else_may("policies.publish", writers))


@command("policies.publish", PublishPolicy)
def publish_policy(batch: Batch[PublishPolicy]) -> None:
    """Add a version of the policy; earlier versions stay as they are."""
    for item in batch.open:
        with batch.attempt(item):
            day = item.input.valid_from or item.on
            item.document, item.answer = "policy", answer_for(plain(item.input.terms), day, batch.company.law)
            # What no person asks for (set-up, imports, scenarios) has nobody who could look twice.
            if batch.actor.user_id is not None and two_needed(item.on, [batch.actor.user_id]):
                raise PolicyNeedsTwo(document="policy", actor=batch.actor.name)
            item.emit("PolicyPublished")
    batch.log()
    version_rows = [
        (i.input.valid_from or i.on, plain(i.input.terms), batch.recorded_at, batch.actor.user_id or 0)
        for i in batch.open
    ]
    rows.insert(PolicyVersion, VERSION, version_rows)
