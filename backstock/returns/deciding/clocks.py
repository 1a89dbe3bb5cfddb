"""What waits, for whom, and until when: read from the events that made it wait; nothing of it is stored as a state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least, NullIf

from backstock.core.permissions import Actor
from backstock.core.reading import counted, prepared
from backstock.returns.deciding.approving import CHANGED
from backstock.returns.deciding.flowing import COMMANDS
from backstock.returns.models import Return, ReturnApproval, ReturnEvent, ReturnPiece
from backstock.returns.queries import waiting_for

# Steps that have a clock, in the order of the way.
STEPS: Final = ("approve", "receive", "inspect", "dispose", "settle", "replace")
DONE_BY: Final = {**COMMANDS, "replace": "returns.ship_replacement"}
NOBODY: Final = -1
NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)


def _standing(**wanted: Any) -> QuerySet[ReturnEvent]:
    """Return events that were not taken back, the last first."""
    mirrors = ReturnEvent.objects.filter(rma_id=OuterRef("rma_id"), mirrors_log_id=OuterRef("log_id"))
    return ReturnEvent.objects.filter(~Exists(mirrors), mirrors_log_id=0, **wanted).order_by("-pk")


def _of_pieces(waiting: Q, *kinds: str) -> Subquery:
    """Return the earliest instant until which a waiting piece is to be handled, by the last event of the first kind it has."""
    last = {kind: _standing(piece_id=OuterRef("pk"), kind=kind).exclude(verdict="missing") for kind in kinds}
    until = Case(
        *(When(Exists(rows), then=Subquery(rows.values("due_at")[:1])) for rows in last.values()),
        output_field=DateTimeField(),
    )
    pieces = ReturnPiece.objects.filter(waiting, line__rma=OuterRef("pk")).annotate(until=until)
    named = pieces.filter(until__isnull=False).order_by("until").values("until")
    return Subquery(named[:1], output_field=DateTimeField())


def _dues() -> dict[str, Any]:
    """Return until when each step waits; null where it does not wait or has no clock."""
    inspected = F("accepted_e4") + F("rejected_e4")
    never = Value(NEVER, output_field=DateTimeField())
    given = _standing(rma_id=OuterRef("pk"), settle_due_at__isnull=False)
    # The law counts from the goods' arrival, the flow perhaps from a later step: the first of both binds.
    money = [
        Coalesce(until, never)
        for until in (
            Subquery(given.filter(kind="receive").values("settle_due_at")[:1]),
            Subquery(given.exclude(kind="receive").values("settle_due_at")[:1]),
            F("settle_due_at"),
        )
    ]
    return {
        "approve": F("due_at"),
        "receive": F("due_at"),
        "inspect": _of_pieces(Q(received_e4__gt=inspected), "receive"),
        "dispose": _of_pieces(Q(disposed_e4__lt=inspected), "inspect", "receive"),
        **{step: NullIf(Least(*money), never) for step in ("settle", "replace")},
    }


def _waits(step: str) -> Q:
    return Q(pk__in=waiting_for(Return.objects.all(), DONE_BY[step]).values("pk"))


def clocked(rows: QuerySet[Return], steps: Sequence[str] = STEPS) -> QuerySet[Any]:
    """Write on returns until when each of these steps waits (`until_inspect` …) and the first of them (`until`)."""
    found, dues, never = dict[str, Any](), _dues(), Value(NEVER, output_field=DateTimeField())
    for step in steps:
        waits = Q(_waits(step), ~Q(status="closed"))
        found[f"until_{step}"] = Case(When(waits, then=dues[step]), output_field=DateTimeField())
    made: QuerySet[Any] = rows.annotate(**found)
    each = [Coalesce(F(f"until_{step}"), never) for step in steps]
    made = made.annotate(until=Least(*each) if len(each) > 1 else each[0] if each else never)
    return made


def late(rows: QuerySet[Return], now: datetime, steps: Sequence[str] = STEPS) -> QuerySet[Any]:
    """Narrow returns to those of which a step should have been done before."""
    return clocked(rows.filter(status__in=["requested", "approved"]), steps).filter(until__lt=now)


def until_of(row: Any) -> datetime | None:
    """Return until when a return that was read with `clocked` waits, None where no clock runs."""
    until: datetime | None = getattr(row, "until", None)
    return None if until is None or until.year == NEVER.year else until


def _clocked(ids: Collection[int]) -> QuerySet[Any]:
    return clocked(Return.objects.filter(pk__in=ids))


def untils_of(ids: Collection[int]) -> dict[int, datetime | None]:
    """Return until when each of these returns waits; one statement."""
    return {row.pk: until_of(row) for row in prepared(_clocked, ids)}


def clocks_of(rma_id: int) -> dict[str, datetime]:
    """Return until when each step of one return waits."""
    row = next(iter(prepared(_clocked, [rma_id])), None)
    dues = {step: getattr(row, f"until_{step}", None) for step in STEPS}
    return {step: until for step, until in dues.items() if until is not None}


def steps_of(actor: Actor) -> list[str]:
    """Return the steps that somebody may do."""
    return [step for step in STEPS if actor.may(DONE_BY[step])]


def queue(user_id: int, steps: Sequence[str]) -> QuerySet[Any]:
    """Return what waits for a user in these steps, what is to be done first first."""
    return clocked(_waiting(tuple(steps), user_id).select_related("customer"), steps).order_by("until", "pk")


def _waiting(steps: tuple[str, ...], user_id: int) -> QuerySet[Any]:
    waiting = Q(pk__in=[])
    for step in steps:
        waiting |= _waits(step) & ~Q(Exists(_given(user_id))) if step == "approve" else _waits(step)
    return Return.objects.filter(waiting).exclude(status="closed")


def _late(steps: tuple[str, ...], user_id: int, now: datetime) -> QuerySet[Any]:
    return queue(user_id, steps).filter(until__lt=now)


def _given(user_id: int) -> QuerySet[ReturnApproval]:
    """Return the approvals that somebody gave and that still count: for others the return waits on."""
    changed = ReturnApproval.objects.filter(rma_id=OuterRef("rma_id"), level=CHANGED, pk__gt=OuterRef("pk"))
    given = ReturnApproval.objects.filter(rma_id=OuterRef("pk"), user_id=user_id)
    return given.filter(~Exists(changed))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits in a step, and how much of it is late."""

    count: int
    late: int


def counts(actor: Actor, now: datetime) -> Mapping[str, Waiting]:
    """Return what waits for somebody, by step."""
    who = actor.user_id or NOBODY
    return {
        step: Waiting(counted(_waiting, (step,), who), counted(_late, (step,), who, now)) for step in steps_of(actor)
    }


def late_count(actor: Actor, now: datetime) -> int:
    """Return how many returns wait for somebody longer than they should."""
    steps = steps_of(actor)
    return counted(_late, tuple(steps), actor.user_id or NOBODY, now) if steps else 0
