"""Say that a draft is ready: from which day it shall hold. Somebody who may publishes it, or opens it again by saving."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.inputs import BusinessDay
from backstock.policies.commands.publish import answer_for
from backstock.policies.drafting import lock_drafts, open_draft
from backstock.policies.models import PolicyDraft


@typed(frozen=True, kw_only=True, config=STRICT)
class SubmitDraft(Input):
    """The draft as it was seen, and its first day; without one it holds from the day on which it is published."""

    draft: Annotated[str, Field(max_length=40)]
    revision: Annotated[int, Field(ge=0, le=10**9)]
    valid_from: BusinessDay | None = None


@command("policies.submit_draft", SubmitDraft)
def submit_draft(batch: Batch[SubmitDraft]) -> None:
    """Check drafts as if they were published, and hand them on."""
    drafts = lock_drafts(item.input.draft for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            draft = open_draft(drafts, item.input.draft, item.input.revision, "submitted")
            item.plan, item.document = draft, item.input.draft
            item.answer = answer_for(draft.terms, item.input.valid_from or item.on, batch.company.law)
            item.emit("PolicySubmitted", document=item.document)
    batch.log()
    for item in batch.open:
        draft = item.plan
        draft.valid_from, draft.submitted_at = item.input.valid_from, batch.recorded_at
        draft.submitted_by_id = batch.actor.user_id or 0
    PolicyDraft.objects.bulk_update(
        [item.plan for item in batch.open], ("valid_from", "submitted_at", "submitted_by_id")
    )
