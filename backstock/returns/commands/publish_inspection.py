"""Publish a version of what inspectors are asked, what the grades mean, and what they suggest."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateLine, InvalidInput
from backstock.returns.models import InspectionRules
from backstock.returns.quality.sampling import AQLS

Code = Annotated[str, Field(min_length=1, max_length=40)]
Words = dict[Literal["zh-hans", "en"], Annotated[str, Field(max_length=100)]]
Grade = Literal["A", "B", "C", "D"]
To = Literal["restock", "restock_discounted", "repair", "return_to_vendor", "scrap", "donate", "send_back"]
Measure = Annotated[int, Field(ge=-(10**15), le=10**15)]


@typed(frozen=True, kw_only=True, config=STRICT)
class CheckTerms:
    """One question: yes or no, a measure within limits, a choice, or a photo."""

    code: Code
    kind: Literal["yes_no", "measure", "choice", "photo"]
    words: Words = Field(default_factory=dict)
    good: bool = True
    unit: Annotated[str, Field(max_length=20)] = ""
    low_e4: Measure | None = None
    high_e4: Measure | None = None
    choices: Annotated[dict[Code, Words], Field(max_length=30)] = Field(default_factory=dict)
    bad_choices: tuple[Code, ...] = ()
    required: bool = True


@typed(frozen=True, kw_only=True, config=STRICT)
class CategoryTerms:
    """What is asked, what grades suggest, and from how many units on a sample is enough; unset is inherited."""

    checks: Annotated[tuple[CheckTerms, ...], Field(max_length=50)] | None = None
    suggestions: dict[Grade, To] | None = None
    aql: Literal[AQLS] | None = None  # type: ignore[valid-type] # the series of the standard
    sample_from: Annotated[int, Field(ge=2, le=10**9)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class InspectionTerms(CategoryTerms):
    """The rules for all goods, the company's own words for the grades, and what differs per category."""

    grades: dict[Grade, Words] = Field(default_factory=dict)
    per_category: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=60)], CategoryTerms], Field(max_length=500)
    ] = Field(default_factory=dict)


@typed(frozen=True, kw_only=True, config=STRICT)
class PublishInspection(Input):
    """The rules, and the day from which they hold."""

    terms: InspectionTerms
    valid_from: date | None = None


@command("returns.publish_inspection", PublishInspection)
def publish_inspection(batch: Batch[PublishInspection]) -> None:
    """Add a version of the rules; inspections keep the version that asked them."""
    for item in batch.open:
        with batch.attempt(item):
            for terms in (item.input.terms, *item.input.terms.per_category.values()):
                _check(terms)
            item.document = "inspection"
            item.answer = {"valid_from": (item.input.valid_from or item.on).isoformat()}
            item.emit("InspectionRulesPublished")
    batch.log()
    who = batch.actor.user_id or 0
    version_rows = [(i.input.valid_from or i.on, plain(i.input.terms), batch.recorded_at, who) for i in batch.open]
    rows.insert(InspectionRules, ("valid_from", "terms", "published_at", "published_by_id"), version_rows)


def _check(terms: CategoryTerms) -> None:
    codes = [check.code for check in terms.checks or ()]
    for code in codes:
        if codes.count(code) > 1:
            raise DuplicateLine(sku=code)
    for check in terms.checks or ():
        if check.kind == "choice" and len(check.choices) < 2:
            raise InvalidInput(field="choices", problem=f"{check.code}: at least two choices")
        if check.low_e4 is not None and check.high_e4 is not None and check.low_e4 > check.high_e4:
            raise InvalidInput(field="high_e4", problem=f"{check.code}: the upper limit lies below the lower one")


def plain(terms: InspectionTerms) -> dict[str, Any]:
    """Return rules as they are kept: without what is unset."""
    kept: dict[str, Any] = TypeAdapter(InspectionTerms).dump_python(terms, mode="json", exclude_none=True)
    return {name: value for name, value in kept.items() if value not in ({}, [])}
