"""Keep a policy that is being written: its first saving makes the draft, each later one is seen before it is written over."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.policies.commands.publish import PolicyTerms, plain
from backstock.policies.drafting import lock_drafts, open_draft
from backstock.policies.models import PolicyDraft, PolicyVersion


@typed(frozen=True, kw_only=True, config=STRICT)
class SaveDraft(Input):
    """The whole terms; `draft` and the `revision` that was seen where it was saved before, `based_on` a version for a new one.

    `name` is free text.
    """

    PERSONAL: ClassVar = frozenset({"name"})

    draft: Annotated[str, Field(max_length=40)] = ""
    revision: Annotated[int, Field(ge=0, le=10**9)] = 0
    based_on: Annotated[int, Field(ge=0, le=10**18)] = 0
    name: Annotated[str, Field(max_length=100)] = ""
    terms: PolicyTerms


@command("policies.save_draft", SaveDraft)
def save_draft(batch: Batch[SaveDraft]) -> None:
    """Make drafts or save them anew; what was submitted is open again."""
    drafts = lock_drafts(item.input.draft for item in batch.open if item.input.draft)
    wanted = {item.input.based_on for item in batch.open} - {0}
    known = set(PolicyVersion.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set[int]()
    for item in batch.open:
        with batch.attempt(item):
            if item.input.based_on and item.input.based_on not in known:
                raise InvalidInput(field="based_on", problem="no such version of the policy")
            if item.input.draft:
                item.plan = open_draft(drafts, item.input.draft, item.input.revision, "saved")
                item.plan.revision += 1
                item.document, item.answer = item.input.draft, {"revision": item.plan.revision}
    who = batch.actor.user_id or 0
    new = [item for item in batch.open if item.plan is None]
    values = [(i.input.name, plain(i.input.terms), i.input.based_on, [who], batch.recorded_at, 1, 0, 0, 0) for i in new]
    ids = rows.insert_returning(PolicyDraft, NEW, values) if new else []
    for item, pk in zip(new, ids, strict=True):
        item.document, item.answer = PolicyDraft(pk=pk).number, {"revision": 1}
    batch.log()
    saved = []
    for item in (each for each in batch.open if each.plan is not None):
        draft = item.plan
        draft.name, draft.terms, draft.changed_at = item.input.name, plain(item.input.terms), batch.recorded_at
        draft.writers = sorted({*draft.writers, who})
        draft.submitted_at, draft.submitted_by_id = None, 0
        saved.append(draft)
    if saved:
        PolicyDraft.objects.bulk_update(saved, CHANGED)


NEW = (
    "name", "terms", "based_on_id", "writers", "changed_at", "revision", "submitted_by_id", "closed_by_id", "version_id",
)  # fmt: skip
CHANGED = ("name", "terms", "changed_at", "writers", "revision", "submitted_at", "submitted_by_id")
