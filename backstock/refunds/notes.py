"""Which credit notes of a return stand."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.refunds.models import CreditNote


def standing_notes(rma_id: int) -> list[CreditNote]:
    """Return the credit notes of a return that were not taken back, in order."""
    return standing_notes_of([rma_id])[rma_id]


def standing_notes_of(rma_ids: Iterable[int]) -> dict[int, list[CreditNote]]:
    """Return the standing credit notes of several returns, by return."""
    found: dict[int, list[CreditNote]] = {rma_id: [] for rma_id in rma_ids}
    notes = list(CreditNote.objects.filter(rma_id__in=found).order_by("pk"))
    undone = {note.mirrors_log_id for note in notes}
    for note in notes:
        if not note.mirrors_log_id and note.log_id not in undone:
            found[note.rma_id].append(note)
    return found
