"""What was confirmed, or not told, at a purchase: read with what a request reads anyway, and only where there is any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Exists, OuterRef

from backstock.returns.models import PurchaseNotice
from backstock.returns.requests.requesting import Sold

UNINFORMED: Final = "uninformed"


def has_notice() -> Exists:
    """Say of a sold piece whether something was noted at its purchase: joined into the read that a request makes anyway."""
    return Exists(PurchaseNotice.objects.filter(sale_id=OuterRef("line__sale_id")))


def note(solds: Iterable[Sold]) -> None:
    """Write on the lines of sales what was noted at the purchase; sales without any cost no statement."""
    noted = {
        sold.row.pk: sold
        for sold in solds
        if any(getattr(p, "has_notice", False) for ln in sold.lines for p in ln.pieces)
    }
    found = notices_of(noted)
    for sale_id, sold in noted.items():
        for line in sold.lines:
            codes = {code for line_id in (0, line.row.pk) for code in found.get((sale_id, line_id), ())}
            line.exceptions, line.uninformed = frozenset(codes - {UNINFORMED}), UNINFORMED in codes


def notices_of(sale_ids: Iterable[int]) -> dict[tuple[int, int], set[str]]:
    """Return what stands of sales: (sale, line; 0 for all of it) → codes."""
    wanted, found = list(sale_ids), dict[tuple[int, int], set[str]]()
    rows = PurchaseNotice.objects.filter(sale_id__in=wanted).order_by("pk") if wanted else ()
    for row in rows:
        codes = found.setdefault((row.sale_id, row.sale_line_id), set())
        (codes.add if row.holds else codes.discard)(row.code)
    return found
