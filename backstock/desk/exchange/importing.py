"""Choose what to import, take its template, send the file; and the list of imports."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backstock.core import clock
from backstock.core.errors import DomainError
from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk.access import company, page, tell
from backstock.desk.parts import Empty, Text, Tone
from backstock.desk.tables import Column, Table
from backstock.exchange_formats import runs
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.kinds.kind import SOURCES, Kind
from backstock.exchange_formats.models import ImportRun
from backstock.exchange_formats.templates import template as template_of

STATES: dict[str, tuple[Text, Tone]] = {
    "new": (gettext_lazy("Choose columns"), "info"),
    "to_check": (gettext_lazy("Waiting"), "neutral"),
    "checking": (gettext_lazy("Checking"), "info"),
    "checked": (gettext_lazy("Checked"), "warning"),
    "to_import": (gettext_lazy("Waiting"), "neutral"),
    "importing": (gettext_lazy("Importing"), "info"),
    "stopped": (gettext_lazy("Stopped"), "bad"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "done": (gettext_lazy("Imported"), "good"),
}


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh-hans"


def kind_or_404(key: str) -> Kind:
    """Return a kind of file; raise Http404."""
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def may_import(actor: Actor, kind: Kind) -> bool:
    """Tell whether somebody may run every command that a kind of file becomes."""
    return all(actor.may(command) for command in kind.commands)


def visible_runs(actor: Actor) -> QuerySet[ImportRun]:
    """Return the runs of kinds that somebody may import: their problems quote the file."""
    kinds = [kind.key for kind in KINDS.values() if may_import(actor, kind)]
    return ImportRun.objects.filter(kind__in=kinds).select_related("user").order_by("-pk")


def _table(actor: Actor) -> Table[ImportRun]:
    return Table(
        name="imports", title=_("Imports so far"), rows=lambda: visible_runs(actor), row_id=lambda run: str(run.pk),
        columns=(
            Column(key="number", label=_("Number"), value=lambda run: run.number, link=lambda run: reverse("import_run", args=[run.pk])),
            Column(key="kind", label=_("Kind of data"), value=lambda run: KINDS[run.kind].label(language())),
            Column(key="file", label=_("File"), value=lambda run: run.file_name),
            Column(key="state", label=_("State"), kind="badge", value=lambda run: str(STATES[run.state][0]), tone=lambda run: STATES[run.state][1]),
            Column(key="rows", label=_("Rows"), kind="number", value=lambda run: run.counts.get("rows")),
            Column(key="imported", label=_("Imported"), kind="number", value=lambda run: run.counts.get("imported")),
            Column(key="who", label=_("Who"), value=lambda run: str(run.user) if run.user else _("Console")),
            Column(key="at", label=_("Started at"), kind="moment", value=lambda run: run.started_at),
        ),
        empty=Empty(
            title=_("No imports yet"),
            explanation=_("Choose a kind of data above. First warehouses, products, customers and suppliers, then what was open on the first day."),
            icon="database",
        ),
    )  # fmt: skip


@page("exchange.import")
def listing(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what may be imported, in the order in which it is, and the imports so far."""
    kinds = [
        (kind.label(language()), kind.about(language()), kind.key) for kind in KINDS.values() if may_import(actor, kind)
    ]
    return _table(actor).respond(request, "desk/exchange/listing.html", {"kinds": kinds})


class UploadForm(forms.Form):
    """A file, whose it is, and the day on which its opening figures are booked."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy(".xlsx, .xls, .ods or .csv; at most 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=gettext_lazy("Comes from"), required=False,
        choices=[("", gettext_lazy("Find out from the header")), *((key, name) for key, name in SOURCES.items())],
    )  # fmt: skip
    on = forms.DateField(
        label=gettext_lazy("Business day"), help_text=gettext_lazy("Opening figures are booked on this day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


@page("exchange.import")
def upload(request: HttpRequest, actor: Actor, kind: str) -> HttpResponseBase:
    """Offer the template, explain the columns, and take the file."""
    wanted = kind_or_404(kind)
    if not may_import(actor, wanted):
        raise PermissionDenied
    context: dict[str, Any] = {
        "kind": wanted, "label": wanted.label(language()), "about": wanted.about(language()),
        "columns": [(c.label(language()), c.required, c.note(language()), c.example) for c in wanted.own],
    }  # fmt: skip
    if request.method != "POST":
        form = UploadForm(initial={"on": clock.today(company().timezone)})
        return render(request, "desk/exchange/upload.html", {**context, "form": form})
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            run = runs.upload(
                wanted, given["file"].name, given["file"].read(), cast(User, request.user), given["source"], given["on"]
            )
            if runs.is_clear(run):  # The columns may still be changed after the dry run, which writes nothing.
                runs.choose(run, run.places)
            return redirect("import_run", run.pk)
        except DomainError as error:
            context["refused"] = tell(error)
    return render(request, "desk/exchange/upload.html", {**context, "form": form}, status=422)


@page("exchange.import")
def template(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """Hand out the blank file of a kind, in Chinese or English."""
    wanted = kind_or_404(kind)
    said = "en" if request.GET.get("language") == "en" else "zh-hans" if "language" in request.GET else language()
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(template_of(wanted, said), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="backstock-{wanted.key}.xlsx"'
    return answer
