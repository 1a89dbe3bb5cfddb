"""Lock receipts and read them with their lines; billing, sending back and undoing begin here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import row_id
from backstock.purchases.models import PurchaseLine, PurchaseReceipt


@dataclass(slots=True)
class LoadedReceipt:
    """A receipt with its lines in order."""

    row: PurchaseReceipt
    lines: list[PurchaseLine] = field(default_factory=list)

    def standing(self, wanted: str) -> LoadedReceipt:
        """Refuse a step on a receipt that was taken back."""
        if self.row.undone_log_id:
            raise TransitionNotAllowed(document=self.row.number, current="undone", wanted=wanted)
        return self


def load_receipts(numbers: Iterable[str], lock: bool = True) -> dict[str, LoadedReceipt]:
    """Read receipts by number, locking them in the order of their ids; numbers that do not exist are left out."""
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("P", number)
        except UnknownDocument:
            continue
    found = load_receipts_by_id(wanted.values(), lock)
    return {number: found[pk] for number, pk in wanted.items() if pk in found}


def load_receipts_by_id(ids: Iterable[int], lock: bool = True) -> dict[int, LoadedReceipt]:
    """Read receipts by id. The header's lock guards the lines: nobody writes them without it."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    headers = PurchaseReceipt.objects.filter(pk__in=wanted).order_by("pk")
    loaded = {row.pk: LoadedReceipt(row) for row in (headers.select_for_update() if lock else headers)}
    for line in PurchaseLine.objects.filter(receipt_id__in=wanted).order_by("receipt_id", "position", "pk"):
        loaded[line.receipt_id].lines.append(line)
    return loaded


def receipt_of(receipts: dict[str, LoadedReceipt], number: str) -> LoadedReceipt:
    """Return a loaded receipt; raise UnknownDocument."""
    try:
        return receipts[number]
    except KeyError:
        raise UnknownDocument(document=number[:60]) from None
