"""The states of a write-off; the only place that writes its `status` after it was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from backstock.owing.models import WriteOff


class Status(StrEnum):
    """Asked for, then approved or rejected; both are final."""

    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"


def decide(ids: Iterable[int], status: Status, user_id: int | None, on: date) -> None:
    """Mark write-offs as decided, in one statement."""
    WriteOff.objects.filter(pk__in=list(ids)).update(status=str(status), decided_by_id=user_id, decided_on=on)
