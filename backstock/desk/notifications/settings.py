"""Who is told what, and what letters say: both as data that the company edits."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import ROLES, Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.notifications.letters import LANGUAGES
from backstock.notifications.commands.set_audience import SetAudience, set_audience
from backstock.notifications.commands.write_letter import WriteLetter, write_letter
from backstock.notifications.telling import audiences
from backstock.notifications.texts import KINDS, PLACEHOLDERS, filled, texts, unknown_placeholders
from backstock.notifications.topics import TOPICS

ROLE_NAMES = {
    "service": gettext_lazy("Service"), "approver": gettext_lazy("Approver"), "warehouse": gettext_lazy("Warehouse"),
    "inspector": gettext_lazy("Inspector"), "buyer": gettext_lazy("Buyer"), "finance": gettext_lazy("Finance"),
    "manager": gettext_lazy("Manager"),
}  # fmt: skip


@page("notifications.set_audience")
def telling(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show who is told what as a table of boxes, or change it."""
    context: dict[str, Any] = {"heading": _("Who is told what"), "form": Keyed()}
    told, status = audiences(), 200
    if request.method == "POST":
        wanted = {key: [role for role in ROLES if f"{key}:{role}" in request.POST.getlist("tell")] for key in TOPICS}
        changed = [key for key in TOPICS if wanted[key] != [role for role in ROLES if role in told[key]]]
        key = request.POST.get("key", "")[:100] or "none"
        try:
            set_audience.batch(
                [SetAudience(topic=each, roles=cast(Any, tuple(wanted[each]))) for each in changed],
                actor=actor, keys=[f"{key}:{each}" for each in changed],
            )  # fmt: skip
        except REFUSALS as error:
            context["refusal"], status = tell(error), status_of(error)
        else:
            messages.success(request, _("Saved. It holds for everything that happens from now on."))
            return redirect("telling")
    context["roles"] = ROLE_NAMES.items()
    context["topics"] = [
        (key, topic.title, topic.letter and KINDS[topic.letter], [(role, role in told[key]) for role in ROLE_NAMES])
        for key, topic in TOPICS.items()
    ]
    return render(request, "desk/notifications/telling.html", context, status=status)


class TextForm(Keyed):
    """Subject and body of a letter."""

    subject = TextLine(label=gettext_lazy("Subject"), required=True)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 12}), strip=False,
    )  # fmt: skip


def example() -> dict[str, str]:
    """Return what stands for the placeholders in a preview."""
    return {
        "number": "R000123", "customer": _("Ms Chen"), "company": company().name, "items": _("Green tea") + " × 2",
        "reason": _("outside the return period"), "amount": "¥128.00", "link": "https://…/rate/…/",
    }  # fmt: skip


@page("notifications.write_letter")
def letter_texts(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the kinds of letters with their subjects."""
    known = texts()
    shown = [
        (kind, title, [(key, name, known[kind, key][0]) for key, name in LANGUAGES]) for kind, title in KINDS.items()
    ]
    return render(request, "desk/notifications/texts.html", {"heading": _("Texts of letters"), "kinds": shown})


@page("notifications.write_letter")
def letter_text(request: HttpRequest, actor: Actor, kind: str, language: str) -> HttpResponseBase:
    """Show a text with how it reads, or write it."""
    if kind not in KINDS or language not in dict(LANGUAGES):
        raise Http404
    subject, body = texts()[kind, language]
    form, status = TextForm(initial={"subject": subject, "body": body}), 200
    context: dict[str, Any] = {
        "heading": f"{KINDS[kind]} · {dict(LANGUAGES)[language]}", "placeholders": PLACEHOLDERS.items(),
    }  # fmt: skip
    if request.method == "POST":
        form, status = TextForm(request.POST), 422
        if form.is_valid():
            subject, body = form.cleaned_data["subject"], form.cleaned_data["body"].replace("\r\n", "\n")
            if request.POST.get("do") == "preview":
                status = 200
            else:
                wanted = WriteLetter(kind=kind, language=cast(Any, language), subject=subject, body=body)
                try:
                    write_letter(wanted, actor=actor, key=form.cleaned_data["key"])
                except REFUSALS as error:
                    context["refusal"], status = tell(error), status_of(error)
                else:
                    messages.success(request, _("Saved. Letters say this from now on."))
                    return redirect("letter_texts")
    if not unknown_placeholders(subject + body):
        context["preview"] = (filled(subject, example()), filled(body, example()))
    return render(request, "desk/notifications/text.html", {**context, "form": form}, status=status)
