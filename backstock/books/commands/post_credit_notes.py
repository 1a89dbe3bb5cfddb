"""Credit notes get their numbers: gapless within a year, in the order of their days, when their batch is posted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db import connection
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.books.errors import NotesNumbered
from backstock.books.models import NoteNumber, NoteYear
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.spans import LAST_DAY
from backstock.refunds.models import CreditNote

NUMBERS, YEARS, NOTES = (model._meta.db_table for model in (NoteNumber, NoteYear, CreditNote))
# A credit note that takes another back is a paper of its own; one that came late goes on after the others.
NUMBERED = f"""
INSERT INTO {NUMBERS} (note_id, year, number)
SELECT id, %s, %s + ROW_NUMBER() OVER (ORDER BY issued_on, id) FROM {NOTES} AS note
WHERE issued_on >= %s AND issued_on <= %s AND NOT EXISTS (SELECT 1 FROM {NUMBERS} AS known WHERE known.note_id = note.id)
"""


@typed(frozen=True, kw_only=True, config=STRICT)
class PostCreditNotes(Input):
    """The last day of the batch: the credit notes of its year up to it are numbered."""

    through: Annotated[date, Field(le=LAST_DAY)]


@command("books.post_credit_notes", PostCreditNotes, alone=True)
def post_credit_notes(batch: Batch[PostCreditNotes]) -> None:
    """Number the credit notes of a year that have no number yet, while nothing else is posted; raise NotesNumbered."""
    kept = {row.year: row for row in NoteYear.objects.all()}
    years: dict[int, NoteYear] = {}
    for item in batch.open:
        with batch.attempt(item):
            through = item.input.through
            year = years.get(through.year) or kept.get(through.year) or NoteYear(year=through.year)
            posted = _number(year, through)
            if not posted:
                raise NotesNumbered(through=f"{through}")
            years[through.year] = year
            year.last_number += posted
            item.document = f"{through.year}"
            item.answer = {"year": through.year, "posted": posted, "last_number": year.last_number}
    batch.log()
    fresh = [(number, year.last_number) for number, year in years.items() if number not in kept]
    rows.insert(NoteYear, ("year", "last_number"), fresh)
    NoteYear.objects.bulk_update([kept[number] for number in years if number in kept], ["last_number"])


def _number(year: NoteYear, through: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED, [year.year, year.last_number, date(year.year, 1, 1), through])
        return int(cursor.rowcount)
