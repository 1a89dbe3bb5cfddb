"""Put a draft aside for good; it stays readable, and a version or draft may be begun from any version anew."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.policies.drafting import lock_drafts, open_draft
from backstock.policies.models import PolicyDraft


@typed(frozen=True, kw_only=True, config=STRICT)
class DiscardDraft(Input):
    """The draft as it was seen."""

    draft: Annotated[str, Field(max_length=40)]
    revision: Annotated[int, Field(ge=0, le=10**9)]


@command("policies.discard_draft", DiscardDraft)
def discard_draft(batch: Batch[DiscardDraft]) -> None:
    """Close drafts of which nothing becomes."""
    drafts = lock_drafts(item.input.draft for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            draft = open_draft(drafts, item.input.draft, item.input.revision, "discarded")
            item.plan, item.document, draft.closed_at = draft, item.input.draft, batch.recorded_at
            draft.closed_by_id = batch.actor.user_id or 0
    batch.log()
    PolicyDraft.objects.bulk_update([item.plan for item in batch.open], ("closed_at", "closed_by_id"))
