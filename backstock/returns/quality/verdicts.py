"""Read what inspectors said of pieces: the verdicts that count, and whether they still stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from backstock.returns.models import ReturnEvent, SecondOpinion


def opinions_of(rma_ids: Iterable[int]) -> list[SecondOpinion]:
    """Return the second opinions on pieces of returns, in the order in which they were given."""
    return list(SecondOpinion.objects.filter(rma_id__in=set(rma_ids)).order_by("pk"))


def verdicts_of(
    events: Iterable[ReturnEvent], opinions: Iterable[SecondOpinion] = ()
) -> dict[int, dict[tuple[str, str], int]]:
    """Return the verdicts that count, after second opinions: piece → (verdict, grade) → quantity."""
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for event in events:
        if event.kind == "inspect":
            sign = -1 if event.mirrors_log_id else 1
            found[event.piece_id][event.verdict, event.grade] += sign * event.quantity_e4
    for each in opinions:
        found[each.piece_id][each.first_verdict, each.first_grade] -= each.quantity_e4
        found[each.piece_id][each.verdict, each.grade] += each.quantity_e4
    return found
