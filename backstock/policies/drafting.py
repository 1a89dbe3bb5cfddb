"""What the commands of policy drafts share: lock them, and refuse what is over or was changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import row_id
from backstock.policies.errors import DraftChanged
from backstock.policies.models import PolicyDraft

PREFIX = "PD"


def lock_drafts(numbers: Iterable[str]) -> dict[str, PolicyDraft]:
    """Lock drafts by number in the order of their ids; numbers that do not exist are left out."""
    ids = {}
    for number in numbers:
        try:
            ids[number] = row_id(PREFIX, number)
        except UnknownDocument:
            continue
    found = {row.pk: row for row in PolicyDraft.objects.filter(pk__in=ids.values()).order_by("pk").select_for_update()}
    return {number: found[pk] for number, pk in ids.items() if pk in found}


def open_draft(drafts: dict[str, PolicyDraft], number: str, revision: int, wanted: str) -> PolicyDraft:
    """Return a draft that is not over and that nobody saved since; raise UnknownDocument, TransitionNotAllowed, DraftChanged."""
    draft = drafts.get(number)
    if draft is None:
        raise UnknownDocument(document=number[:60])
    if draft.closed_at is not None:
        raise TransitionNotAllowed(document=number, current=draft.state, wanted=wanted)
    if revision != draft.revision:
        raise DraftChanged(document=number, revision=revision, current=draft.revision)
    return draft
