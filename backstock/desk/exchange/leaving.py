"""Everything leaves: each kind as csv in the import's own format, or all of it in one archive."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from backstock.core.permissions import Actor
from backstock.desk import access
from backstock.desk.exchange.importing import kind_or_404, language
from backstock.exchange_formats import leaving
from backstock.exchange_formats.kinds import KINDS


@access.page("exchange.export")
def page(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Say what can leave, and how."""
    kinds = [(kind.label(language()), kind.key, kind.is_personal) for kind in KINDS.values()]
    kinds = [each for each in kinds if each[1] not in ("past-sales", "open-returns")]
    return render(request, "desk/exchange/export.html", {"kinds": kinds})


@access.page("exchange.export")
def kind_csv(request: HttpRequest, actor: Actor, kind: str) -> HttpResponseBase:
    """Hand out one kind as its import reads it."""
    wanted = kind_or_404(kind)
    lines = leaving.csv_of(wanted, access.company().currency_digits)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"backstock-{wanted.key}-{timezone.localdate():%Y%m%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@access.page("exchange.export")
def everything(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Hand out all there is, with the evidence and a manifest of hashes."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it when it is sent
    leaving.archive(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"backstock-{timezone.localdate():%Y%m%d}.zip")
