"""Read red invoices: what of a credit note belongs to which blue invoice, what is red already, and what is still to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from backstock.books.lifecycle import Status, counts, lapsed
from backstock.books.models import BlueInvoice, RedInvoice
from backstock.core import clock
from backstock.core.numbers import document_id
from backstock.refunds.models import CreditNote, CreditNoteLine
from backstock.returns.models import Return, ReturnLine
from backstock.sales.models import Sale


@dataclass(slots=True)
class NoteShare:
    """What a credit note gives back of the sale of a blue invoice, and what is left of both for red ones."""

    note_id: int
    reason: str
    digits: int
    net_left_cents: int
    tax_left_cents: int
    blue_net_left_cents: int
    blue_tax_left_cents: int

    def take(self, net_cents: int, tax_cents: int) -> None:
        """Take what is asked for of both."""
        self.net_left_cents -= net_cents
        self.tax_left_cents -= tax_cents
        self.blue_net_left_cents -= net_cents
        self.blue_tax_left_cents -= tax_cents


def note_sums(notes: Iterable[CreditNote]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return net (shipping with the first sale) and tax that notes give back per sale: {(note, sale): (net, tax)}."""
    listed = list(notes)
    lines = list(CreditNoteLine.objects.filter(note__in=listed).order_by("pk"))
    sales = dict(ReturnLine.objects.filter(pk__in={x.return_line_id for x in lines}).values_list("pk", "sale_id"))
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        sums[line.note_id, sales[line.return_line_id]][0] += line.net_cents
        sums[line.note_id, sales[line.return_line_id]][1] += line.tax_cents
    shipping = {note.pk: note.shipping_cents for note in listed}
    for note_id, sale_id in sums:
        sums[note_id, sale_id][0] += shipping.pop(note_id, 0)
    return {key: (net, tax) for key, (net, tax) in sums.items()}


def standing(ids: Iterable[int]) -> dict[int, CreditNote]:
    """Return the credit notes that were not taken back."""
    notes = list(CreditNote.objects.filter(pk__in=set(ids), mirrors_log_id=0).order_by("pk"))
    undone = set(
        CreditNote.objects.filter(mirrors_log_id__in=[n.log_id for n in notes]).values_list("mirrors_log_id", flat=True)
    )
    return {note.pk: note for note in notes if note.log_id not in undone}


def shares_of(documents: Iterable[str], blues: Iterable[BlueInvoice]) -> dict[tuple[str, int], NoteShare]:
    """Return what is left for red invoices: {(credit note, blue invoice): share}; blue ones of other sales have none."""
    wanted = {pk: number for number in documents if (pk := document_id("C", number)) is not None}
    notes, blues = standing(wanted), list(blues)
    given, now = note_sums(notes.values()), clock.now()
    reds = list(RedInvoice.objects.filter(Q(blue__in=blues) | Q(note_id__in=notes)).select_related("blue"))
    taken = [red for red in reds if counts(red, now)]
    sales = {sale.pk: sale for sale in Sale.objects.filter(pk__in={blue.sale_id for blue in blues})}
    kinds = _reasons(notes.values())
    found: dict[tuple[str, int], NoteShare] = {}
    for blue in blues:
        of_blue = [red for red in taken if red.blue_id == blue.pk]
        for note in notes.values():
            if (note.pk, blue.sale_id) not in given:
                continue
            net, tax = given[note.pk, blue.sale_id]
            of_note = [red for red in taken if red.note_id == note.pk and red.blue.sale_id == blue.sale_id]
            found[wanted[note.pk], blue.pk] = NoteShare(
                note_id=note.pk, reason=kinds[note.pk], digits=sales[blue.sale_id].currency_digits,
                net_left_cents=net - sum(red.net_cents for red in of_note),
                tax_left_cents=tax - sum(red.tax_cents for red in of_note),
                blue_net_left_cents=blue.net_cents - sum(red.net_cents for red in of_blue),
                blue_tax_left_cents=blue.tax_cents - sum(red.tax_cents for red in of_blue),
            )  # fmt: skip
    return found


def _reasons(notes: Iterable[CreditNote]) -> dict[int, str]:
    """Return why: goods came back (销货退回), or money was given off goods that stay (销售折让)."""
    listed = list(notes)
    types = dict(Return.objects.filter(pk__in={note.rma_id for note in listed}).values_list("pk", "type"))
    return {note.pk: "allowance" if types[note.rma_id] == "allowance" else "returned" for note in listed}


def state_of(red: RedInvoice, now: datetime) -> str:
    """Return the state of a red invoice, with `lapsed` for one that nobody answered."""
    return "lapsed" if lapsed(red, now) else str(Status(red.status))
