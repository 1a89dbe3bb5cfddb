"""What becomes of the state when somebody saves, submits, publishes or discards it; each gives an address and a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.core import together
from backstock.core.commands import Done
from backstock.core.errors import InvalidInput
from backstock.core.permissions import Actor
from backstock.desk.policies.state import State
from backstock.policies.commands.approve_draft import ApproveDraft, approve_draft
from backstock.policies.commands.discard_draft import DiscardDraft, discard_draft
from backstock.policies.commands.save_draft import save_draft
from backstock.policies.commands.submit_draft import SubmitDraft, submit_draft
from backstock.policies.models import PolicyDraft


def _saved(state: State, actor: Actor) -> Done:
    raw: dict[str, Any] = {
        "terms": state.terms, "name": state.name, "draft": state.draft, "revision": state.revision, "based_on": state.based_on,
    }  # fmt: skip
    if state.draft:
        del raw["based_on"]
    done: Done = save_draft(save_draft.parse(raw), actor=actor, key=f"{state.key}-save")
    return done


def _day(state: State, today: date) -> date | None:
    if not state.valid_from:
        return None
    try:
        day = date.fromisoformat(state.valid_from)
    except ValueError:
        raise InvalidInput(field=_("Holds from"), problem=state.valid_from) from None
    if day < today:
        raise InvalidInput(field=_("Holds from"), problem=_("a policy begins today or later"))
    return day


def save(state: State, actor: Actor, _today: date) -> tuple[str, str]:
    """Keep the draft."""
    number = _saved(state, actor).document
    return reverse("policy_draft_edit", args=[number]), _(
        "Kept as a draft. It holds for nothing until it is published."
    )


def submit(state: State, actor: Actor, today: date) -> tuple[str, str]:
    """Keep the draft, and hand it to somebody who publishes it."""
    day = _day(state, today)
    with together.as_one():
        done = _saved(state, actor)
        wanted = SubmitDraft(draft=done.document, revision=done.answer["revision"], valid_from=day)
        submit_draft(wanted, actor=actor, key=f"{state.key}-submit")
    return reverse("policy_draft", args=[done.document]), _(
        "Submitted. Somebody else who may publish policies looks at it now."
    )


def publish(state: State, actor: Actor, today: date) -> tuple[str, str]:
    """Keep, submit and publish in one."""
    day = _day(state, today)
    with together.as_one():
        done = _saved(state, actor)
        number, revision = done.document, done.answer["revision"]
        wanted = SubmitDraft(draft=number, revision=revision, valid_from=day)
        submit_draft(wanted, actor=actor, key=f"{state.key}-submit")
        approved = approve_draft(ApproveDraft(draft=number, revision=revision), actor=actor, key=f"{state.key}-publish")
    version = PolicyDraft.objects.get(pk=int(number[2:])).version_id
    said = _("Published. It holds for returns that are requested from %(day)s on.") % {
        "day": approved.answer["valid_from"]
    }
    return reverse("policy_page", args=[version]), said


def discard(state: State, actor: Actor, _today: date) -> tuple[str, str]:
    """Put the draft aside; what was never saved is only left."""
    if state.draft:
        discard_draft(DiscardDraft(draft=state.draft, revision=state.revision), actor=actor, key=f"{state.key}-discard")
    return reverse("policy_list"), _("Put aside.")
