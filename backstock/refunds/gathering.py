"""Gather what a settlement is worked out from: the return, its sale lines, tenders and terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from backstock.core.amounts import line_cents, share, spread
from backstock.refunds.settlement import Claim, Discounted, SaleMoney, allowances
from backstock.refunds.sold import SoldMoney
from backstock.refunds.withheld import held_of, used_e6
from backstock.returns.after.swapping import WITH_GOODS
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import Swap
from backstock.sales.models import SaleLine
from backstock.sales.pricing import Ordered, price_lines


def ready_e4(rma: LoadedReturn, line: LoadedLine) -> int:
    """Return how many units of a line may be settled: by the type, the state, and how far the policy wants goods to be."""
    row = rma.row
    if row.type in (*WITH_GOODS, "allowance") or line.row.decision == "reject":
        return 0
    if row.status not in (Status.APPROVED, Status.CLOSED):
        return 0
    return max(0, reached_e4(rma, line) - line.row.replaced_e4)


def reached_e4(rma: LoadedReturn, line: LoadedLine) -> int:
    """Return how many units of a line have come as far as the policy wants them to be for money."""
    when = "approved" if rma.row.type == "refund_only" else line.terms.refund_when
    return line.counted(lambda piece: piece.refundable_e4(when))


def over_cents(rma: LoadedReturn, line: LoadedLine, swap: Swap | None) -> tuple[int, int]:
    """Return the difference (net, tax) that an exchange owes the customer for units that have come far enough."""
    replaced_e4 = line.row.replaced_e4
    if swap is None or not replaced_e4 or rma.row.status not in (Status.APPROVED, Status.CLOSED):
        return 0, 0
    reached = max(0, min(replaced_e4, reached_e4(rma, line)))
    net = share(swap.worth_net_cents - swap.moved_net_cents, reached, replaced_e4) - swap.credited_net_cents
    tax = share(swap.worth_tax_cents - swap.moved_tax_cents, reached, replaced_e4) - swap.credited_tax_cents
    return max(0, net), max(0, tax)


def claims_of(rma: LoadedReturn, sold: SoldMoney, tax_mode: str) -> list[Claim]:
    """Return the claims of a return's lines."""
    allowed = allowance_due(rma, sold) if rma.row.type == "allowance" else {}
    return [_claim(rma, line, sold, tax_mode, allowed.get(line.row.pk, (0, 0))) for line in rma.lines]


def allowance_due(rma: LoadedReturn, sold: SoldMoney) -> dict[int, tuple[int, int]]:
    """Return what of an allowance (net, tax) each line is still owed; the goods stay with the customer."""
    if rma.row.status not in (Status.APPROVED, Status.CLOSED):
        return {}
    lefts = {
        line.row.pk: (
            found.invoiced_net_cents - found.refunded_net_cents + line.row.entitled_net_cents,
            found.invoiced_tax_cents - found.refunded_tax_cents + line.row.entitled_tax_cents,
        )
        for line in rma.lines
        if line.row.decision != "reject" and (found := sold.lines.get(line.row.sale_line_id)) is not None
    }
    parts = dict(zip(lefts, allowances(rma.row.allowance_cents, [*lefts.values()]), strict=True))
    given = {line.row.pk: (line.row.entitled_net_cents, line.row.entitled_tax_cents) for line in rma.lines}
    return {
        pk: (max(0, net - given[pk][0]), max(0, tax - given[pk][1])) for pk, (net, tax) in parts.items()
    }  # fmt: skip


def _of_sale(line: SaleLine, sold: SoldMoney) -> dict[str, Any]:
    """Return what a sale line says for a claim: agreed, billed, given back, and how its money came about."""
    quantity_e4 = line.entered_e4 if line.unit else line.quantity_e4
    of_order = sold.discounts.get(line.sale_id, [])
    parts = spread(line.order_discount_cents, [each.amount_cents for each in of_order])
    own = [Discounted("line", "", line.discount_cents)] if line.discount_cents else []
    return {
        "sold_e4": line.quantity_e4,
        "net_cents": line.net_cents,
        "tax_cents": line.tax_cents,
        "billed_net_cents": line.invoiced_net_cents,
        "billed_tax_cents": line.invoiced_tax_cents,
        "credited_e4": line.refunded_e4,
        "credited_net_cents": line.refunded_net_cents,
        "credited_tax_cents": line.refunded_tax_cents,
        "allowed_net_cents": line.allowed_net_cents,
        "allowed_tax_cents": line.allowed_tax_cents,
        "list_cents": line_cents(quantity_e4, line.unit_price_e6, line.sale.currency_digits),
        "tax_inside": line.sale.tax_mode == "inclusive",
        "discounts": (
            *own,
            *(Discounted(d.kind, d.code, part) for d, part in zip(of_order, parts, strict=True) if part),
        ),
    }


