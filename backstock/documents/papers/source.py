"""Everything that papers read of their returns: a fixed number of statements, however many are printed at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backstock.books.notes import note_numbers
from backstock.catalog.models import Product
from backstock.catalog.queries import lot_codes, products_by_id
from backstock.core.errors import UnknownDocument
from backstock.core.models import Company
from backstock.documents.models import Letterhead, letterhead
from backstock.evidence.models import Evidence
from backstock.partners.queries import partners_by_id
from backstock.policies.queries import words_in
from backstock.refunds.models import CreditNote, CreditNoteLine, Refund
from backstock.refunds.notes import standing_notes_of
from backstock.returns.loading import LoadedReturn, load_returns
from backstock.returns.models import ReturnEvent, ReturnPiece
from backstock.returns.queries import sale_lines_of
from backstock.sales.models import SaleLine
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One return with all that papers say about it."""

    rma: LoadedReturn
    company: Company
    letterhead: Letterhead
    # zh or en.
    language: str
    # Where the QR code leads.
    address: str
    sold: Mapping[int, SaleLine]
    # What happened and stands, in the order of recording.
    events: Sequence[ReturnEvent]
    products: Mapping[int, Product]
    lots: Mapping[int, str]
    reasons: Mapping[str, str]
    warehouses: Mapping[int, str]
    notes: Sequence[CreditNote] = ()
    note_lines: Sequence[CreditNoteLine] = ()
    # Of those notes that have one: the number without a gap in its year.
    note_numbers: Mapping[int, str] = field(default_factory=dict)
    refunds: Sequence[Refund] = ()
    remarks: Sequence[str] = field(default=())

    @property
    def number(self) -> str:
        return self.rma.row.number

    def happened(self, kind: str) -> list[ReturnEvent]:
        """Return what stands of one kind."""
        return [event for event in self.events if event.kind == kind]

    def piece(self, pk: int) -> ReturnPiece | None:
        """Return a piece of the return by id."""
        return next((piece for piece in self.rma.pieces if piece.pk == pk), None)


def standing(events: Iterable[ReturnEvent]) -> list[ReturnEvent]:
    """Leave out what was taken back, and the mirrors that took it back."""
    found = list(events)
    undone = {event.mirrors_log_id for event in found}
    return [event for event in found if not event.mirrors_log_id and event.log_id not in undone]


def read(numbers: Sequence[str], language: str, site: str = "") -> list[Source]:
    """Read returns for their papers, in the order asked for; raise UnknownDocument."""
    loaded = load_returns(numbers, lock=False)
    for number in numbers:
        if number not in loaded:
            raise UnknownDocument(document=number[:60])
    returns = [loaded[number] for number in numbers]
    ids = [rma.row.pk for rma in returns]
    customers = partners_by_id(rma.row.customer_id for rma in returns)
    for rma in returns:
        rma.row.customer = customers[rma.row.customer_id]
    events: dict[int, list[ReturnEvent]] = defaultdict(list)
    for event in ReturnEvent.objects.filter(rma_id__in=ids).order_by("pk"):
        events[event.rma_id].append(event)
    notes = standing_notes_of(ids)
    own = [note.pk for each in notes.values() for note in each]
    lines, refunds = _by_return(own)
    fiscal = note_numbers(own) if own else {}
    remarks: dict[str, list[str]] = defaultdict(list)
    for document, text in Evidence.objects.filter(document__in=numbers, kind="note", erased_at=None).values_list(
        "document", "text"
    ):
        remarks[document].append(text)
    sold, lots = sale_lines_of(returns), lot_codes(piece.lot_id for rma in returns for piece in rma.pieces)
    strangers = products_by_id({event.found_product_id for each in events.values() for event in each} - {0})
    company, head = Company.objects.get(), letterhead()
    reasons, warehouses = words_in(language), warehouse_names()
    return [
        Source(
            rma=rma, company=company, letterhead=head, language=language, sold=sold, lots=lots, reasons=reasons,
            address=f"{site}/returns/{rma.row.number}/" if site else rma.row.number,
            events=standing(events[rma.row.pk]), products=strangers, warehouses=warehouses, notes=notes[rma.row.pk],
            note_lines=lines[rma.row.pk], note_numbers=fiscal, refunds=refunds[rma.row.pk], remarks=remarks[rma.row.number],
        )
        for rma in returns
    ]  # fmt: skip


def _by_return(note_ids: Sequence[int]) -> tuple[dict[int, list[CreditNoteLine]], dict[int, list[Refund]]]:
    """Read the lines and payments of credit notes; without a note nothing more is read."""
    lines: dict[int, list[CreditNoteLine]] = defaultdict(list)
    refunds: dict[int, list[Refund]] = defaultdict(list)
    if note_ids:
        for line in CreditNoteLine.objects.filter(note__in=note_ids).select_related("note").order_by("pk"):
            lines[line.note.rma_id].append(line)
        for refund in Refund.objects.filter(note__in=note_ids).order_by("pk"):
            refunds[refund.rma_id].append(refund)
    return lines, refunds
