"""Read the gapless numbers of credit notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from backstock.books.models import NoteNumber
from backstock.refunds.models import CreditNote


def note_numbers(ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of credit notes that have one, as they stand on paper."""
    return {each.note_id: each.text for each in NoteNumber.objects.filter(note_id__in=set(ids))}


def unnumbered_notes(through: date) -> int:
    """Count the credit notes of a year up to a day that wait for their numbers."""
    notes = CreditNote.objects.filter(issued_on__gte=date(through.year, 1, 1), issued_on__lte=through)
    return notes.exclude(pk__in=NoteNumber.objects.filter(year=through.year).values("note_id")).count()
