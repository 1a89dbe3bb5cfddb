"""Beside step 4: another inspector looks again before the goods are placed; both verdicts stand, the later one counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.models import CommandLog
from backstock.evidence.writing import Entry, append
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.errors import AlreadyRefunded, QuantityExceedsInspected
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnEvent, ReturnPiece, SecondOpinion
from backstock.returns.quality.errors import AnotherInspectorRequired
from backstock.returns.quality.verdicts import opinions_of, verdicts_of
from backstock.returns.stepping import Part, Room, need_lines, pick


@typed(frozen=True, kw_only=True, config=STRICT)
class OpinionLine(GoodsLine):
    """The second verdict on some units; `first_accepted` says which first verdict they had, where pieces of both are there."""

    PERSONAL: ClassVar = frozenset({"note"})

    grade: Literal["A", "B", "C", "D"] | None = None
    accepted: bool = True
    first_accepted: bool | None = None
    found_reason: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class GiveSecondOpinion(Input):
    """What a second inspector says of inspected goods that were not placed yet."""

    document: str
    lines: tuple[OpinionLine, ...]


type Verdicts = dict[int, dict[tuple[str, str], int]]


@dataclass(slots=True)
class Plan:
    """An opinion that was checked: (piece, quantity, first verdict and grade, line)."""

    rma: LoadedReturn
    given: list[tuple[ReturnPiece, int, tuple[str, str], OpinionLine]] = field(default_factory=list)


@command("returns.give_second_opinion", GiveSecondOpinion, permission=lambda _: "returns.inspect")
def give_second_opinion(batch: Batch[GiveSecondOpinion]) -> None:
    """Record a second verdict; the counters follow it."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), lines)
    verdicts, first = _standing(rma.row.pk for rma in returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            need_lines(rma, item.input.lines)
            item.plan = Plan(rma)
            for line in item.input.lines:
                for part in pick(rma, catalogue, line, _room(line), _excess):
                    _refuse_the_first(batch, rma, part, first)
                    _change(batch, item, part, line, verdicts)
            _check_paid(rma)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("SecondOpinionGiven")
    batch.log()
    rows.insert(SecondOpinion, FIELDS, [row for item in batch.open for row in _rows(item)])
    append([entry for item in batch.open for entry in _notes(item)], batch.recorded_at)
    batch.write_changes(ReturnPiece)
    keep_reserved(returns.values())


FIELDS = (
    "rma_id", "log_id", "piece_id", "quantity_e4", "first_verdict", "first_grade", "verdict", "grade", "found_reason",
)  # fmt: skip


def _room(line: OpinionLine) -> Room:
    if line.first_accepted is None:
        return lambda piece: piece.to_dispose_e4
    return lambda piece: piece.accepted_left_e4 if line.first_accepted else piece.rejected_left_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsInspected:
    return QuantityExceedsInspected(sku=sku, asked_e4=asked_e4, inspected_e4=room_e4)


def _standing(rma_ids: Iterable[int]) -> tuple[Verdicts, dict[int, set[int]]]:
    """Read the verdicts that stand, and who gave the first one on each piece: piece → users."""
    wanted = set(rma_ids)
    events = list(ReturnEvent.objects.filter(rma_id__in=wanted, kind="inspect").order_by("pk"))
    undone = {event.mirrors_log_id for event in events}
    standing = [event for event in events if not event.mirrors_log_id and event.log_id not in undone]
    who = dict(CommandLog.objects.filter(pk__in={each.log_id for each in standing}).values_list("pk", "actor_id"))
    first: dict[int, set[int]] = defaultdict(set)
    for event in standing:
        first[event.piece_id].add(who.get(event.log_id) or 0)
    return verdicts_of(events, opinions_of(wanted)), first


def _refuse_the_first(
    batch: Batch[GiveSecondOpinion], rma: LoadedReturn, part: Part, first: dict[int, set[int]]
) -> None:
    me = batch.actor.user_id
    if me is not None and me in first[part.piece.pk]:
        raise AnotherInspectorRequired(document=rma.row.number, sku=part.piece.product.sku, actor=batch.actor.name)


def _change(
    batch: Batch[GiveSecondOpinion], item: Item[GiveSecondOpinion], part: Part, line: OpinionLine, verdicts: Verdicts
) -> None:
    """Take units from the first verdicts they had, and count them under the second."""
    verdict, left_e4, piece = "accepted" if line.accepted else "rejected", part.quantity_e4, part.piece
    for first in _order(verdicts[piece.pk], line):
        free = {"accepted": piece.accepted_left_e4, "rejected": piece.rejected_left_e4}[first[0]]
        taken = min(left_e4, verdicts[piece.pk][first], free)
        if taken <= 0:
            continue
        verdicts[piece.pk][first] -= taken
        verdicts[piece.pk][verdict, line.grade or first[1]] += taken
        if verdict != first[0]:
            batch.change(piece, **{f"{first[0]}_e4": -taken, f"{verdict}_e4": taken})
        item.plan.given.append((piece, taken, first, line))
        left_e4 -= taken
    if left_e4:
        raise _excess(line.sku, part.quantity_e4, part.quantity_e4 - left_e4)


def _order(known: dict[tuple[str, str], int], line: OpinionLine) -> Collection[tuple[str, str]]:
    wanted = None if line.first_accepted is None else "accepted" if line.first_accepted else "rejected"
    return sorted(first for first, quantity in known.items() if quantity > 0 and wanted in (None, first[0]))


def _check_paid(rma: LoadedReturn) -> None:
    """Refuse to turn down what was paid for."""
    for line in rma.lines:
        when = line.terms.refund_when
        if line.row.refunded_e4 > line.counted(partial(_refundable, when)):
            raise AlreadyRefunded(document=rma.row.number, step="inspect")


def _refundable(when: str, piece: ReturnPiece) -> int:
    return piece.refundable_e4(when)


def _rows(item: Item[GiveSecondOpinion]) -> list[tuple[object, ...]]:
    plan: Plan = item.plan
    return [
        (
            plan.rma.row.pk, item.log_id, piece.pk, quantity_e4, first[0], first[1],
            "accepted" if line.accepted else "rejected", line.grade or first[1], line.found_reason,
        )
        for piece, quantity_e4, first, line in plan.given
    ]  # fmt: skip


def _notes(item: Item[GiveSecondOpinion]) -> list[Entry]:
    return [
        Entry(document=item.document, note=line.note, step="inspect", whose="ours", log_id=item.log_id)
        for line in item.input.lines
        if line.note
    ]
