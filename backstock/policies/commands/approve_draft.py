"""Put a submitted draft in force: somebody who did not write in it, unless the policy lets one person publish."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.policies.commands.publish import VERSION, answer_for, two_needed
from backstock.policies.drafting import lock_drafts, open_draft
from backstock.policies.errors import PolicyNeedsTwo
from backstock.policies.models import PolicyDraft, PolicyVersion


@typed(frozen=True, kw_only=True, config=STRICT)
class ApproveDraft(Input):
    """The draft as it was seen."""

    draft: Annotated[str, Field(max_length=40)]
    revision: Annotated[int, Field(ge=0, le=10**9)]


@command("policies.approve_draft", ApproveDraft, permission=lambda _: "policies.publish")
def approve_draft(batch: Batch[ApproveDraft]) -> None:
    """Publish drafts; a first day that passed while one waited becomes today."""
    drafts, who = lock_drafts(item.input.draft for item in batch.open), batch.actor.user_id
    for item in batch.open:
        with batch.attempt(item):
            draft = open_draft(drafts, item.input.draft, item.input.revision, "approved")
            if draft.submitted_at is None:
                raise TransitionNotAllowed(document=item.input.draft, current="open", wanted="approved")
            hands = {*draft.writers, draft.submitted_by_id}
            if who is not None and who in hands and two_needed(item.on, hands):
                raise PolicyNeedsTwo(document=item.input.draft, actor=batch.actor.name)
            day = max(draft.valid_from or item.on, item.on)
            item.plan, item.document = (draft, day), item.input.draft
            item.answer = answer_for(draft.terms, day, batch.company.law)
            # Within the batch a second approval of the same draft comes too late.
            draft.closed_at = batch.recorded_at
            item.emit("PolicyPublished", document=item.document)
    batch.log()
    plans = [item.plan for item in batch.open]
    ids = rows.insert_returning(
        PolicyVersion, VERSION, [(day, draft.terms, batch.recorded_at, who or 0) for draft, day in plans]
    )
    for (draft, _day), pk in zip(plans, ids, strict=True):
        draft.closed_by_id, draft.version_id = who or 0, pk
    PolicyDraft.objects.bulk_update([draft for draft, _ in plans], ("closed_at", "closed_by_id", "version_id"))
