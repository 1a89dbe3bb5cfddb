"""What is wrong or odd in a policy table before it holds, each with a case that shows it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from backstock.policies.table.boxes import Box, both, box, example, left
from backstock.policies.table.model import Row, Table

Kind = Literal["unreachable", "overlap", "no_default", "less_than_law"]
# Says which article gives the customer more than a row does, on facts that the row fits; None where none does.
type LessThanLaw = Callable[[Mapping[str, Any], Row], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One thing to look at: which rows, and facts that show it."""

    kind: Kind
    rows: tuple[str, ...] = ()
    case: Mapping[str, Any] = field(default_factory=dict)
    article: str = ""

    @property
    def stops(self) -> bool:
        """Say whether the table may not be published like this."""
        return self.kind == "less_than_law"


def oddities(table: Table, less_than_law: LessThanLaw = lambda _facts, _row: None) -> list[Oddity]:
    """List rows that never count, rows that contradict each other, cases without a row, and rows below the law."""
    boxes = [box(row) for row in table.rows]
    return [
        *_unreachable(table, boxes),
        *_overlaps(table, boxes),
        *_no_default(table, boxes),
        *_below_the_law(table, boxes, less_than_law),
    ]


def _unreachable(table: Table, boxes: list[Box]) -> Iterator[Oddity]:
    """Find rows of which every case is taken by rows that count before."""
    order = table.order
    for place, n in enumerate(order):
        before = order[:place]
        if not left(boxes[n], (boxes[m] for m in before)):
            takers = tuple(table.rows[m].id for m in before if both(boxes[n], boxes[m]) is not None)
            yield Oddity(kind="unreachable", rows=(table.rows[n].id, *takers), case=example(boxes[n]))


def _overlaps(table: Table, boxes: list[Box]) -> Iterator[Oddity]:
    """Find rows that fit the same cases and decide otherwise, where neither is an exception to the other."""
    for n, row in enumerate(table.rows):
        for m in range(n + 1, len(table.rows)):
            other = table.rows[m]
            shared = both(boxes[n], boxes[m])
            if shared is None or not row.decision or row.decision == other.decision or not other.decision:
                continue
            if left(boxes[n], [boxes[m]]) and left(boxes[m], [boxes[n]]):
                yield Oddity(kind="overlap", rows=(row.id, other.id), case=example(shared))


def _no_default(table: Table, boxes: list[Box]) -> Iterator[Oddity]:
    """Find a case that no row fits: the rest of the policy decides there."""
    pieces = left({}, boxes)
    if table.rows and pieces:
        yield Oddity(kind="no_default", case=example(pieces[-1]))


def _below_the_law(table: Table, boxes: list[Box], less_than_law: LessThanLaw) -> Iterator[Oddity]:
    """Find rows that give the customer less than the law on some case of theirs that counts."""
    order = table.order
    for place, n in enumerate(order):
        for piece in left(boxes[n], (boxes[m] for m in order[:place]))[:50]:
            if article := less_than_law(example(piece), table.rows[n]):
                yield Oddity(kind="less_than_law", rows=(table.rows[n].id,), case=example(piece), article=article)
                break
