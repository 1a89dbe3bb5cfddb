"""The states of a refund; the only place that writes its `status` after it was granted."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from backstock.core.commands import Batch
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
    Status.UNKNOWN: frozenset({Status.SENT, Status.PAID, Status.FAILED}),
    # What failed is asked for once more, or taken back; or a person had paid it meanwhile.
    Status.FAILED: frozenset({Status.SENT, Status.PAID, Status.UNDONE}),
    # Money that was paid may come back: a card that was closed, an account that no longer exists.
    Status.PAID: frozenset({Status.FAILED}),
    Status.UNDONE: frozenset(),
}
# Owed, and not known to be paid.
OPEN: Final = (Status.GRANTED, Status.SENT, Status.UNKNOWN, Status.FAILED)


def check(refund: Refund, wanted: Status) -> None:
    """Refuse a step that a refund may not take now."""
    if wanted not in TRANSITIONS[Status(refund.status)]:
        raise TransitionNotAllowed(document=refund.number, current=refund.status, wanted=str(wanted))


def enter(batch: Batch[Any], refund: Refund, wanted: Status) -> None:
    """Take a refund to another state in memory; a refusal of the item takes it back, `write` stores it."""
    check(refund, wanted)
    before, refund.status = refund.status, str(wanted)

    def leave() -> None:
        refund.status = before

    batch.journal.append(leave)


def write(refunds: Iterable[Refund]) -> None:
    """Store the states of refunds and what came with them, in one statement."""
    Refund.objects.bulk_update(refunds, ["status", "paid_on", "paid_log_id", "reference", "problem"])


def take_back(refunds: list[Refund]) -> None:
    """Mark refunds as undone, in one statement; what was forgiven on an account may always be taken back."""
    for refund in refunds:
        if refund.tender != "receivable":
            check(refund, Status.UNDONE)
    Refund.objects.filter(pk__in=[refund.pk for refund in refunds]).update(
        status=str(Status.UNDONE), paid_on=None, paid_log_id=0
    )