def _of_nothing(rma: LoadedReturn, line: LoadedLine, tax_mode: str) -> dict[str, Any]:
    """Return what a line without a sale says: the price that was typed in, and what the line itself was given."""
    row, asked_e4 = line.row, line.in_line_units("requested_e4")
    ordered = Ordered(asked_e4, row.unit_price_e6 or 0, 0, row.product.tax_rate_e6)
    priced = price_lines([ordered], 0, tax_mode, rma.row.currency_digits)[0]
    return {
        "sold_e4": asked_e4,
        "net_cents": priced.net_cents,
        "tax_cents": priced.tax_cents,
        "billed_net_cents": priced.net_cents,
        "billed_tax_cents": priced.tax_cents,
        "credited_e4": row.refunded_e4,
        "credited_net_cents": row.entitled_net_cents,
        "credited_tax_cents": row.entitled_tax_cents,
        "list_cents": line_cents(asked_e4, row.unit_price_e6 or 0, rma.row.currency_digits),
        "tax_inside": tax_mode == "inclusive",
    }


def _claim(
    rma: LoadedReturn, line: LoadedLine, sold: SoldMoney, tax_mode: str, allowance: tuple[int, int]
) -> Claim:  # fmt: skip
    row, sale_line = line.row, sold.lines.get(line.row.sale_line_id)
    over = over_cents(rma, line, sold.swaps.get(row.pk))
    return Claim(
        line_id=row.pk,
        sale_id=row.sale_id,
        sku=row.product.sku,
        ready_e4=ready_e4(rma, line),
        settled_e4=row.refunded_e4,
        entitled_net_cents=row.entitled_net_cents,
        entitled_tax_cents=row.entitled_tax_cents,
        given_net_cents=row.refunded_net_cents,
        given_tax_cents=row.refunded_tax_cents,
        # The fee is kept of goods that come back for money; who takes other goods pays none.
        fee_e6=0 if any(over) or rma.row.type == "allowance" else line.terms.restocking_fee_e6,
        usage_e6=0 if any(over) or rma.row.type == "allowance" else used_e6(rma, line, sale_line),
        over_net_cents=over[0],
        over_tax_cents=over[1],
        allowance_net_cents=allowance[0],
        allowance_tax_cents=allowance[1],
        **(_of_nothing(rma, line, tax_mode) if sale_line is None else _of_sale(sale_line, sold)),
    )


def sale_money(rma: LoadedReturn, sold: SoldMoney, claims: list[Claim]) -> list[SaleMoney]:
    """Return the money side of each sale that a return names, in the order of its lines; a blind return has none."""
    found = []
    for sale_id in dict.fromkeys(claim.sale_id for claim in claims):
        sale = sold.sales.get(sale_id)
        if sale is None:
            found.append(SaleMoney(sale_id=0, owed_cents=0, tenders={}, shipping_left_cents=0))
            continue
        left = sale.shipping_invoiced_cents - sale.shipping_refunded_cents
        found.append(
            SaleMoney(
                sale_id=sale_id,
                owed_cents=sale.owed_cents,
                tenders=sold.tenders_of(sale_id),
                shipping_left_cents=left,
                shipping_cents=sale.shipping_cents,
                rounded_cents=sale.refund_rounding_cents,
                shipping_due_cents=left if _shipping_due(rma, sold, sale_id, claims) else 0,
                held=held_of(rma, sold, sale_id, claims),
            )
        )
    return found


def _shipping_due(rma: LoadedReturn, sold: SoldMoney, sale_id: int, claims: list[Claim]) -> bool:
    rules = {line.terms.refund_shipping for line in rma.lines if line.row.sale_id == sale_id}
    due = any(claim.ready_e4 > claim.settled_e4 for claim in claims if claim.sale_id == sale_id)
    if "always" in rules:
        return due
    if "full_return" not in rules:
        return False
    back: dict[int, int] = {}
    for line, claim in zip(rma.lines, claims, strict=True):
        now_e4 = max(0, claim.ready_e4 - claim.settled_e4)
        back[line.row.sale_line_id] = back.get(line.row.sale_line_id, 0) + now_e4
    rows = [row for row in sold.lines.values() if row.sale_id == sale_id]
    return due and all(row.refunded_e4 + back.get(row.pk, 0) >= row.quantity_e4 - row.cancelled_e4 for row in rows)


def store_credit_only(rma: LoadedReturn, sold: SoldMoney, on: date) -> bool:
    """Tell whether the policy gives store credit instead of money: always, or from a day after the delivery."""
    for line in rma.lines:
        if line.terms.refund_to == "store_credit":
            return True
        days, sale_line = line.terms.store_credit_after_days, sold.lines.get(line.row.sale_line_id)
        delivered = sale_line.delivered_last_on if sale_line else None
        asked_on = rma.row.requested_on
        if days is not None and delivered is not None and min(on, asked_on) > delivered + timedelta(days=days):
            return True
    return False


def last_day_of_credit(rma: LoadedReturn, on: date) -> date | None:
    """Return until when store credit that is given now may be used: as long as the line with the longest time says."""
    days = [line.terms.store_credit_days for line in rma.lines]
    longest = max((each for each in days if each is not None), default=None)
    return None if longest is None or None in days else on + timedelta(days=longest)
