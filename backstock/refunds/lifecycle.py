"""The states of a refund; the only place that writes its `status` after it was granted."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from backstock.core.errors import TransitionNotAllowed
from backstock.refunds.models import Refund


class Status(StrEnum):
    """Granted is not paid: in between the money is on its way, or nobody knows."""

    GRANTED = "granted"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNDONE = "undone"


TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.GRANTED: frozenset({Status.SENT, Status.PAID, Status.FAILED, Status.UNDONE}),
    Status.SENT: frozenset({Status.PAID, Status.FAILED, Status.UNKNOWN}),
    Status.UNKNOWN: frozenset({Status.PAID, Status.FAILED}),
    Status.FAILED: frozenset({Status.SENT, Status.UNDONE}),
    Status.PAID: frozenset(),
    Status.UNDONE: frozenset(),
}


def take_back(refunds: list[Refund]) -> None:
    """Mark refunds as undone, in one statement; what was forgiven on an account may always be taken back."""
    for refund in refunds:
        if refund.tender != "receivable" and Status.UNDONE not in TRANSITIONS[Status(refund.status)]:
            raise TransitionNotAllowed(document=refund.number, current=refund.status, wanted="undone")
    Refund.objects.filter(pk__in=[refund.pk for refund in refunds]).update(status=str(Status.UNDONE))
