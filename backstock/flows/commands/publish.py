"""Publish a version of a flow."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.models import RoleGrant
from backstock.core.people import Role
from backstock.flows.errors import RoleMayNot
from backstock.flows.models import FlowVersion

Type = Literal["return_refund", "refund_only", "exchange", "replacement", "repair", "rejected_delivery", "allowance"]
Step = Literal["request", "approve", "receive", "inspect", "dispose", "settle"]
Clock = Literal["approve", "receive", "inspect", "dispose", "settle", "replace"]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Cents = Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class When:
    """For which returns; what is unset is no condition. `from_cents` is the worth of the goods asked back."""

    types: tuple[Type, ...] = ()
    category: Annotated[str, Field(max_length=60)] = ""
    reason: Annotated[str, Field(max_length=60)] = ""
    channel: Annotated[str, Field(max_length=20)] = ""
    sale: Literal["", "shipped", "not_shipped", "none"] = ""
    from_cents: Cents = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class Level:
    """From which amount on somebody with this role must approve; lower levels must have approved too."""

    from_cents: Cents
    role: Role


@typed(frozen=True, kw_only=True, config=STRICT)
class EvidenceAsked:
    """What must be there when a step is taken."""

    files: Annotated[int, Field(ge=0, le=50)] = 0
    note: bool = False


@typed(frozen=True, kw_only=True, config=STRICT)
class Span:
    """How long a step may take: days end with the day, hours run from the moment."""

    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    hours: Annotated[int, Field(ge=1, le=87_600)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class FourEyes:
    """Two steps that different people must do when the return is worth more than an amount."""

    steps: tuple[Step, Step]
    above_cents: Cents = 0


@typed(frozen=True, kw_only=True, config=STRICT)
class FlowTerms:
    """A whole flow: for which returns, and what it asks."""

    words: dict[Literal["zh-hans", "en"], Annotated[str, Field(max_length=100)]] = Field(default_factory=dict)
    when: When = When()
    levels: Annotated[tuple[Level, ...], Field(max_length=5)] = ()
    # From which amount on somebody with this role must settle; a higher level stands in for a lower one.
    settle_levels: Annotated[tuple[Level, ...], Field(max_length=5)] = ()
    evidence: dict[Literal["request", "receive", "inspect", "dispose"], EvidenceAsked] = Field(default_factory=dict)
    # Whether the questions of the inspection's checklist must be answered.
    checklist: Literal["required"] | None = None
    inspection: Literal["required", "none"] | None = None
    refund_when: Literal["disposed", "inspected", "received", "approved"] | None = None
    deadlines: dict[Clock, Span] = Field(default_factory=dict)
    papers: tuple[Name, ...] = ()
    # Topic of a note → roles that are told beside those whom the company tells anyway.
    told: dict[Name, tuple[Role, ...]] = Field(default_factory=dict)
    four_eyes: tuple[FourEyes, ...] = ()
    retired: bool = False


LEVELS: Final = {"levels": "returns.approve", "settle_levels": "refunds.settle"}


@typed(frozen=True, kw_only=True, config=STRICT)
class PublishFlow(Input):
    """Which flow, what it says, and the day from which it holds."""

    code: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]
    terms: FlowTerms
    valid_from: date | None = None


def plain(terms: FlowTerms) -> dict[str, Any]:
    """Return a flow as it is kept: without what is unset."""
    kept: dict[str, Any] = TypeAdapter(FlowTerms).dump_python(terms, mode="json", exclude_none=True)
    kept["when"] = {name: value for name, value in kept["when"].items() if value}
    return {name: value for name, value in kept.items() if value}


@command("flows.publish", PublishFlow)
def publish_flow(batch: Batch[PublishFlow]) -> None:
    """Add a version of a flow; earlier versions, and returns that run, stay as they are."""
    able = {
        permission: _able_to(permission) if any(getattr(i.input.terms, name) for i in batch.open) else set()
        for name, permission in LEVELS.items()
    }
    for item in batch.open:
        with batch.attempt(item):
            for name, permission in LEVELS.items():
                for level in getattr(item.input.terms, name):
                    if level.role not in able[permission]:
                        raise RoleMayNot(role=level.role, permission=permission)
            item.document = f"flow:{item.input.code}"
            item.answer = {"code": item.input.code, "valid_from": (item.input.valid_from or item.on).isoformat()}
            item.emit("FlowPublished", code=item.input.code)
    batch.log()
    version_rows = [
        (i.input.code, i.input.valid_from or i.on, plain(i.input.terms), batch.recorded_at, batch.actor.user_id or 0)
        for i in batch.open
    ]
    rows.insert(FlowVersion, ("code", "valid_from", "terms", "published_at", "published_by_id"), version_rows)


def _able_to(permission: str) -> set[str]:
    """Return the roles that may run a step at all."""
    found = RoleGrant.objects.filter(permission__in=[permission, "*"])
    return set(found.values_list("role", flat=True))
