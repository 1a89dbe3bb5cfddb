"""Check what recalls, and messages of customers, keep about others: `verify` calls it."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q

from backstock.core.problems import MOST, Problem
from backstock.returns.models import RecallAsk, RecallBuyer, RecallLot, RequestDraft
from backstock.sales.models import SalePiece


def check_recalls() -> list[Problem]:
    """Return what does not hold about recalls and drafts of requests."""
    lot = RecallLot.objects.filter(recall_id=OuterRef("recall_id"), lot_id=OuterRef("lot_id"))
    piece = SalePiece.objects.filter(
        pk=OuterRef("sale_piece_id"), line__sale_id=OuterRef("sale_id"), lot_id=OuterRef("lot_id")
    )
    uncalled = RecallBuyer.objects.exclude(Exists(lot)).order_by("pk")[:MOST]
    unsold = RecallBuyer.objects.exclude(Exists(piece)).order_by("pk")[:MOST]
    asked = RecallAsk.objects.filter(Q(done__gt=F("total")) | Q(made__gt=F("done"))).order_by("pk")[:MOST]
    kept = RequestDraft.objects.filter(settled_at__isnull=False).exclude(text="").order_by("pk")[:MOST]
    return [
        *(Problem("a buyer has what the recall calls back", f"recall buyer {row.pk}: lot {row.lot_id}") for row in uncalled),
        *(Problem("a buyer of a recall bought it", f"recall buyer {row.pk}: sale piece {row.sale_piece_id}") for row in unsold),
        *(
            Problem("a recall asks as far as there is somebody to ask", f"recall ask {row.pk}: {row.made} {row.done} {row.total}")
            for row in asked
        ),
        *(Problem("the words of a message that was dealt with are erased", f"draft {row.number}") for row in kept),
    ]  # fmt: skip
