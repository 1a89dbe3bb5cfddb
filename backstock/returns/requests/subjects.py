"""What evidence of a return may be about: the whole, one of its lines, or a lot or serial number of a line."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.catalog.queries import lot_codes
from backstock.core.files import is_hash
from backstock.core.numbers import document_id
from backstock.returns.models import Parcel, RequestDraft, Return, ReturnLine, Unclaimed, UnclaimedLine


def places(numbers: Iterable[str]) -> dict[str, frozenset[tuple[int, str]]]:
    """Return the places of returns by number; numbers that do not exist are left out."""
    ids = {pk: number for number in numbers if (pk := document_id("R", number)) and Return(pk=pk).number == number}
    lines = ReturnLine.objects.filter(rma_id__in=ids).values_list("rma_id", "position", "pieces__lot_id")
    found = list(lines)
    codes = lot_codes({lot for _, _, lot in found if lot})
    places: dict[str, set[tuple[int, str]]] = {}
    for rma_id, position, lot in found:
        here = places.setdefault(ids[rma_id], {(0, "")})
        here |= {(position, ""), (position, codes.get(lot or 0, ""))}
    return {number: frozenset(each) for number, each in places.items()}


def places_of_parcels(numbers: Iterable[str]) -> dict[str, frozenset[tuple[int, str]]]:
    """Return the places of parcels: each as a whole."""
    ids = {pk: number for number in numbers if (pk := document_id("PK", number)) and Parcel(pk=pk).number == number}
    found = Parcel.objects.filter(pk__in=ids).values_list("pk", flat=True)
    return {ids[pk]: frozenset({(0, "")}) for pk in found}


def places_of_unclaimed(numbers: Iterable[str]) -> dict[str, frozenset[tuple[int, str]]]:
    """Return the places of parcels without an owner: each as a whole, and its lines."""
    ids = {pk: number for number in numbers if (pk := document_id("UN", number)) and Unclaimed(pk=pk).number == number}
    places: dict[str, set[tuple[int, str]]] = {}
    for pk, position in UnclaimedLine.objects.filter(unclaimed_id__in=ids).values_list("unclaimed_id", "position"):
        places.setdefault(ids[pk], {(0, "")}).add((position, ""))
    return {number: frozenset(each) for number, each in places.items()}


def files_of_drafts() -> set[str]:
    """Return the contents that messages hold which nobody has dealt with yet."""
    waiting = RequestDraft.objects.filter(settled_at=None).values_list("files", flat=True)
    return {name for names in waiting for name in names if is_hash(name)}
