"""Check what recalls, and messages of customers, keep about others: `verify` calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backstock.core.problems import Problem, offending
from backstock.returns.models import RecallAsk, RecallBuyer, RecallLot, RequestDraft
from backstock.sales.models import SalePiece


def _uncalled() -> QuerySet[Any]:
    called = RecallLot.objects.filter(recall_id=OuterRef("recall_id"), lot_id=OuterRef("lot_id"))
    return RecallBuyer.objects.exclude(Exists(called))


def _unsold() -> QuerySet[Any]:
    sold = SalePiece.objects.filter(
        pk=OuterRef("sale_piece_id"), line__sale_id=OuterRef("sale_id"), lot_id=OuterRef("lot_id")
    )
    return RecallBuyer.objects.exclude(Exists(sold))


# What must hold → the rows that offend.
CHECKS: Final[dict[str, Callable[[], QuerySet[Any]]]] = {
    "a buyer has what the recall calls back": _uncalled,
    "a buyer of a recall bought it": _unsold,
    "a recall asks as far as there is somebody to ask": lambda: RecallAsk.objects.filter(
        Q(done__gt=F("total")) | Q(made__gt=F("done"))
    ),
    "the words of a message that was dealt with are erased": lambda: RequestDraft.objects.filter(
        settled_at__isnull=False
    ).exclude(text=""),
}


def check_recalls() -> list[Problem]:
    """Return what does not hold about recalls and drafts of requests."""
    return [Problem(what, row) for what, rows in CHECKS.items() for row in offending(rows)]
