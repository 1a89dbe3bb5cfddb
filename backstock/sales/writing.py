"""Write checked sales with their papers, counters and postings, set-wise for the whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import Batch, Input, Item
from backstock.money.accounts import Role
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.sales.models import (
    Invoice,
    InvoiceLine,
    Payment,
    Sale,
    SaleDiscount,
    SaleLine,
    SalePiece,
    SaleTender,
    Shipment,
    ShipmentLine,
)
from backstock.sales.orders import LinePlan, Plan
from backstock.sales.postings import Money, cost_of_sale, invoice_transfers, payment_transfer
from backstock.sales.shipping import Leaving
from backstock.stock.moves import Move
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock

SALE_FIELDS = (
    "customer_id", "warehouse_id", "channel", "currency", "currency_digits", "rate_e9", "tax_mode", "ordered_on", "reference",
    "shipping_cents", "policy_version_id", "invoiced_cents", "paid_cents", "credited_cents", "refunded_cents", "owed_cents",
    "shipping_invoiced_cents", "shipping_refunded_cents", "refund_rounding_cents", "salesperson_id", "payment_days", "due_on",
    "promised_on", "address_id",
)  # fmt: skip
LINE_FIELDS = (
    "sale", "position", "product_id", "quantity_e4", "unit", "entered_e4", "unit_price_e6", "discount_cents",
    "order_discount_cents", "is_gift", "cancelled_e4", "net_cents", "tax_cents", "tax_rate_e6", "delivered_first_on", "delivered_last_on", "invoiced_e4", "invoiced_net_cents",
    "invoiced_tax_cents", "refunded_e4", "refunded_net_cents", "refunded_tax_cents",
)  # fmt: skip
PIECE_FIELDS = (
    "line", "product_id", "lot_id", "per_line_e4", "shipped_e4", "open_e4", "received_e4", "sent_back_e4", "cost_cents",
    "cost_back_cents",
)  # fmt: skip
SHIPMENT_FIELDS = ("sale", "warehouse_id", "shipped_on", "signed_on", "tracking_number", "carrier")
SHIPMENT_LINE_FIELDS = ("shipment", "sale_line", "product_id", "lot_id", "quantity_e4")
INVOICE_FIELDS = ("sale", "invoiced_on", "net_cents", "tax_cents", "shipping_cents")
INVOICE_LINE_FIELDS = ("invoice", "sale_line", "quantity_e4", "net_cents", "tax_cents")


def write_sales[In: Input](batch: Batch[In]) -> None:
    """Write the sales that the open items of a batch have planned."""
    items = batch.open
    sale_ids = [pk or 0 for pk in rows.insert_returning(Sale, SALE_FIELDS, [_sale_row(item) for item in items])]
    for item, sale_id in zip(items, sale_ids, strict=True):
        item.document = Sale(pk=sale_id).number
        item.answer = {"document": item.document}
        item.emit("SaleMade")
    batch.log()
    line_rows = [
        _line_row(item, pk, line) for item, pk in zip(items, sale_ids, strict=True) for line in item.plan.lines
    ]
    line_ids = [pk or 0 for pk in rows.insert_returning(SaleLine, LINE_FIELDS, line_rows)]
    plans = [line for item in items for line in item.plan.lines]
    piece_rows = [row for line, pk in zip(plans, line_ids, strict=True) for row in _piece_rows(line, pk)]
    rows.insert(SalePiece, PIECE_FIELDS, piece_rows)
    _write_papers(items, sale_ids, line_ids)
    _post(batch, line_ids)


def _sale_row(item: Item[Any]) -> tuple[object, ...]:
    plan: Plan = item.plan
    wanted = plan.wanted
    billed = plan.gross_cents if wanted.invoiced else 0
    paid = sum(cents for _, cents in plan.payments)
    return (
        plan.customer_id, plan.warehouse_id, wanted.channel, plan.currency, plan.digits, plan.rate_e9, plan.tax_mode,
        item.on, wanted.reference, wanted.shipping_cents, 0, billed, paid, 0, 0, billed - paid - plan.rounding_cents,
        wanted.shipping_cents if wanted.invoiced else 0, 0, 0, plan.salesperson_id, plan.payment_days,
        item.on + timedelta(days=plan.payment_days), wanted.promised_on, plan.address_id,
    )  # fmt: skip


def _line_row(item: Item[Any], sale_id: int, line: LinePlan) -> tuple[object, ...]:
    wanted = item.plan.wanted
    delivered = item.on if line.leaving.pieces and wanted.signed else None
    priced, ordered, billed = line.priced, line.ordered, wanted.invoiced
    return (
        sale_id, line.position, line.item.id, line.quantity_e4, ordered.unit, ordered.quantity_e4, ordered.unit_price_e6,
        ordered.discount_cents, priced.order_discount_cents, line.input.gift, 0, priced.net_cents, priced.tax_cents,
        ordered.tax_rate_e6, delivered, delivered,
        line.quantity_e4 if billed else 0, priced.net_cents if billed else 0, priced.tax_cents if billed else 0, 0, 0, 0,
    )  # fmt: skip


def _piece_rows(line: LinePlan, line_id: int) -> Sequence[tuple[int, ...]]:
    """One row per stocked product and lot that left; products that wait for a later shipment get theirs at once."""
    found = [
        (line_id, product_id, lot_id, _per_line(line, product_id), quantity_e4, 0, 0, 0, cost, 0)
        for (product_id, lot_id), (quantity_e4, cost) in line.leaving.pieces.items()
    ]
    shipped = {product_id for product_id, _ in line.leaving.pieces}
    waiting = [(p, per) for p, per, _ in line.item.pieces_of(line.quantity_e4) if p not in shipped]
    return found + [(line_id, p, 0, per, 0, 0, 0, 0, 0, 0) for p, per in waiting]


def _per_line(line: LinePlan, product_id: int) -> int:
    return next((per for component, per in line.item.components if component == product_id), E4)


def _write_papers(items: list[Item[Any]], sale_ids: list[int], line_ids: list[int]) -> None:
    both = list(zip(items, sale_ids, strict=True))
    discounts = [
        (pk, d.kind, d.code, d.amount_cents, d.from_cents) for i, pk in both for d in i.plan.wanted.all_discounts
    ]
    rows.insert(SaleDiscount, ("sale", "kind", "code", "amount_cents", "from_cents"), discounts)
    ids = iter(line_ids)
    lines = [[(next(ids), line) for line in item.plan.lines] for item in items]
    _write_shipments(both, lines)
    _write_invoices(both, lines)
    paid = [(pk, tender, cents, i.on) for i, pk in both for tender, cents in i.plan.payments]
    rows.insert(Payment, ("sale", "tender", "amount_cents", "paid_on"), paid)
    tenders = [(pk, tender, cents, 0) for pk, tender, cents, _ in paid]
    rows.insert(SaleTender, ("sale", "tender", "paid_cents", "refunded_cents"), tenders)


def _write_shipments(both: list[tuple[Item[Any], int]], lines: list[list[tuple[int, LinePlan]]]) -> None:
    """Write the parcels that leave at once, with what lies in them."""
    leaving = [
        (item, pk, own)
        for (item, pk), own in zip(both, lines, strict=True)
        if any(line.leaving.pieces for _, line in own)
    ]
    parcels = []
    for item, pk, _ in leaving:
        wanted = item.plan.wanted
        signed_on = item.on if wanted.signed else None
        parcels.append((pk, item.plan.warehouse_id, item.on, signed_on, wanted.tracking_number, wanted.carrier))
    ids = rows.insert_returning(Shipment, SHIPMENT_FIELDS, parcels)
    inside = [
        row
        for shipment_id, (_, _, own) in zip(ids, leaving, strict=True)
        for line_id, line in own
        for row in parcel_rows(shipment_id or 0, line_id, line.leaving)
    ]
    rows.insert(ShipmentLine, SHIPMENT_LINE_FIELDS, inside)


def parcel_rows(shipment_id: int, line_id: int, leaving: Leaving) -> list[tuple[int, ...]]:
    """Say what of one line lies in a parcel."""
    return [(shipment_id, line_id, p, lot, quantity_e4) for (p, lot), (quantity_e4, _) in leaving.pieces.items()]


def _write_invoices(both: list[tuple[Item[Any], int]], lines: list[list[tuple[int, LinePlan]]]) -> None:
    """Write invoices with their lines."""
    billed = [
        (item, pk, own) for (item, pk), own in zip(both, lines, strict=True) if item.plan.wanted.invoiced
    ]  # fmt: skip
    papers = [(pk, i.on, *_sums(i.plan), i.plan.wanted.shipping_cents) for i, pk, _ in billed]
    ids = rows.insert_returning(Invoice, INVOICE_FIELDS, papers)
    written = [
        (invoice_id, line_id, line.quantity_e4, line.priced.net_cents, line.priced.tax_cents)
        for invoice_id, (_, _, own) in zip(ids, billed, strict=True)
        for line_id, line in own
    ]
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, written)


def _sums(plan: Plan) -> tuple[int, int]:
    return sum(line.priced.net_cents for line in plan.lines), sum(line.priced.tax_cents for line in plan.lines)


def _post[In: Input](batch: Batch[In], line_ids: list[int]) -> None:
    ids = iter(line_ids)
    goods, money = [], []
    for item in batch.open:
        moves = [move for line in item.plan.lines for move in line.leaving.moves_of(next(ids))]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        money.append(MoneyEntry(item.log_id, item.on, item.document, _transfers(batch, item, moves)))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _transfers(batch: Batch[Any], item: Item[Any], moves: list[Move]) -> list[Pay]:
    plan: Plan = item.plan
    money = Money(plan.customer_id, plan.currency, plan.rate_e9, batch.company.tender_accounts)
    transfers = [cost_of_sale(moves, plan.customer_id)]
    if plan.wanted.invoiced:
        transfers += invoice_transfers(money, *_sums(plan), plan.wanted.shipping_cents)
    transfers += [payment_transfer(money, tender, cents) for tender, cents in plan.payments]
    return [*transfers, money.pay(plan.rounding_cents, Role.rounding, Role.receivable)]
