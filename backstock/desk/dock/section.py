"""What the dock says on the page of a return: its parcels, what was found beside the expected goods, and its labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstock.catalog.queries import products_by_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.dock.parcels import STATES
from backstock.desk.dock.showing import LABELS
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Tone
from backstock.desk.returns.section import Section
from backstock.evidence.models import Evidence
from backstock.returns.commands.answer_finding import SendFindingBack, send_finding_back
from backstock.returns.dock.parcels import parcels_of
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import FindingAnswer, ReturnEvent

# What lies at the dock and waits for somebody's word.
AT_THE_DOCK = ("over", "wrong_item")


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One thing that a receipt found."""

    pk: int
    label: str
    tone: Tone
    goods: str
    day: str
    answer: str
    document: str
    asks: bool


def findings(rma: LoadedReturn) -> list[FindingView]:
    """Return what receipts that stand found beside goods in good order, the newest first."""
    rows = list(ReturnEvent.objects.filter(rma_id=rma.row.pk, kind="receive").order_by("pk"))
    undone = {row.mirrors_log_id for row in rows}
    odd = [row for row in rows if row.verdict != "received" and not row.mirrors_log_id and row.log_id not in undone]
    answers = FindingAnswer.objects.filter(event_id__in=[row.pk for row in odd]) if odd else ()
    return shown(rma, odd, {answer.event_id: answer for answer in answers})


def shown(rma: LoadedReturn, odd: Sequence[ReturnEvent], answers: Mapping[int, FindingAnswer]) -> list[FindingView]:
    """Tell findings with what was done about them."""
    own = {piece.pk: piece.product for piece in rma.pieces}
    strangers = products_by_id(row.found_product_id for row in odd if row.found_product_id)
    found = []
    for row in reversed(odd):
        product = strangers.get(row.found_product_id) or own.get(row.piece_id)
        name, unit = (product.name or product.sku, product.unit) if product else ("", "")
        label, tone = LABELS[row.verdict]
        answer = answers.get(row.pk)
        said = ""
        if answer is not None:
            said = _("went straight back") if answer.answer == "sent_back" else _("waits as goods without an owner")
        found.append(
            FindingView(
                pk=row.pk, label=str(label), tone=tone, goods=f"{name} × {quantity_text(row.quantity_e4, unit)}",
                day=row.business_on.isoformat(), answer=said, document=answer.document if answer else "",
                asks=answer is None and row.verdict in AT_THE_DOCK,
            )
        )  # fmt: skip
    return found


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Show parcels and findings, where there are some or a parcel may be announced."""
    parcels, odd = parcels_of(rma.row.pk), findings(rma)
    may_announce = actor.may("returns.announce_parcel") and rma.row.status in ("requested", "approved")
    received = any(piece.received_e4 for piece in rma.pieces)
    if not parcels and not odd and not may_announce and not received:
        return None
    facts = {
        "number": rma.row.number,
        "parcels": [(each, words.word(STATES, each.state), words.tone(STATES, each.state)) for each in parcels],
        "findings": odd,
        "photos": photos_of([each.number for each in parcels]),
        "may_announce": may_announce,
        "may_take_in": actor.may("returns.take_in"),
        "may_send_back": actor.may("returns.send_finding_back"),
        "has_labels": received,
    }
    return Section(template="desk/dock/section.html", shown=facts)


def photos_of(documents: Sequence[str]) -> list[Evidence]:
    """Return the photos of parcels."""
    if not documents:
        return []
    rows = Evidence.objects.filter(document__in=documents, erased_at=None).exclude(content_hash="").order_by("pk")
    found = [row for row in rows if row.is_picture or row.is_video]
    for row in found:
        row.when = row.document  # type: ignore[attr-defined] # told to the template
    return found


@require_POST
@page("returns.send_finding_back")
def finding_back(request: HttpRequest, actor: Actor, number: str, finding: int) -> HttpResponseBase:
    """Write down that what was found went straight back."""
    key = request.POST.get("key", "")[:100] or None
    send_finding_back(SendFindingBack(document=number, finding=finding), actor=actor, key=key)
    messages.success(request, _("%(number)s: written down, it went straight back.") % {"number": number})
    return redirect("return_page", number)
