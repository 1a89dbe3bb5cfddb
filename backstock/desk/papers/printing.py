"""Papers of returns as PDF: one from its page, many from the list."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.core.permissions import Actor
from backstock.desk.access import page
from backstock.desk.returns.section import Section
from backstock.documents.papers.kinds import KINDS
from backstock.documents.papers.sheet import Format
from backstock.documents.render import LANGUAGES, MOST_PAPERS, papers
from backstock.returns.loading import LoadedReturn

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def own_language() -> str:
    """Return the language of papers that this reader reads: zh or en."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def site_of(request: HttpRequest) -> str:
    """Return where people reach this installation: as it is set, else as this request did."""
    return settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")


def has_paper(rma: LoadedReturn, kind: str) -> bool:
    """Tell from the counters whether a paper has something to say; the paper itself looks closer."""
    counts = {
        "request": True,
        "receipt": any(piece.received_e4 or piece.missing_e4 for piece in rma.pieces),
        "goods_receipt": any(piece.received_e4 or piece.missing_e4 for piece in rma.pieces),
        "inspection": any(piece.accepted_e4 or piece.rejected_e4 for piece in rma.pieces),
        "refund": any(line.row.refunded_e4 or line.row.refunded_net_cents for line in rma.lines),
    }
    return counts[kind]


def papers_section(rma: LoadedReturn, actor: Actor) -> Section:
    """Offer the papers that a return has by now; costs no statement."""
    offered = []
    for kind in KINDS.values():
        if has_paper(rma, kind.key):
            address = reverse("return_paper", args=[rma.row.number, kind.key])
            ways = [(LANGUAGE_NAMES[each], f"{address}?language={each}") for each in LANGUAGES]
            if "narrow" in kind.formats:
                narrow = urlencode({"language": own_language(), "format": "narrow"})
                ways.append((_("80 mm"), f"{address}?{narrow}"))
            offered.append((kind.title, ways))
    return Section(template="desk/papers/section.html", shown={"papers": offered})


def answer(request: HttpRequest, numbers: list[str], kind: str) -> HttpResponse:
    """Render papers as the address asks for them."""
    if kind not in KINDS:
        raise Http404
    language = request.GET.get("language") or own_language()
    wanted = cast(Format, request.GET.get("format") or "a4")
    made = papers(numbers, kind, language, paper_format=wanted, site=site_of(request))
    name = f"{numbers[0]}-{KINDS[kind].title}.pdf"
    headers = {
        "Content-Disposition": f"inline; filename=\"{numbers[0]}-{kind}.pdf\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@page("returns.view")
def return_paper(request: HttpRequest, actor: Actor, number: str, kind: str) -> HttpResponseBase:
    """Show one paper of one return."""
    return answer(request, [number], kind)


@page("returns.view")
def paper_choice(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Ask which paper of the picked returns is wanted, or print it: one PDF for all of them."""
    numbers = list(dict.fromkeys(request.GET.getlist("row")))
    if (kind := request.GET.get("kind")) and numbers:
        return answer(request, numbers, kind)
    context: dict[str, Any] = {
        "heading": _("Print papers"), "numbers": numbers, "kinds": KINDS.values(), "most": MOST_PAPERS,
        "languages": [(key, LANGUAGE_NAMES[key], key == own_language()) for key in LANGUAGES],
    }  # fmt: skip
    return render(request, "desk/papers/choice.html", context, status=200 if numbers else 422)
