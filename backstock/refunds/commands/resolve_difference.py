"""After a reconciliation: somebody has looked into a difference and says what it was."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import document_id
from backstock.refunds.models import Difference

Reason = Literal["put_right", "other_day", "their_mistake", "our_mistake", "accepted"]


@typed(frozen=True, kw_only=True, config=STRICT)
class ResolveDifference(Input):
    """A difference by number (GD000001), why it is none any more, and words."""

    PERSONAL: ClassVar = frozenset({"note"})

    difference: Annotated[str, Field(max_length=40)]
    reason: Reason
    note: Annotated[str, Field(max_length=300)] = ""


@command("refunds.resolve_difference", ResolveDifference)
def resolve_difference(batch: Batch[ResolveDifference]) -> None:
    """Close differences with a reason; a closed one stays as it is."""
    ids = {item.index: document_id("GD", item.input.difference) or 0 for item in batch.open}
    found = Difference.objects.filter(pk__in=ids.values()).select_related("statement").order_by("pk")
    rows = {row.pk: row for row in found.select_for_update(of=("self",))}
    seen: dict[int, Difference] = {}
    for item in batch.open:
        with batch.attempt(item):
            row = rows.get(ids[item.index])
            if row is None:
                raise UnknownDocument(document=item.input.difference)
            if row.resolved_log_id or row.pk in seen:
                raise TransitionNotAllowed(document=row.number, current="resolved", wanted="resolved")
            seen[row.pk] = item.plan = row
            item.document, item.answer = row.number, {"document": row.number}
            item.emit("DifferenceResolved", kind=row.kind)
    batch.log()
    for item in batch.open:
        item.plan.reason, item.plan.note, item.plan.resolved_log_id = item.input.reason, item.input.note, item.log_id
    Difference.objects.bulk_update([item.plan for item in batch.open], ["reason", "note", "resolved_log_id"])
