"""Who may open a page, and what somebody sees who may not or who asked for something impossible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import ValidationError

from backstock.core.errors import DomainError
from backstock.core.inputs import invalid
from backstock.core.models import Company, User
from backstock.core.permissions import Actor, actor_for
from backstock.desk import words
from backstock.desk.parts import Refusal

STATUS_CODES = {"permission_denied": 403, "unknown_document": 404}


def status_of(error: DomainError | ValidationError) -> int:
    """Return the HTTP status of a refusal."""
    return STATUS_CODES.get(error.code, 422) if isinstance(error, DomainError) else 422


# Facts that are codes of the kernel, and what they are called.
NAMED = {
    "current": words.CURRENT,
    "wanted": words.WANTED,
    "step": words.STEPS,
    "done": words.STEPS,
    "tender": words.TENDERS,
}


# Of refusals because of a flow.
ASKED = {"role": words.ROLES, "paper": words.PAPERS, "step": words.ASKED_STEPS, "done": words.ASKED_STEPS}
OF_FLOWS = {
    "approval_level_required", "role_may_not", "paper_not_asked", "evidence_required", "four_eyes_required", "papers_missing",
}  # fmt: skip

# What a command answers to what it will not do, and what an input says to what it cannot hold.
REFUSALS = (DomainError, ValidationError)


def tell(error: DomainError | ValidationError) -> Refusal:
    """Tell a refusal with the words of the pages: states, steps and means of payment by name."""
    if isinstance(error, ValidationError):
        return Refusal.of(invalid(error))
    facts: dict[str, Any] = {each.name: getattr(error, each.name) for each in fields(error)}
    facts |= {name: words.word(known, facts[name]) for name, known in NAMED.items() if isinstance(facts.get(name), str)}
    if error.code in OF_FLOWS:
        facts |= {name: words.word(known, getattr(error, name)) for name, known in ASKED.items() if name in facts}
        if "papers" in facts:
            facts["papers"] = _(", ").join(words.word(words.PAPERS, each) for each in facts["papers"].split(", "))
    if error.code == "key_reused":
        return Refusal(
            code=error.code,
            sentence=_("This form was sent before, with other content. What was sent first stands."),
            advice=_("Go back to the document to see what was booked, then start again from there."),
        )
    return Refusal.of(type(error)(**facts))


def company() -> Company:
    """Return the company of this database; one that is not founded yet shows its defaults."""
    return Company.objects.first() or Company()


def page(*permissions: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let in who holds one of the permissions, hand the view its actor, and show a refusal as a page of its own."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_for(cast(User, request.user))
            request.actor = actor  # type: ignore[attr-defined] # the menu reads it
            if not any(actor.may(each) for each in permissions):
                raise PermissionDenied
            try:
                return view(request, actor, *args, **kwargs)
            except REFUSALS as error:
                return refused(request, error)

        return opened

    return decorate


def refused(request: HttpRequest, error: DomainError | ValidationError) -> HttpResponse:
    """Show a refusal where there is no form to show it with."""
    context = {"heading": _("Not possible"), "refusal": tell(error)}
    return render(request, "desk/error.html", context, status=status_of(error))


def nothing_to_do(request: HttpRequest, number: str, step: Any) -> HttpResponse:
    """Tell who came for a step that is over, or not yet due; lead back to the return."""
    refusal = Refusal(
        code="transition_not_allowed",
        sentence=_("%(number)s: there is nothing to do now in the step “%(step)s”.") % {"number": number, "step": step},
        advice=_("It was done already, or the return has not come that far. Open it to see what is possible."),
    )
    context = {"heading": _("Not possible"), "refusal": refusal, "back": reverse("return_page", args=[number])}
    return render(request, "desk/error.html", context, status=422)


def may_or_refuse(actor: Actor, permission: str) -> None:
    """Close a page to who may not run what it is for."""
    if not actor.may(permission):
        raise PermissionDenied
