"""One import: its columns, its dry run, its problems, its progress and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.core.errors import DomainError
from backstock.core.permissions import Actor
from backstock.desk import access
from backstock.desk.exchange.importing import STATES, language, may_import
from backstock.desk.parts import Empty, Progress, Refusal
from backstock.desk.tables import Column, Table
from backstock.exchange_formats import runs
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.kinds.kind import SOURCES
from backstock.exchange_formats.models import ImportRun
from backstock.exchange_formats.reading import header_at

PREVIEW = 5


def _run(actor: Actor, pk: int) -> ImportRun:
    run = ImportRun.objects.filter(pk=pk).first()
    if run is None:
        raise Http404
    if not may_import(actor, KINDS[run.kind]):
        raise PermissionDenied
    return run


@access.page("exchange.import")
def page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Show an import at whatever state it is."""
    return _show(request, _run(actor, pk))


def _show(request: HttpRequest, run: ImportRun, refused: Refusal | None = None, places: Any = None) -> HttpResponseBase:
    label, tone = STATES[run.state]
    context: dict[str, Any] = {
        "run": run, "label": KINDS[run.kind].label(language()), "state": label, "tone": tone, "refused": refused,
        "source": SOURCES.get(run.source, run.source), "counts": run.counts, "is_open": run.state in runs.OPEN,
        "message": run.message_zh if language().startswith("zh") else run.message_en, "progress": _progress(run),
        "may_choose": run.state in ("new", "checked", "stopped", "failed"), "ready": run.counts.get("ready", 0),
    }  # fmt: skip
    if context["may_choose"]:
        context |= _columns(run, places)
    template = "desk/exchange/run.html"
    if run.problems and not context["is_open"]:
        answer = _problems(run).respond(request, template, context)
    else:
        answer = render(request, template, context)
    if refused is not None:
        answer.status_code = 422
    return answer


@dataclass(frozen=True, slots=True)
class Choice:
    """One of our columns, and the columns of the file that it may be."""

    key: str
    label: str
    required: bool
    note: str
    chosen: int | None


def _columns(run: ImportRun, places: Mapping[str, int] | None) -> dict[str, Any]:
    try:
        sheet = runs.sheet_of(run)
    except DomainError as error:
        return {"refused": access.tell(error), "may_choose": False}
    heads = header_at(sheet, run.header_row)
    chosen = run.places if places is None else places
    below = [cells for number, cells in sheet.rows if number > run.header_row][:PREVIEW]
    offered = [
        (at, head or _("Column %(number)s") % {"number": at + 1}, _sample(below, at)) for at, head in enumerate(heads)
    ]
    kind, said = KINDS[run.kind], language()
    choices = [Choice(c.key, c.label(said), c.required, c.note(said), chosen.get(c.key)) for c in kind.columns]
    # What is not foreign is always offered; what other programs write only where it was found.
    shown = [each for each, c in zip(choices, kind.columns, strict=True) if not c.foreign or each.chosen is not None]
    used = set(chosen.values())
    return {
        "choices": shown, "offered": offered,
        "unused": [head for at, head, _sample_of in offered if at not in used and heads[at]],
    }  # fmt: skip


def _sample(rows: Sequence[Sequence[Any]], at: int) -> str:
    return next((str(cells[at])[:20] for cells in rows if at < len(cells) and cells[at] not in (None, "")), "")


@access.page("exchange.import")
def columns(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Take the choice of columns and ask for the dry run."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    run = _run(actor, pk)
    places = {}
    for column in KINDS[run.kind].columns:
        said = request.POST.get(f"column-{column.key}", "")
        if said.isascii() and said.isdigit() and int(said) < 300:
            places[column.key] = int(said)
    try:
        runs.choose(run, places)
    except DomainError as error:
        return _show(request, run, access.tell(error), places)
    return redirect("import_run", pk)


@access.page("exchange.import")
def start(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Start the import, where asked without the rows that have problems."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    run = _run(actor, pk)
    try:
        runs.accept(run, leave_out=request.POST.get("leave_out") == "1")
    except DomainError as error:
        return _show(request, run, access.tell(error))
    return redirect("import_run", pk)


def _progress(run: ImportRun) -> Progress:
    done, total = runs.progress_of(run)
    state: Any = "waiting" if run.state in runs.WAITING else "running" if run.state in runs.OPEN else "done"
    return Progress(
        name="import-progress", label=_("Dry run") if run.state in ("to_check", "checking") else _("Import"),
        url=reverse("import_progress", args=[run.pk]), done=done, total=total, state=state,
        note=_("You may leave this page; the work goes on."),
    )  # fmt: skip


@access.page("exchange.import")
def progress(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Tell how far an import is; when it has come to an end the page is loaded anew."""
    run = _run(actor, pk)
    answer = render(request, "desk/components/progress.html", {"progress": _progress(run)})
    if run.state not in runs.OPEN:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _problems(run: ImportRun) -> Table[dict[str, Any]]:
    sentence = "zh" if language().startswith("zh") else "en"
    return Table(
        name="import-problems", title=_("Problems"), path=reverse("import_problems", args=[run.pk]),
        rows=lambda: list(run.problems), row_id=lambda each: f"{each['row']}-{each['column']}",
        search=lambda rows, text: [each for each in rows if text.lower() in " ".join(map(str, each.values())).lower()],
        search_hint=_("Column, value or problem"),
        columns=(
            Column(key="row", label=_("Row"), kind="number", value=lambda each: each["row"], sort="row"),
            Column(key="column", label=_("Column"), value=lambda each: each["column"], sort="column"),
            Column(key="value", label=_("What the file says"), value=lambda each: each["value"]),
            Column(key="problem", label=_("Problem"), value=lambda each: each[sentence], sort="problem"),
        ),
        empty=Empty(title=_("No problems"), explanation=_("Every row of the file can be imported.")),
    )  # fmt: skip


@access.page("exchange.import")
def problems(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Show the list of problems alone: searched, sorted, exported."""
    run = _run(actor, pk)
    return _problems(run).respond(request, "desk/list.html", {"heading": f"{run.number} · {_('Problems')}"})


@access.page("exchange.import")
def faulty(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Hand out the rows with problems as they stand in the file, with what is wrong beside them."""
    run = _run(actor, pk)
    answer = HttpResponse(runs.faulty_rows(run, language()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{run.number}-problems.csv"'
    return answer
