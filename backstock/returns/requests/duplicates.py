"""Requests that may be the same one twice: of the same customer and the same goods, open or of the last weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q

from backstock.core.commands import Batch
from backstock.returns.lifecycle import Status
from backstock.returns.models import Return, ReturnPiece
from backstock.returns.requests.planning import Plan, RequestReturn
from backstock.returns.requests.requesting import Sold

RECENT_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Earlier:
    """A request of before that is about some of the same goods."""

    number: str
    status: str
    requested_on: date
    skus: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as a warning of an answer."""
        return {
            "code": "possible_duplicate", "document": self.number, "status": self.status,
            "requested_on": self.requested_on.isoformat(), "skus": list(self.skus),
        }  # fmt: skip


def _standing(day: date) -> Q:
    """Open, or over since a short while; what was turned down or withdrawn may well be asked again."""
    recent = Q(line__rma__status=Status.CLOSED, line__rma__requested_on__gte=day - timedelta(days=RECENT_DAYS))
    return Q(line__rma__status__in=[Status.REQUESTED, Status.APPROVED]) | recent


def _earlier(wanted: Q, day: date) -> list[tuple[int, int, Earlier]]:
    """Return (sale piece, product, request) of the pieces that requests of before are about, the newest first."""
    found = ReturnPiece.objects.filter(wanted & _standing(day), requested_e4__gt=0).order_by("-line__rma_id", "pk")
    columns = (
        "sale_piece_id",
        "product_id",
        "line__rma_id",
        "line__rma__status",
        "line__rma__requested_on",
        "product__sku",
    )
    return [
        (piece, product, Earlier(Return(pk=rma).number, status, asked_on, (sku,)))
        for piece, product, rma, status, asked_on, sku in found.values_list(*columns)[:500]
    ]


def _by_number(found: Iterable[Earlier]) -> list[Earlier]:
    merged: dict[str, Earlier] = {}
    for each in found:
        before = merged.get(each.number)
        skus = tuple(dict.fromkeys([*(before.skus if before else ()), *each.skus]))
        merged[each.number] = Earlier(each.number, each.status, each.requested_on, skus)
    return list(merged.values())


def earlier_requests(sale_piece_ids: Iterable[int], day: date) -> list[Earlier]:
    """Return the requests that are about some of these sold pieces; nothing asked costs no statement."""
    ids = set(sale_piece_ids)
    found = _earlier(Q(sale_piece_id__in=ids), day) if ids else []
    return _by_number(each for _, _, each in found)


def earlier_blind_requests(customer_id: int, product_ids: Iterable[int], day: date) -> list[Earlier]:
    """Return the requests of a customer about some of these products."""
    found = _earlier(Q(line__rma__customer_id=customer_id, product_id__in=set(product_ids)), day)
    return _by_number(each for _, _, each in found)


def taken_before(sales: Iterable[Sold]) -> set[int]:
    """Return the pieces of sales that some return holds already; call before anything is matched."""
    pieces = (piece for sold in sales for line in sold.lines for piece in line.pieces)
    return {piece.pk for piece in pieces if piece.open_e4 or piece.received_e4 > piece.sent_back_e4}


def warn(batch: Batch[RequestReturn], taken: set[int]) -> None:
    """Note beside each request which others it may repeat; requests of untouched goods cost no statement."""
    wanted: dict[int, set[int]] = {}
    for item in batch.open:
        plan: Plan = item.plan
        wanted[item.index] = taken & {piece.pk for each in plan.matched for piece, _ in each.pieces}
        if plan.blind:
            earlier = earlier_blind_requests(plan.customer_id, {line.item.id for line in plan.blind}, item.on)
            plan.warnings = [each.plain() for each in earlier]
    asked = set().union(*wanted.values()) if wanted else set[int]()
    if not asked:
        return
    days = [item.on for item in batch.open]
    found = _earlier(Q(sale_piece_id__in=asked), min(days))
    for item in batch.open:
        mine = _by_number(each for piece, _, each in found if piece in wanted[item.index])
        if mine:
            item.plan.warnings = [each.plain() for each in mine]
