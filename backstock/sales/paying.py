"""Write that money came for sales; whoever takes it posts it and counts it on the sale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from backstock.core import rows
from backstock.sales.models import Payment, SaleTender


def write_payments(paid: Sequence[tuple[int, str, int, date]]) -> None:
    """Write payments (sale, tender, cents, day) and add them to the sale's tenders, so that refunds know the way back."""
    if not paid:
        return
    rows.insert(Payment, ("sale", "tender", "amount_cents", "paid_on"), paid)
    sums: dict[tuple[int, str], list[int]] = {}
    for sale_id, tender, cents, _ in paid:
        sums.setdefault((sale_id, tender), [0, 0])[0] += cents
    rows.add_or_insert(SaleTender, ("sale_id", "tender"), ("paid_cents", "refunded_cents"), sums)
