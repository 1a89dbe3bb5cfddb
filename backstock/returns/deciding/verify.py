"""Check what people said about returns because a flow asks for it, what lies at the dock, and what inspectors found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backstock.core.problems import MOST, Problem, found_by, offending
from backstock.returns.deciding.approving import CHANGED
from backstock.returns.models import (
    DockScan,
    FindingAnswer,
    InspectionFinding,
    LegalClock,
    PurchaseNotice,
    Return,
    ReturnApproval,
    ReturnEvent,
    ReturnPiece,
    SecondOpinion,
    Unclaimed,
    WaivedPaper,
)
from backstock.sales.models import SaleLine


def _of_no_return(model: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(~Exists(Return.objects.filter(pk=OuterRef("rma_id"))))
    return found


def _levels_not_asked() -> list[str]:
    """Return approvals that count of returns whose flow has no level of that number."""
    changed = ReturnApproval.objects.filter(rma_id=OuterRef("rma_id"), level=CHANGED, pk__gt=OuterRef("pk"))
    given = ReturnApproval.objects.filter(~Exists(changed)).exclude(level=CHANGED).order_by("pk")
    flows = dict(Return.objects.filter(pk__in=given.values("rma_id")).values_list("pk", "flow"))
    wrong = [
        pk
        for pk, rma_id, level in given.values_list("pk", "rma_id", "level")
        if level >= len((flows.get(rma_id) or {}).get("levels") or ())
    ]
    return [f"returnapproval {pk}" for pk in wrong[:MOST]]


def _twice() -> QuerySet[Any]:
    """Return approvals by somebody who gave another level since the request was last changed."""
    changed = ReturnApproval.objects.filter(
        rma_id=OuterRef("rma_id"), level=CHANGED, pk__gt=OuterRef("pk"), pk__lt=OuterRef(OuterRef("pk"))
    )
    before = ReturnApproval.objects.filter(
        ~Exists(changed), rma_id=OuterRef("rma_id"), user_id=OuterRef("user_id"), pk__lt=OuterRef("pk")
    ).exclude(level=CHANGED)
    return ReturnApproval.objects.filter(Exists(before), user_id__gt=0).exclude(level=CHANGED)


def _answers_to_nothing() -> list[str]:
    """Return answers to no finding, or that name goods without an owner which there are not."""
    asked = ReturnEvent.objects.filter(
        pk=OuterRef("event_id"), kind="receive", verdict__in=("over", "wrong_item"), piece_id=0, mirrors_log_id=0
    )
    numbers = {Unclaimed(pk=pk).number for pk in Unclaimed.objects.values_list("pk", flat=True)}
    named = FindingAnswer.objects.filter(answer="unclaimed").exclude(document__in=numbers)
    wrong = FindingAnswer.objects.filter(~Exists(asked) | Q(pk__in=named.values("pk"))).order_by("pk")
    return [f"findinganswer {pk}" for pk in wrong.values_list("pk", flat=True)[:MOST]]


def _strange_pieces(model: Any) -> QuerySet[Any]:
    """Return rows about a piece that is not of their return."""
    own = ReturnPiece.objects.filter(pk=OuterRef("piece_id"), line__rma_id=OuterRef("rma_id"))
    found: QuerySet[Any] = model.objects.filter(~Exists(own))
    return found


# What must hold → the rows that offend.
CHECKS: Final[dict[str, Callable[[], QuerySet[Any]]]] = {
    "nobody gives two levels of approval": _twice,
    "a waived paper is one of a return": lambda: _of_no_return(WaivedPaper),
    "a scan that waits counts goods of a return": lambda: DockScan.objects.filter(
        Q(product_id=0, quantity_e4__gt=0) | Q(product_id__gt=0, quantity_e4=0)
    ),
    "an inspection found something on a piece of its return": lambda: _strange_pieces(InspectionFinding),
    "no more was found than came": lambda: InspectionFinding.objects.annotate(
        came=ReturnPiece.objects.filter(pk=OuterRef("piece_id")).values("authorized_e4")[:1]
    ).filter(quantity_e4__gt=F("came")),
    "a note about a purchase is one of a sale": lambda: PurchaseNotice.objects.filter(
        ~Exists(SaleLine.objects.filter(sale_id=OuterRef("sale_id")))
    ),
    "a clock of the law that was done stands still": lambda: LegalClock.objects.filter(
        is_open=True, done_on__isnull=False
    ),
    "a second opinion is about a piece of its return": lambda: _strange_pieces(SecondOpinion),
}


def check_deciding() -> list[Problem]:
    """Return what does not hold."""
    found = {what: offending(rows) for what, rows in CHECKS.items()}
    # These two look at data, so they are put together anew each time, where there is any.
    if found_by("SELECT 1 FROM returns_returnapproval", most=1):
        found["an approval is one of a level that the flow asks for"] = _levels_not_asked()
    if found_by("SELECT 1 FROM returns_findinganswer", most=1):
        found["an answer is one to a finding"] = _answers_to_nothing()
    return [Problem(what, row) for what, rows in found.items() for row in rows]
