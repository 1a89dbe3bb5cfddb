"""Find, link and open parcels: many parcels per return and many returns per parcel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from backstock.core import rows
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id
from backstock.returns.models import Parcel, ParcelReturn


def load_parcels(codes: Iterable[str], lock: bool = False) -> dict[str, Parcel]:
    """Read parcels by their number or tracking number; of several with one tracking number the newest."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    ids = {code: document_id("PK", code) for code in wanted}
    found = Parcel.objects.filter(Q(pk__in=[pk for pk in ids.values() if pk]) | Q(tracking_number__in=wanted))
    parcels = list((found.select_for_update() if lock else found).order_by("pk"))
    by_code = {parcel.tracking_number: parcel for parcel in parcels if parcel.tracking_number}
    # A tracking number that reads like one of our own numbers hides no parcel of ours.
    by_code |= {parcel.number: parcel for parcel in parcels}
    return {code: by_code[name] for code in wanted for name in (code, code.upper()) if name in by_code}


def parcel_of(parcels: dict[str, Parcel], code: str) -> Parcel:
    """Return a parcel that was read; raise UnknownDocument."""
    try:
        return parcels[code]
    except KeyError:
        raise UnknownDocument(document=code[:60]) from None


def link(pairs: Iterable[tuple[int, int]]) -> None:
    """Write down which returns parcels hold goods of: (parcel, return); what is linked already stays so."""
    wanted = sorted(set(pairs))
    if wanted:
        rows.insert_returning(ParcelReturn, ("parcel", "rma"), wanted, skip_conflicts=True)


def open_parcels(opened: Iterable[tuple[Parcel, int, date]]) -> None:
    """Mark parcels as opened that goods of returns were taken out of: (parcel, return, day)."""
    done = list(opened)
    link((parcel.pk, rma_id) for parcel, rma_id, _ in done)
    for parcel, _, on in done:
        parcel.arrived_on = parcel.arrived_on or on
        parcel.opened_on = parcel.opened_on or on
    if done:
        Parcel.objects.bulk_update({parcel.pk: parcel for parcel, *_ in done}.values(), ["arrived_on", "opened_on"])


def returns_in(parcel_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the returns that parcels are linked to: {parcel: [return]}."""
    found: dict[int, list[int]] = {}
    links = ParcelReturn.objects.filter(parcel_id__in=set(parcel_ids)).order_by("rma_id")
    for parcel_id, rma_id in links.values_list("parcel_id", "rma_id"):
        found.setdefault(parcel_id, []).append(rma_id)
    return found


def parcels_of(rma_id: int) -> list[Parcel]:
    """Return the parcels of a return, the first announced first."""
    return list(Parcel.objects.filter(links__rma_id=rma_id).order_by("pk"))
