"""Add evidence to a return that is under way, and erase some where a person asks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backstock.catalog.queries import lot_codes
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.evidence.photos import Photos
from backstock.desk.fields import Keyed, TextLine, chosen
from backstock.evidence.commands.attach import AttachEvidence, attach_evidence
from backstock.evidence.commands.erase import EraseEvidence, erase_evidence
from backstock.evidence.queries import evidence_of
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return


class Adding(Keyed):
    """What the files are about."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        choices=[("customer", gettext_lazy("The customer's")), ("ours", gettext_lazy("Ours"))],
    )
    step = forms.ChoiceField(label=gettext_lazy("When"), choices=[*words.EVIDENCE_STEPS.items()])
    about = forms.ChoiceField(label=gettext_lazy("What they show"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def offer(self, rma: LoadedReturn) -> None:
        """Offer the lines, and each lot or serial number of a line."""
        codes = lot_codes(piece.lot_id for piece in rma.pieces)
        found = []
        for line in rma.lines:
            name = line.row.product.name or line.row.product.sku
            found.append((f"{line.row.position}:", name))
            own = dict.fromkeys(codes[piece.lot_id] for piece in line.pieces if piece.lot_id in codes)
            found += [(f"{line.row.position}:{code}", f"{name} · {code}") for code in own]
        field: Any = self.fields["about"]
        field.choices = chosen(found, gettext_lazy("The return as a whole"))

    def about_what(self) -> dict[str, Any]:
        data = self.cleaned_data
        line, _colon, lot = data["about"].partition(":")
        return {"step": data["step"], "whose": data["whose"], "line": int(line or 0), "lot": lot}


@page("evidence.attach")
def add(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Collect files and bring them to a return."""
    rma = loaded_return(number)
    post = request.method == "POST"
    start = {"whose": "customer" if actor.may("returns.request") else "ours", "step": _usual_step(actor)}
    form = Adding(request.POST if post else None, initial=start)
    form.offer(rma)
    photos, context, status = Photos(request, actor), dict[str, Any](), 200
    if post:
        status = 422
        if form.is_valid() and not photos.problems:
            about, note = form.about_what(), form.cleaned_data["note"]
            try:
                photos.attach(rma.row.number, actor, form.cleaned_data["key"], **about)
                if note or not photos:
                    wanted = AttachEvidence(document=rma.row.number, note=note, **about)
                    attach_evidence(wanted, actor=actor, key=f"{form.cleaned_data['key']}:note")
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("%(number)s: kept.") % {"number": rma.row.number})
                return redirect("return_page", rma.row.number)
    context |= {"rma": rma.row, "form": form, "photos": photos}
    return render(request, "desk/evidence/add.html", context, status=status)


def _usual_step(actor: Actor) -> str:
    for permission, step in (
        ("returns.request", "request"),
        ("returns.receive", "receive"),
        ("returns.inspect", "inspect"),
    ):
        if actor.may(permission):
            return step
    return "request"


class Erasing(Keyed):
    """Why."""

    reason = TextLine(label=gettext_lazy("Why"), help_text=gettext_lazy("It is not kept in the log."))


@page("evidence.erase")
def erase(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Choose what is erased of a return, and erase it for good."""
    rma, context, status = loaded_return(number), dict[str, Any](), 200
    form = Erasing(request.POST if request.method == "POST" else None)
    picked = [int(each) for each in request.POST.getlist("row") if each.isdigit()]
    if request.method == "POST":
        status = 422
        if not picked:
            context["nothing_picked"] = True
        elif form.is_valid():
            wanted = EraseEvidence(document=rma.row.number, evidence=tuple(picked), reason=form.cleaned_data["reason"])
            try:
                erase_evidence(wanted, actor=actor, key=form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                said = ngettext(
                    "%(count)s piece of evidence erased.", "%(count)s pieces of evidence erased.", len(picked)
                )
                messages.success(request, said % {"count": len(picked)})
                return redirect("return_page", rma.row.number)
    rows = [row for row in evidence_of(rma.row.number) if row.erased_at is None]
    for row in rows:
        row.when = words.word(words.EVIDENCE_STEPS, row.step)  # type: ignore[attr-defined] # told to the template
    context |= {"rma": rma.row, "form": form, "rows": rows, "picked": picked}
    return render(request, "desk/evidence/erase.html", context, status=status)
