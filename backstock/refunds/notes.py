"""Which credit notes of a return stand."""

from __future__ import annotations

from backstock.refunds.models import CreditNote


def standing_notes(rma_id: int) -> list[CreditNote]:
    """Return the credit notes of a return that were not taken back, in order."""
    notes = list(CreditNote.objects.filter(rma_id=rma_id).order_by("pk"))
    undone = {note.mirrors_log_id for note in notes}
    return [note for note in notes if not note.mirrors_log_id and note.log_id not in undone]
