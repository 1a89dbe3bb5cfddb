"""Gather what the policy holds back of a sale, and what use has cost; only where it says so."""

from __future__ import annotations

from backstock.core.amounts import E4, E6, line_cents, spread, tax_on_top
from backstock.refunds.holding import Kept, Threshold, kept_gifts, lost_thresholds
from backstock.refunds.settlement import Claim
from backstock.refunds.sold import SoldMoney
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.sales.models import SaleLine


def used_e6(rma: LoadedReturn, line: LoadedLine, sale_line: SaleLine | None) -> int:
    """Return what use has cost of the price: a share for each day from the delivery to the request, after free days."""
    rate, delivered = line.terms.usage_per_day_e6, sale_line.delivered_last_on if sale_line else None
    if not rate or delivered is None:
        return 0
    days = (rma.row.requested_on - delivered).days - line.terms.usage_free_days
    return min(E6, rate * max(0, days))


def held_of(rma: LoadedReturn, sold: SoldMoney, sale_id: int, claims: list[Claim]) -> tuple[tuple[str, int], ...]:
    """Return what is held back of a sale with this settlement, less what earlier ones hold back already."""
    own = [line for line in rma.lines if line.row.sale_id == sale_id]
    repriced = any(line.terms.threshold_lost == "repriced" for line in own)
    gifts = any(line.terms.gift_kept == "deduct" for line in own)
    if rma.row.type == "allowance" or not (repriced or gifts):
        return ()
    rows, back = [row for row in sold.lines.values() if row.sale_id == sale_id], dict[int, int]()
    for line, claim in zip(rma.lines, claims, strict=True):
        now_e4 = max(0, claim.ready_e4 - claim.settled_e4)
        back[line.row.sale_line_id] = back.get(line.row.sale_line_id, 0) + now_e4
    kept = [_kept(row, row.refunded_e4 + back.get(row.pk, 0)) for row in rows]
    lost = lost_thresholds(kept, _thresholds(rows, sold, sale_id)) if repriced else 0
    missing = kept_gifts(kept) if gifts else 0
    # What other returns of the sale were not given counts: it is held back there.
    sale = sold.sales[sale_id]
    elsewhere = sum(row.refunded_net_cents + row.refunded_tax_cents for row in rows)
    elsewhere -= sale.credited_cents - sale.shipping_refunded_cents
    for line in own:
        row = line.row
        elsewhere -= row.entitled_net_cents + row.entitled_tax_cents - row.refunded_net_cents - row.refunded_tax_cents
    lost_now = max(0, lost - max(0, elsewhere))
    missing_now = max(0, missing - max(0, elsewhere - lost))
    return tuple((what, cents) for what, cents in (("threshold", lost_now), ("gift", missing_now)) if cents)


def _kept(row: SaleLine, back_e4: int) -> Kept:
    entered_e4 = row.entered_e4 if row.unit else row.quantity_e4
    digits, product = row.sale.currency_digits, row.product
    listed = line_cents(entered_e4, row.unit_price_e6, digits) - row.discount_cents
    gift = line_cents(E4, product.price_e6, digits) if row.is_gift else 0
    return Kept(
        sold_e4=row.quantity_e4 - row.cancelled_e4,
        back_e4=back_e4,
        before_cents=listed,
        net_cents=row.net_cents,
        tax_cents=row.tax_cents,
        is_gift=row.is_gift,
        gift_unit_cents=gift + (tax_on_top(gift, product.tax_rate_e6) if row.sale.tax_mode != "inclusive" else 0),
    )


def _thresholds(rows: list[SaleLine], sold: SoldMoney, sale_id: int) -> list[Threshold]:
    """Return the discounts that named their threshold, shared over the lines as the order's discount is."""
    weights = [each.amount_cents for each in sold.discounts.get(sale_id, [])]
    shared = [spread(row.order_discount_cents, weights) for row in rows]
    return [
        Threshold(each.from_cents, [parts[n] for parts in shared])
        for n, each in enumerate(sold.discounts.get(sale_id, []))
        if each.kind == "threshold" and each.from_cents
    ]
