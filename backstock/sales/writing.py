"""Write checked sales with their papers, counters and postings, set-wise for the whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import Batch, Item
from backstock.money.accounts import Role
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.transfers import Pay
from backstock.sales.models import Invoice, InvoiceLine, Payment, Sale, SaleLine, SalePiece, SaleTender, Shipment
from backstock.sales.orders import LinePlan, Plan, Sell
from backstock.sales.postings import Money, cost_of_sale, invoice_transfers, payment_transfer
from backstock.stock.moves import Move
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock

SALE_FIELDS = (
    "customer_id", "warehouse_id", "channel", "currency", "currency_digits", "rate_e9", "tax_mode", "ordered_on", "reference",
    "shipping_cents", "policy_version_id", "invoiced_cents", "paid_cents", "credited_cents", "refunded_cents", "owed_cents",
    "shipping_invoiced_cents", "shipping_refunded_cents", "refund_rounding_cents",
)  # fmt: skip
LINE_FIELDS = (
    "sale", "position", "product_id", "quantity_e4", "unit_price_e6", "discount_cents", "order_discount_cents", "net_cents",
    "tax_cents", "tax_rate_e6", "delivered_first_on", "delivered_last_on", "invoiced_e4", "invoiced_net_cents",
    "invoiced_tax_cents", "refunded_e4", "refunded_net_cents", "refunded_tax_cents",
)  # fmt: skip
PIECE_FIELDS = (
    "line", "product_id", "lot_id", "per_line_e4", "shipped_e4", "open_e4", "received_e4", "sent_back_e4", "cost_cents",
    "cost_back_cents",
)  # fmt: skip


INVOICE_LINE_FIELDS = ("invoice", "sale_line", "quantity_e4", "net_cents", "tax_cents")


def write_sales(batch: Batch[Sell]) -> None:
    """Write the open items of a batch of sales."""
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


def _sale_row(item: Item[Sell]) -> tuple[object, ...]:
    plan: Plan = item.plan
    wanted = item.input
    gross = sum(line.priced.gross_cents for line in plan.lines) + wanted.shipping_cents
    billed = gross if wanted.invoiced else 0
    paid = sum(cents for _, cents in plan.payments)
    return (
        plan.customer_id, plan.warehouse_id, wanted.channel, plan.currency, plan.digits, plan.rate_e9, plan.tax_mode,
        item.on, wanted.reference, wanted.shipping_cents, 0, billed, paid, 0, 0, billed - paid - plan.rounding_cents,
        wanted.shipping_cents if wanted.invoiced else 0, 0, 0,
    )  # fmt: skip


def _line_row(item: Item[Sell], sale_id: int, line: LinePlan) -> tuple[object, ...]:
    delivered = item.on if line.leaving.pieces else None
    priced, billed = line.priced, item.input.invoiced
    return (
        sale_id, line.position, line.item.id, line.quantity_e4, line.unit_price_e6, line.input.discount_cents,
        priced.order_discount_cents, priced.net_cents, priced.tax_cents, line.item.product.tax_rate_e6, delivered, delivered,
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


def _write_papers(items: list[Item[Sell]], sale_ids: list[int], line_ids: list[int]) -> None:
    both = list(zip(items, sale_ids, strict=True))
    shipped = [
        (pk, i.plan.warehouse_id, i.on, i.on, i.input.tracking_number)
        for i, pk in both
        if any(line.leaving.pieces for line in i.plan.lines)
    ]
    rows.insert(Shipment, ("sale", "warehouse_id", "shipped_on", "signed_on", "tracking_number"), shipped)
    billed = [(pk, i.on, *_sums(i.plan), i.input.shipping_cents) for i, pk in both if i.input.invoiced]
    _write_invoices(items, billed, line_ids)
    paid = [(pk, tender, cents, i.on) for i, pk in both for tender, cents in i.plan.payments]
    rows.insert(Payment, ("sale", "tender", "amount_cents", "paid_on"), paid)
    tenders = [(pk, tender, cents, 0) for pk, tender, cents, _ in paid]
    rows.insert(SaleTender, ("sale", "tender", "paid_cents", "refunded_cents"), tenders)


def _write_invoices(items: list[Item[Sell]], billed: list[tuple[Any, ...]], line_ids: list[int]) -> None:
    """Write invoices with their lines; `line_ids` are those of all items in their order."""
    if not billed:
        return
    fields = ("sale", "invoiced_on", "net_cents", "tax_cents", "shipping_cents")
    invoice_ids = iter(rows.insert_returning(Invoice, fields, billed))
    ids, lines = iter(line_ids), []
    for item in items:
        invoice_id = next(invoice_ids) if item.input.invoiced else None
        for line in item.plan.lines:
            line_id, priced = next(ids), line.priced
            if invoice_id is not None:
                lines.append((invoice_id, line_id, line.quantity_e4, priced.net_cents, priced.tax_cents))
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, lines)


def _sums(plan: Plan) -> tuple[int, int]:
    return sum(line.priced.net_cents for line in plan.lines), sum(line.priced.tax_cents for line in plan.lines)


def _post(batch: Batch[Sell], line_ids: list[int]) -> None:
    ids = iter(line_ids)
    goods, money = [], []
    for item in batch.open:
        moves = [move for line in item.plan.lines for move in line.leaving.moves_of(next(ids))]
        goods.append(StockEntry(item.log_id, item.on, item.document, moves))
        money.append(MoneyEntry(item.log_id, item.on, item.document, _transfers(batch, item, moves)))
    post_stock(goods, recorded_at=batch.recorded_at)
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _transfers(batch: Batch[Sell], item: Item[Sell], moves: list[Move]) -> list[Pay]:
    plan: Plan = item.plan
    money = Money(plan.customer_id, plan.currency, plan.rate_e9, batch.company.tender_accounts)
    transfers = [cost_of_sale(moves, plan.customer_id)]
    if item.input.invoiced:
        transfers += invoice_transfers(money, *_sums(plan), item.input.shipping_cents)
    transfers += [payment_transfer(money, tender, cents) for tender, cents in plan.payments]
    return [*transfers, money.pay(plan.rounding_cents, Role.rounding, Role.receivable)]
