"""Lots and serial numbers that may not leave or be put up for sale: blocks are data with a reason, and are lifted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from backstock.core import rows
from backstock.stock.models import LotBlock

FIELDS = ("product_id", "lot_id", "reason", "document", "log_id", "lifted_log_id")


def block(entries: Iterable[tuple[int, int, str, str, int]]) -> None:
    """Block lots: (product, lot, reason, document, log row)."""
    rows.insert(LotBlock, FIELDS, [(*each, 0) for each in entries])


def lift(lot_ids: Iterable[int], log_id: int, document: str = "") -> int:
    """Lift the blocks of lots, of one document where it is named; return how many stood."""
    standing = LotBlock.objects.filter(lot_id__in=set(lot_ids), lifted_log_id=0)
    return (standing.filter(document=document) if document else standing).update(lifted_log_id=log_id)


def blocked(lot_ids: Iterable[int]) -> dict[int, str]:
    """Return why lots are blocked, of those that are; nothing asked costs no statement."""
    wanted = set(lot_ids) - {0}
    if not wanted:
        return {}
    standing = LotBlock.objects.filter(lot_id__in=wanted, lifted_log_id=0).order_by("pk")
    return dict(standing.values_list("lot_id", "reason"))


def is_blocked() -> Exists:
    """Say of each row with a lot whether that is blocked: joined into the read that needs it."""
    return Exists(LotBlock.objects.filter(lot_id=OuterRef("lot_id"), lifted_log_id=0))
