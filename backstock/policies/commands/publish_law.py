"""Publish what a company says of the law: its markets, what it corrected of unchecked facts, its days off."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.core.models import Company
from backstock.policies.errors import LegalFactChecked
from backstock.policies.law import OWN_FACTS, PACKS
from backstock.policies.models import LawVersion

Code = Annotated[str, Field(min_length=1, max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


@typed(frozen=True, kw_only=True, config=STRICT)
class MarketTerms:
    """Sales of a channel, or to a country: under which law, at a distance or not, and whether terms are posted there."""

    law: Annotated[str, Field(max_length=8)]
    channel: Annotated[str, Field(max_length=20)] = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    distance: bool = True
    posted: bool = True


@typed(frozen=True, kw_only=True, config=STRICT)
class FactTerms:
    """What a company corrects of a rule that nobody checked; what is unset stays as shipped."""

    days: Annotated[int, Field(ge=0, le=3_650)] | None = None
    months: Annotated[int, Field(ge=0, le=120)] | None = None
    article: Text | None = None
    source: Text | None = None
    is_verified: bool | None = None
    is_on: bool | None = None
    since: date | None = None
    until: date | None = None
    categories: Annotated[tuple[Code, ...], Field(max_length=200)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class LawTerms:
    """All that a company says of the law; `facts` by pack and rule: {CN.three_guarantees_exchange: {days: 15}}."""

    # The company's own law from now on, whatever day the rest holds from.
    law: Annotated[str, Field(max_length=8)] | None = None
    markets: Annotated[tuple[MarketTerms, ...], Field(max_length=200)] = ()
    facts: Annotated[dict[Code, FactTerms], Field(max_length=500)] = Field(default_factory=dict)
    quality_reasons: Annotated[tuple[Code, ...], Field(max_length=200)] = ()
    holidays: dict[Literal[tuple(PACKS)], Annotated[tuple[date, ...], Field(max_length=1_000)]] = Field(  # type: ignore[valid-type] # the shipped packs
        default_factory=dict
    )


@typed(frozen=True, kw_only=True, config=STRICT)
class PublishLaw(Input):
    """What is said of the law, and the day from which it holds."""

    terms: LawTerms
    valid_from: date | None = None


@command("policies.publish_law", PublishLaw, alone=True)
def publish_law(batch: Batch[PublishLaw]) -> None:
    """Add a version of what the company says of the law; returns keep what held when they were asked for."""
    for item in batch.open:
        with batch.attempt(item):
            _check(item.input.terms)
            item.document = "law"
            item.answer = {"valid_from": (item.input.valid_from or item.on).isoformat()}
            item.emit("LawPublished")
    batch.log()
    who = batch.actor.user_id or 0
    version_rows = [(i.input.valid_from or i.on, plain(i.input.terms), batch.recorded_at, who) for i in batch.open]
    # The company's own law is a setting of the company: what may be destroyed, and sold as new, asks it too.
    if homes := [item.input.terms.law for item in batch.open if item.input.terms.law]:
        Company.objects.update(law=homes[-1])
    rows.insert(LawVersion, ("valid_from", "terms", "published_at", "published_by_id"), version_rows)


def _check(terms: LawTerms) -> None:
    places = [(market.channel, market.country) for market in terms.markets]
    for law in (terms.law or "none", *(market.law for market in terms.markets)):
        if law not in ("none", *PACKS):
            raise InvalidInput(field="law", problem=f"{law}: none, {', '.join(PACKS)}")
    for place in places:
        if place == ("", "") or places.count(place) > 1:
            raise InvalidInput(field="markets", problem="each market names its channel or country, and stands once")
    for name, facts in terms.facts.items():
        law, _, code = name.partition(".")
        rule = PACKS[law].rule(code) if law in PACKS else None
        if rule is None:
            raise InvalidInput(field="facts", problem=f"{name}: no such rule")
        changed = {field for field, value in _set(facts).items() if value is not None}
        if rule.is_verified and changed - (OWN_FACTS if rule.kind == "exception" else set()):
            raise LegalFactChecked(rule=name, article=rule.article)
        if facts.is_verified and not facts.source:
            raise InvalidInput(field="source", problem=f"{name}: say where it was read")


def _set(facts: FactTerms) -> dict[str, Any]:
    kept: dict[str, Any] = TypeAdapter(FactTerms).dump_python(facts, mode="json", exclude_none=True)
    return kept


def plain(terms: LawTerms) -> dict[str, Any]:
    """Return what is said as it is kept: without what is unset."""
    kept: dict[str, Any] = TypeAdapter(LawTerms).dump_python(terms, mode="json", exclude_none=True)
    return {name: value for name, value in kept.items() if value not in ({}, []) and name != "law"}
