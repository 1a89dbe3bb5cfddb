"""What suppliers still owe for goods that went back to them: counted from the events of returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Case, F, Min, Q, Sum, When

from backstock.core.amounts import share
from backstock.returns.models import ReturnEvent, ReturnPiece
from backstock.stock.errors import InsufficientStock


class Claims:
    """Open quantity and cost per (piece, supplier), as they stand while deciding."""

    def __init__(self, journal: list[Callable[[], None]]) -> None:
        self.journal = journal
        self.open: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))

    def of(self, piece_id: int, supplier_id: int) -> int:
        """Return how many units of a piece a supplier has not credited."""
        return self.open[piece_id, supplier_id][0]

    def suppliers_of(self, piece_ids: Iterable[int]) -> list[int]:
        """Return who owes a credit for some of these pieces."""
        wanted = set(piece_ids)
        return sorted({who for (piece, who), (quantity_e4, _) in self.open.items() if piece in wanted and quantity_e4})

    def cost_of(self, piece_id: int, supplier_id: int, quantity_e4: int) -> int:
        """Return what units are claimed at: floor of their share, the last takes the rest."""
        held_e4, value = self.open[piece_id, supplier_id]
        return share(value, quantity_e4, held_e4)

    def add(self, piece_id: int, supplier_id: int, quantity_e4: int, value_cents: int) -> None:
        """Claim more, or less by negative figures, revocably."""
        key = piece_id, supplier_id
        before = self.open[key]
        self.open[key] = (before[0] + quantity_e4, before[1] + value_cents)
        self.journal.append(lambda: self.open.__setitem__(key, before))

    def take(self, piece: ReturnPiece, supplier_id: int, quantity_e4: int, value_cents: int) -> None:
        """Give a claim up; refuse what was credited already."""
        held_e4 = self.of(piece.pk, supplier_id)
        if held_e4 < quantity_e4:
            raise InsufficientStock(sku=piece.product.sku, asked_e4=quantity_e4, available_e4=held_e4)
        self.add(piece.pk, supplier_id, -quantity_e4, -value_cents)


def open_claims(rma_ids: Iterable[int], journal: list[Callable[[], None]]) -> Claims:
    """Read what suppliers owe for returns; the returns are locked, so nobody else changes it."""
    claims, wanted = Claims(journal), set(rma_ids)
    if not wanted:
        return claims
    found = ReturnEvent.objects.filter(rma_id__in=wanted, supplier_id__gt=0)
    open_now = {"q": _still_open("quantity_e4"), "v": _still_open("value_cents")}
    rows = found.values_list("piece_id", "supplier_id").annotate(**open_now).order_by("piece_id", "supplier_id")
    for piece, supplier, quantity_e4, value in rows:
        claims.open[piece, supplier] = (quantity_e4, value)
    return claims


# Going back opens a claim, a credit closes it, and a mirror does the opposite of either.
_OPENS = Q(kind="dispose", mirrors_log_id=0) | (Q(kind="vendor_credit") & ~Q(mirrors_log_id=0))


def _still_open(name: str) -> Sum:
    return Sum(Case(When(_OPENS, then=F(name)), default=-F(name), output_field=BigIntegerField()), default=0)


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """What one supplier owes for one return, and since when."""

    rma_id: int
    supplier_id: int
    value_cents: int
    since: date
    # (product, quantity), what was sent back first comes first.
    goods: list[tuple[int, int]]
    pieces: list[int]

    @property
    def number(self) -> str:
        """The return's number."""
        return f"R{self.rma_id:06d}"


def pieces_at_vendors() -> list[int]:
    """Return the pieces that wait for a supplier's credit."""
    return list(ReturnPiece.objects.filter(at_vendor_e4__gt=0).values_list("pk", flat=True))


def claims_still_open(rma_id: int | None = None) -> list[OpenClaim]:
    """List what suppliers owe, what waits longest first; of one return where asked."""
    waiting = ReturnPiece.objects.filter(at_vendor_e4__gt=0)
    if rma_id is not None:
        waiting = waiting.filter(line__rma_id=rma_id)
    products = dict(waiting.values_list("pk", "product_id"))
    events = ReturnEvent.objects.filter(supplier_id__gt=0, piece_id__in=waiting.values("pk"))
    rows = events.values_list("rma_id", "supplier_id", "piece_id").annotate(
        q=_still_open("quantity_e4"), v=_still_open("value_cents"), since=Min("business_on")
    )
    found: dict[tuple[int, int], OpenClaim] = {}
    for rma, supplier, piece, quantity_e4, value, since in rows.order_by("rma_id", "supplier_id", "piece_id"):
        if quantity_e4:
            before = found.get((rma, supplier), OpenClaim(rma, supplier, 0, since, [], []))
            goods = [*before.goods, (products[piece], quantity_e4)]
            found[rma, supplier] = OpenClaim(
                rma, supplier, before.value_cents + value, min(since, before.since), goods, [*before.pieces, piece]
            )  # fmt: skip
    return sorted(found.values(), key=lambda claim: (claim.since, claim.rma_id))
