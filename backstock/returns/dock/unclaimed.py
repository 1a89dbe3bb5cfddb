"""Lock goods without an owner, and write down what happens to them; rows are appended, an undo appends their mirror."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstock.core import rows
from backstock.core.commands import Batch, Item
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import document_id
from backstock.returns.dock.errors import NotHere
from backstock.returns.models import FindingAnswer, Return, ReturnEvent, Unclaimed, UnclaimedEvent, UnclaimedLine
from backstock.returns.postings import unclaimed_pool
from backstock.stock.moves import NOWHERE, Move
from backstock.stock.places import place_id

FIELDS = (
    "unclaimed_id", "line_id", "log_id", "kind", "to", "quantity_e4", "value_cents", "rma_id", "mirrors_log_id",
    "business_on",
)  # fmt: skip


@dataclass(slots=True)
class LoadedUnclaimed:
    """A parcel without an owner with its lines in order."""

    row: Unclaimed
    lines: list[UnclaimedLine] = field(default_factory=list)

    def line(self, position: int, quantity_e4: int | None) -> tuple[UnclaimedLine, int]:
        """Return a line and how many of it are meant, all that are here where nothing is said; raise NotHere."""
        line = next((each for each in self.lines if each.position == position), None)
        if line is None:
            raise NotHere(document=self.row.number, line=position, asked_e4=quantity_e4 or 0, available_e4=0)
        wanted = line.here_e4 if quantity_e4 is None else quantity_e4
        if not 0 < wanted <= line.here_e4:
            raise NotHere(document=self.row.number, line=position, asked_e4=wanted, available_e4=line.here_e4)
        return line, wanted

    def leaving(self, line: UnclaimedLine, quantity_e4: int, target: int) -> Move:
        """Return the move with which units leave quarantine, worth nothing as they came."""
        return Move(
            product_id=line.product_id, lot_id=line.lot_id, quantity_e4=quantity_e4,
            source_id=place_id("quarantine", self.row.warehouse_id), target_id=target, source_pool=unclaimed_pool(line.pk),
            target_pool=NOWHERE, source_value_cents=0, target_value_cents=0, line_id=line.pk,
        )  # fmt: skip


def load_unclaimed(numbers: Iterable[str], lock: bool = True) -> dict[str, LoadedUnclaimed]:
    """Read parcels without an owner by number, locking them in the order of their ids; unknown numbers are left out."""
    wanted = {number: pk for number in numbers if (pk := document_id("UN", number)) is not None}
    if not wanted:
        return {}
    headers = Unclaimed.objects.filter(pk__in=wanted.values()).order_by("pk")
    loaded = {row.pk: LoadedUnclaimed(row) for row in (headers.select_for_update() if lock else headers)}
    lines = UnclaimedLine.objects.filter(unclaimed_id__in=loaded).select_related("product")
    for line in lines.order_by("unclaimed_id", "position"):
        loaded[line.unclaimed_id].lines.append(line)
    return {number: loaded[pk] for number, pk in wanted.items() if pk in loaded}


def unclaimed_of(found: dict[str, LoadedUnclaimed], number: str) -> LoadedUnclaimed:
    """Return a loaded parcel without an owner; raise UnknownDocument."""
    try:
        return found[number]
    except KeyError:
        raise UnknownDocument(document=number[:60]) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that happened to some units of a line."""

    unclaimed_id: int
    line_id: int
    kind: str
    quantity_e4: int
    to: str = ""
    value_cents: int = 0
    rma_id: int = 0
    mirrors_log_id: int = 0


def note(entries: Iterable[tuple[Item[Any], Sequence[Happened]]]) -> None:
    """Append what happened, item by item."""
    rows.insert(
        UnclaimedEvent,
        FIELDS,
        [
            (
                each.unclaimed_id, each.line_id, item.log_id, each.kind, each.to, each.quantity_e4, each.value_cents,
                each.rma_id, each.mirrors_log_id, item.on,
            )
            for item, happened in entries
            for each in happened
        ],
    )  # fmt: skip


def mirror(event: UnclaimedEvent) -> Happened:
    """Return the opposite of what happened."""
    return Happened(
        unclaimed_id=event.unclaimed_id, line_id=event.line_id, kind=event.kind, quantity_e4=event.quantity_e4,
        to=event.to, value_cents=event.value_cents, rma_id=event.rma_id, mirrors_log_id=event.log_id,
    )  # fmt: skip


def matches_of_logs(log_ids: Iterable[int]) -> dict[int, list[UnclaimedEvent]]:
    """Return the goods without an owner that log rows matched, their lines locked; {log row: events}."""
    found: dict[int, list[UnclaimedEvent]] = {}
    for event in UnclaimedEvent.objects.filter(log_id__in=set(log_ids), kind="matched", mirrors_log_id=0).order_by(
        "pk"
    ):
        found.setdefault(event.log_id, []).append(event)
    ids = {event.line_id for events in found.values() for event in events}
    if ids:
        list(UnclaimedLine.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
    return found


def unmatch(batch: Batch[Any], matches: Sequence[UnclaimedEvent]) -> list[Happened]:
    """Make goods nobody's again that an undone receipt had matched; return the mirrors to write."""
    for match in matches:
        batch.change(UnclaimedLine(pk=match.line_id, here_e4=0), here_e4=match.quantity_e4)
    return [mirror(match) for match in matches]


def refuse_answered(events: Iterable[ReturnEvent], log_ids: Collection[int]) -> None:
    """Refuse to take a receipt back of which a finding was settled: the goods went their way."""
    wanted = {event.pk: event for event in events if event.log_id in log_ids and not event.piece_id}
    answered = FindingAnswer.objects.filter(event_id__in=wanted).first() if wanted else None
    if answered is not None:
        number = Return(pk=wanted[answered.event_id].rma_id).number
        raise TransitionNotAllowed(document=number, current="later steps", wanted="undo receive")
