"""Write down what happened to pieces of a return; rows are appended, an undo appends their mirror."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, Value

from backstock.core import rows
from backstock.core.commands import Item
from backstock.returns.models import ReturnEvent, SecondOpinion

FIELDS = (
    "rma_id", "log_id", "piece_id", "kind", "verdict", "quantity_e4", "grade", "place_id", "value_cents",
    "found_product_id", "supplier_id", "mirrors_log_id", "business_on", "due_at", "settle_due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to some units of a piece (0 for a wrong item, which belongs to none)."""

    piece_id: int
    kind: str
    verdict: str
    quantity_e4: int
    grade: str = ""
    place_id: int = 0
    value_cents: int = 0
    found_product_id: int = 0
    supplier_id: int = 0
    mirrors_log_id: int = 0
    due_at: datetime | None = None
    settle_due_at: datetime | None = None


def record(entries: Iterable[tuple[Item[Any], int, Sequence[Event]]]) -> None:
    """Append the events of each item: (item, return, events)."""
    rows.insert(
        ReturnEvent,
        FIELDS,
        [
            (
                rma_id, item.log_id, e.piece_id, e.kind, e.verdict, e.quantity_e4, e.grade, e.place_id, e.value_cents,
                e.found_product_id, e.supplier_id, e.mirrors_log_id, item.on, e.due_at, e.settle_due_at,
            )
            for item, rma_id, events in entries
            for e in events
        ],
    )  # fmt: skip


@dataclass(slots=True)
class Whereabouts:
    """Where pieces of returns lie in quarantine, and which grades they were given: read from the events."""

    at: dict[int, dict[int, int]]
    grades: dict[int, str]

    def take(self, piece_id: int, quantity_e4: int) -> list[tuple[int, int]]:
        """Take units of a piece from the places where they lie, in the order of the places: (place, quantity)."""
        taken = []
        for place, there_e4 in sorted(self.at[piece_id].items()):
            part_e4 = min(quantity_e4, there_e4)
            if part_e4 > 0:
                self.at[piece_id][place] -= part_e4
                taken.append((place, part_e4))
                quantity_e4 -= part_e4
        return taken


_OPINION, _NONE = Value("second_opinion", output_field=CharField()), Value(0, output_field=BigIntegerField())


def whereabouts(rma_ids: Iterable[int]) -> Whereabouts:
    """Read where the pieces of returns lie and how they were graded."""
    at: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    grades: dict[int, str] = {}
    wanted = set(rma_ids)
    events = ReturnEvent.objects.filter(rma_id__in=wanted).values_list(
        "log_id", "piece_id", "kind", "verdict", "quantity_e4", "place_id", "grade", "mirrors_log_id"
    )
    # In the same statement: there are few of them, and a disposition asks no more questions for their sake.
    opinions = SecondOpinion.objects.filter(rma_id__in=wanted).values_list(
        "log_id", "piece_id", _OPINION, "verdict", "quantity_e4", _NONE, "grade", _NONE
    )
    for _, piece_id, kind, verdict, quantity_e4, place_id, grade, mirrors in events.union(opinions, all=True).order_by(
        "log_id"
    ):
        sign = -1 if mirrors else 1
        if kind == "receive" and verdict in ("received", "damaged"):
            at[piece_id][place_id] += sign * quantity_e4
        elif kind == "dispose":
            at[piece_id][place_id] -= sign * quantity_e4
        elif kind == "inspect" and grade and not mirrors:
            grades[piece_id] = max(grade, grades.get(piece_id, grade))
        elif kind == "second_opinion" and grade:
            grades[piece_id] = grade
    return Whereabouts(at, grades)
