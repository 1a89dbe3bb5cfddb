"""The page of a parcel: where it is followed, which returns it is of with their other parcels, what was photographed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from backstock.carriers.known import named, of_waybill
from backstock.carriers.queries import every_carrier
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.dock.parcels import STATES
from backstock.evidence.queries import evidence_of
from backstock.returns.models import Parcel, ParcelReturn
from backstock.warehouse.queries import warehouses_in_use


def followed_at(parcel: Parcel) -> str:
    """Return where a parcel is followed on the web, by its carrier or by how its waybill begins."""
    carriers = every_carrier()
    carrier = named(carriers, parcel.carrier) if parcel.carrier else of_waybill(carriers, parcel.tracking_number)
    return carrier.href(parcel.tracking_number) if carrier else ""


def returns_of(parcel: Parcel) -> list[dict[str, Any]]:
    """Return the returns that a parcel is of, each with its other parcels."""
    rows = [link.rma for link in parcel.links.select_related("rma__customer").order_by("rma_id")]
    others: dict[int, list[Parcel]] = defaultdict(list)
    links = ParcelReturn.objects.filter(rma__in=rows).exclude(parcel=parcel).select_related("parcel")
    for link in links.order_by("parcel_id"):
        others[link.rma_id].append(link.parcel)
    return [
        {
            "row": row, "customer": str(row.customer), "others": others[row.pk],
            "status": words.word(words.STATUSES, row.status), "tone": words.tone(words.STATUSES, row.status),
        }
        for row in rows
    ]  # fmt: skip


@page("returns.view")
def parcel_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one parcel."""
    parcel = Parcel.objects.filter(pk=document_id("PK", number) or 0).first()
    if parcel is None:
        raise Http404
    files = [row for row in evidence_of(parcel.number) if row.erased_at is None and row.content_hash]
    for row in files:
        row.when = words.word(words.EVIDENCE_STEPS, row.step)  # type: ignore[attr-defined] # told to the template
    warehouses = {each.pk: str(each) for each in warehouses_in_use()}
    context = {
        "parcel": parcel,
        "state": words.word(STATES, parcel.state),
        "tone": words.tone(STATES, parcel.state),
        "warehouse": warehouses.get(parcel.warehouse_id, ""),
        "followed_at": followed_at(parcel),
        "returns": returns_of(parcel),
        "photos": [row for row in files if row.is_picture or row.is_video],
        "papers": [row for row in files if not (row.is_picture or row.is_video)],
        "arrives": parcel.arrived_on is None and actor.may("returns.log_parcel"),
        "opens": bool(parcel.arrived_on) and not parcel.opened_on and actor.may("returns.scan"),
        "arrived_at": f"{reverse('parcel_log')}?tracking_number={parcel.tracking_number or parcel.number}",
    }
    return render(request, "desk/dock/parcel_page.html", context)
