"""The commercial states of a return; the only place that writes `status`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from backstock.core.errors import TransitionNotAllowed
from backstock.returns.models import Return


class Status(StrEnum):
    """What was decided; how far goods have come is counted, not stored."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    CLOSED = "closed"


TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.REQUESTED: frozenset({Status.APPROVED, Status.REJECTED, Status.CANCELLED}),
    Status.APPROVED: frozenset({Status.CANCELLED, Status.CLOSED}),
    Status.REJECTED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.CLOSED: frozenset(),
}


def check(rma: Return, to: Status) -> None:
    """Refuse a step that the state does not allow."""
    if to not in TRANSITIONS[Status(rma.status)]:
        raise TransitionNotAllowed(document=rma.number, current=rma.status, wanted=str(to))


def require(rma: Return, status: Status, wanted: str) -> None:
    """Refuse unless the return is in a state."""
    if rma.status != status:
        raise TransitionNotAllowed(document=rma.number, current=rma.status, wanted=wanted)


def advance(rma: Return, to: Status) -> None:
    """Move a return in memory, or refuse."""
    check(rma, to)
    rma.status = to


def store(rmas: list[Return], *fields: str) -> None:
    """Write the states of returns that have advanced, in one statement."""
    if rmas:
        Return.objects.bulk_update(rmas, ["status", *fields])
