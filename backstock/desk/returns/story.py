"""The life of a serial number or lot on one page: bought, sold, returned, inspected, placed, sold again, with the papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.catalog.models import Lot
from backstock.catalog.queries import lots_by_id, matching_lots
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.figures import quantity_text
from backstock.desk.reports.links import document_href
from backstock.desk.returns.timeline import verdict_words
from backstock.partners.models import Partner
from backstock.partners.queries import partners_by_id
from backstock.returns.models import Return
from backstock.returns.recall.progress import inspections_of_lot, recalls_of_lot
from backstock.stock.places import kind_of
from backstock.stock.tracing import blocks_of_lot, moves_of_lot, whereabouts_of_lots
from backstock.warehouse.commands.block import BlockLots, LiftBlock, block_lots, lift_block


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened."""

    on: date
    what: str
    quantity: str
    document: str
    href: str
    taken_back: bool


def what_moved(source: int, target: int) -> str:
    """Say in one word what a move means, else from where to where."""
    known = {
        ("supplier", "sellable"): _("Bought"), ("sellable", "customer"): _("Sold"),
        ("customer", "quarantine"): _("Returned"), ("quarantine", "sellable"): _("Back on the shelf"),
        ("quarantine", "scrap"): _("Scrapped"), ("quarantine", "customer"): _("Sent back to the customer"),
        ("quarantine", "vendor"): _("Back to the supplier"), ("sellable", "supplier"): _("Back to the supplier"),
    }  # fmt: skip
    kinds = (kind_of(source), kind_of(target))
    return known.get(kinds, " → ".join(words.word(words.PLACES, kind) for kind in kinds))


def chapters(lot: Lot) -> list[Chapter]:
    """Tell what happened to a lot, the newest first."""
    unit = lot.product.unit
    found = [
        (log_id, Chapter(
            row.business_on, what_moved(*((row.target_id, row.source_id) if row.mirror else (row.source_id, row.target_id))),
            quantity_text(row.quantity_e4, unit), row.document, document_href(row.document), row.mirror,
        ))
        for log_id, row in moves_of_lot(lot.product_id, lot.pk)
    ]  # fmt: skip
    for event in inspections_of_lot(lot.pk):
        number, said = Return(pk=event.rma_id).number, f"{_('Inspected')} {verdict_words(event)}"
        quantity = quantity_text(event.quantity_e4, unit)
        taken_back = bool(event.mirrors_log_id)
        found.append(
            (event.log_id, Chapter(event.business_on, said, quantity, number, document_href(number), taken_back))
        )
    return [chapter for _log, chapter in sorted(found, key=lambda each: each[0], reverse=True)]


def one(lot: Lot) -> dict[str, Any]:
    """Tell one lot: where it is, whether it is blocked, and its chapters."""
    places = whereabouts_of_lots([lot.pk]).get(lot.pk, {})
    supplier: Partner | None = partners_by_id([lot.supplier_id]).get(lot.supplier_id)
    return {
        "lot": lot,
        "supplier": supplier,
        "places": [
            (words.word(words.PLACES, kind_of(place)), quantity_text(e4, lot.product.unit))
            for place, e4 in places.items()
        ],
        "blocks": [each for each in blocks_of_lot(lot.pk) if not each.lifted_log_id],
        "recalls": recalls_of_lot(lot.pk),
        "chapters": chapters(lot),
    }


@page("stock.view")
def story(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Find a lot or serial number by its code and tell its life; block it, or lift its blocks."""
    if request.method == "POST":
        return _blocked_or_lifted(request, actor)
    return _told(request, actor, request.GET.get("code", "").strip()[:100])


def _blocked_or_lifted(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    code, lift = request.POST.get("code", "")[:100], request.POST.get("do") == "lift"
    given: dict[str, Any] = {
        "sku": request.POST.get("sku", "")[:60],
        "codes": (code,),
        "reason": request.POST.get("reason", "")[:200],
    }
    key = request.POST.get("key", "")[:80] or None
    try:
        if lift:
            lift_block(LiftBlock(**given), actor=actor, key=key)
        else:
            block_lots(BlockLots(**given), actor=actor, key=key)
    except REFUSALS as error:
        more = {"refusal": tell(error), "reason": given["reason"]}
        return _told(request, actor, code, more, status_of(error))
    return redirect(f"{reverse('lot_story')}?code={quote(code)}")


def _told(
    request: HttpRequest, actor: Actor, text: str, more: Mapping[str, Any] = MappingProxyType({}), status: int = 200
) -> HttpResponseBase:
    lots = lots_by_id(matching_lots(text, 5)) if text else {}
    context = {
        "text": text,
        "stories": [one(lot) for lot in lots.values()],
        "may_recall": actor.may("returns.open_recall"),
        "may_block": actor.may("stock.block"),
        "may_lift": actor.may("stock.lift_block"),
        "form": Keyed(),
    }
    return render(request, "desk/returns/story.html", {**context, **more}, status=status)
