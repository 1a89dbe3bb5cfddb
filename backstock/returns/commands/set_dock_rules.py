"""The company says how long goods without an owner wait, and up to which amount each role lets in what has no sale."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import clock, rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.core.permissions import ROLES
from backstock.returns.dock.unclaimed import load_unclaimed, unclaimed_of
from backstock.returns.models import BlindLimit, DockRules, Unclaimed


@typed(frozen=True, kw_only=True, config=STRICT)
class RoleLimit:
    """A role and the worth of a return without a sale that it may approve."""

    role: str
    limit_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)]


@typed(frozen=True, kw_only=True, config=STRICT)
class SetDockRules(Input):
    """All rules anew; a role that is left out has no limit. With any limit returns without a sale always need a person."""

    unclaimed_days: Annotated[int, Field(ge=0, le=3650)] = 30
    blind_limits: Annotated[tuple[RoleLimit, ...], Field(max_length=50)] = ()


@typed(frozen=True, kw_only=True, config=STRICT)
class EraseUnclaimed(Input):
    """Of which parcel without an owner name, phone, place and note are erased; its photos by `evidence.erase`."""

    document: str


@command("returns.set_dock_rules", SetDockRules)
def set_dock_rules(batch: Batch[SetDockRules]) -> None:
    """Replace the rules of the dock."""
    for item in batch.open:
        with batch.attempt(item):
            roles = [limit.role for limit in item.input.blind_limits]
            if unknown := sorted(set(roles) - set(ROLES)):
                raise InvalidInput(field="blind_limits", problem=f"no role {unknown[0][:20]}")
            if len(set(roles)) < len(roles):
                raise InvalidInput(field="blind_limits", problem="one limit for each role")
            item.answer = {"unclaimed_days": item.input.unclaimed_days}
    batch.log()
    if batch.open:
        last = batch.open[-1].input
        DockRules.objects.all().delete()
        rows.insert(DockRules, ("id", "unclaimed_days"), [(1, last.unclaimed_days)])
        BlindLimit.objects.all().delete()
        limits = [(limit.role, limit.limit_cents) for limit in last.blind_limits]
        rows.insert(BlindLimit, ("role", "limit_cents"), limits)


@command("returns.erase_unclaimed", EraseUnclaimed)
def erase_unclaimed(batch: Batch[EraseUnclaimed]) -> None:
    """Erase what is personal on the label; the goods and both ledgers stay as they are."""
    parcels = load_unclaimed(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            row = unclaimed_of(parcels, item.input.document).row
            item.document, item.answer, item.plan = row.number, {"document": row.number}, row.pk
            item.emit("UnclaimedErased")
    batch.log()
    ids, now = [item.plan for item in batch.open], clock.now()
    Unclaimed.objects.filter(pk__in=ids).update(sender_name="", sender_phone="", route="", note="", erased_at=now)
