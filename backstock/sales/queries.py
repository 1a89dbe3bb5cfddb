"""Read sales: figures and progress, counted from papers, counters and the goods ledger."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from backstock.catalog.queries import matching_lots, matching_products
from backstock.core import clock
from backstock.core.amounts import share, to_base_cents
from backstock.core.models import Company
from backstock.core.numbers import document_id, row_id
from backstock.partners.queries import matching_partners
from backstock.sales.billing import billable_e4, deposit_cents, room_to_pay_cents
from backstock.sales.desk import load_desk
from backstock.sales.loading import LoadedSale, load_sales, load_sales_by_id, sale_of
from backstock.sales.models import (
    Invoice,
    Payment,
    Quote,
    QuoteLine,
    Sale,
    SaleDiscount,
    SaleLine,
    SalePiece,
    SaleTender,
    Shipment,
    ShipmentLine,
)
from backstock.sales.models.sale import Discount
from backstock.sales.orders import SellLine, Terms
from backstock.sales.planning import money_of, plan_lines
from backstock.sales.quotes import asked_line, discounts_of_quotes, lines_of_quotes


@dataclass(frozen=True, slots=True)
class SaleFigures:
    """A sale at a glance: quantities in 1/10,000, money in the sale's currency."""

    status: str
    ordered_e4: int
    shipped_e4: int
    returned_e4: int
    invoiced_cents: int
    refunded_cents: int
    net_invoiced_cents: int


def loaded_sale(number: str) -> LoadedSale:
    """Return a sale by number; raise UnknownDocument."""
    return sale_of(load_sales([number], lock=False), number)


def sale_figures(number: str) -> SaleFigures:
    """Return the figures of a sale; raise UnknownDocument."""
    sale = loaded_sale(number)
    shipped = sum(line.in_line_units("shipped_e4") for line in sale.ordered)
    kept = sum(line.kept_e4 for line in sale.ordered)
    billed = Invoice.objects.filter(sale=sale.row).aggregate(net=Sum("net_cents"), shipping=Sum("shipping_cents"))
    return SaleFigures(
        status=progress_of(sale),
        ordered_e4=sum(line.row.quantity_e4 for line in sale.ordered),
        shipped_e4=shipped,
        returned_e4=shipped - kept,
        invoiced_cents=sale.row.invoiced_cents,
        refunded_cents=sale.row.refunded_cents,
        net_invoiced_cents=(billed["net"] or 0) + (billed["shipping"] or 0),
    )


def paper_counts(number: str) -> dict[str, int]:
    """Count the papers of a sale by kind."""
    sale_id = row_id("S", number)
    return {
        "shipment": Shipment.objects.filter(sale_id=sale_id).count(),
        "invoice": Invoice.objects.filter(sale_id=sale_id).count(),
        "payment": Payment.objects.filter(sale_id=sale_id).count(),
    }


def sale_by_reference(reference: str) -> Sale | None:
    """Find the newest sale that has a number elsewhere."""
    return Sale.objects.filter(reference=reference).order_by("-pk").first()


def all_sales() -> QuerySet[Sale]:
    """Return every sale with its customer, newest first."""
    return Sale.objects.select_related("customer").order_by("-pk")


def find_sales(rows: QuerySet[Sale], text: str) -> QuerySet[Sale]:
    """Find sales by number, reference, customer, product, lot or serial."""
    text = unicodedata.normalize("NFKC", text).strip()
    if (pk := document_id("S", text)) is not None:
        return rows.filter(pk=pk)
    wanted = Q(reference=text)
    if customers := matching_partners(text):
        wanted |= Q(customer_id__in=customers)
    if products := matching_products(text):
        wanted |= Q(pk__in=SaleLine.objects.filter(product_id__in=products).values("sale_id"))
    if lots := matching_lots(text):
        wanted |= Q(pk__in=SalePiece.objects.filter(lot_id__in=lots).values("line__sale_id"))
    return rows.filter(wanted)


def sales_with_lines(rows: Sequence[Sale]) -> list[LoadedSale]:
    """Read the lines and pieces of sales that were read already: three statements whatever their number."""
    found = load_sales_by_id((row.pk for row in rows), lock=False)
    for row in rows:
        found[row.pk].row = row
    return [found[row.pk] for row in rows]


def progress_of(sale: LoadedSale) -> str:
    """Return how far a sale's goods have gone: open, part_shipped, shipped, part_returned, returned or cancelled."""
    shipped = sum(line.in_line_units("shipped_e4") for line in sale.ordered)
    returned = shipped - sum(line.kept_e4 for line in sale.ordered)
    if returned:
        return "returned" if returned == shipped else "part_returned"
    waiting = any(line.to_ship_e4 for line in sale.lines)
    if not shipped:
        return "open" if waiting else "cancelled"
    return "part_shipped" if waiting else "shipped"


def tenders_of(sale_id: int) -> list[SaleTender]:
    """Return what a sale was paid with, in the order of payment."""
    return list(SaleTender.objects.filter(sale_id=sale_id).order_by("pk"))


def shipments_of(sale_id: int) -> list[Shipment]:
    """Return the parcels of a sale, in the order in which they left."""
    return list(Shipment.objects.filter(sale_id=sale_id).order_by("pk"))


def legal_steps(sale: LoadedSale) -> list[str]:
    """Return the commands that a sale may take next."""
    waiting = any(line.to_ship_e4 for line in sale.lines)
    possible = {
        "sales.pick": waiting,
        "sales.ship": waiting,
        "sales.invoice": any(billable_e4(line) for line in sale.lines),
        "sales.pay": room_to_pay_cents(sale) > 0,
        "sales.pay_back": deposit_cents(sale) > 0,
        "sales.close_order": waiting,
    }
    return [name for name, may in possible.items() if may]


def reckoned(company: Company, wanted: Terms) -> tuple[int, str, int]:
    """Return what an order or a quote would cost: amount, currency and its decimals. Writes and locks nothing."""
    desk = load_desk([wanted], clock.today(company.timezone))
    currency, digits, _ = money_of(company, wanted)
    lines = plan_lines(wanted, desk, desk.customer(wanted), company.tax_mode, digits)
    return sum(line.priced.gross_cents for line in lines) + wanted.shipping_cents, currency, digits


def asked_again(number: str) -> Terms | None:
    """Return what was asked for in a sale or a quote, to be asked anew with the prices of then; None for no document."""
    if (quote_id := document_id("Q", number)) is not None:
        quote = Quote.objects.filter(pk=quote_id).select_related("customer").first()
        lines = [SellLine(**asked_line(line)) for line in lines_of_quotes([quote_id])[quote_id]]
        return None if quote is None else _terms(quote, lines, discounts_of_quotes([quote_id])[quote_id])
    sale_id = document_id("S", number)
    sale = Sale.objects.filter(pk=sale_id).select_related("customer").first() if sale_id is not None else None
    if sale is None:
        return None
    found = SaleLine.objects.filter(sale=sale, return_line_id=0).select_related("product").order_by("pk")
    lines = [
        SellLine(
            sku=line.product.sku, quantity_e4=line.entered_e4 or line.quantity_e4, unit=line.unit or None,
            unit_price_e6=line.unit_price_e6, discount_cents=line.discount_cents, gift=line.is_gift,
        )
        for line in found
    ]  # fmt: skip
    return _terms(sale, lines, list(SaleDiscount.objects.filter(sale=sale).order_by("pk")))


def _terms(row: Sale | Quote, lines: list[SellLine], discounts: Sequence[Discount]) -> Terms:
    return Terms(
        customer=row.customer.code, channel=row.channel, currency=row.currency, rate_e9=row.rate_e9, lines=tuple(lines),
        shipping_cents=row.shipping_cents, order_discount_cents=sum(each.amount_cents for each in discounts),
    )  # fmt: skip


def all_quotes() -> QuerySet[Quote]:
    """Return every quote with its customer, newest first."""
    return Quote.objects.select_related("customer").order_by("-pk")


def find_quotes(rows: QuerySet[Quote], text: str) -> QuerySet[Quote]:
    """Find quotes by number, reference, customer or product."""
    text = unicodedata.normalize("NFKC", text).strip()
    if (pk := document_id("Q", text)) is not None:
        return rows.filter(pk=pk)
    wanted = Q(reference=text)
    if customers := matching_partners(text):
        wanted |= Q(customer_id__in=customers)
    if products := matching_products(text):
        wanted |= Q(pk__in=QuoteLine.objects.filter(product_id__in=products).values("quote_id"))
    return rows.filter(wanted)


def waiting_to_ship() -> QuerySet[SalePiece, Any]:
    """Return the ids of sales of which something was ordered and neither shipped nor given up."""
    pieces = SalePiece.objects.values(
        "line_id", "product_id", "per_line_e4", "line__quantity_e4", "line__cancelled_e4", "line__sale_id"
    )
    short = pieces.annotate(gone_e4=Sum("shipped_e4") * 10**4).filter(
        gone_e4__lt=(F("line__quantity_e4") - F("line__cancelled_e4")) * F("per_line_e4")
    )
    return short.values("line__sale_id")


def parcels_of(sale_id: int) -> dict[int, list[ShipmentLine]]:
    """Return what lay in each parcel of a sale: {shipment: lines}."""
    found: dict[int, list[ShipmentLine]] = {}
    for line in ShipmentLine.objects.filter(shipment__sale_id=sale_id).order_by("shipment_id", "pk"):
        found.setdefault(line.shipment_id, []).append(line)
    return found


def invoices_of(sale_id: int) -> list[Invoice]:
    """Return the invoices of a sale, in their order."""
    return list(Invoice.objects.filter(sale_id=sale_id).order_by("pk"))


def discounts_of(sale_id: int) -> list[SaleDiscount]:
    """Return the discounts of a sale with their source."""
    return list(SaleDiscount.objects.filter(sale_id=sale_id).order_by("pk"))


def cost_of_kept(sale: LoadedSale) -> int:
    """Return what the goods cost us that the customer has and keeps, in the company's currency."""
    return sum(piece.cost_cents - piece.cost_back_cents for line in sale.lines for piece in line.pieces)


def net_of_kept(sale: LoadedSale) -> int:
    """Return what the goods bring, net of tax, that the customer has and keeps, in the company's currency."""
    net = sum(share(line.row.net_cents, line.kept_e4, line.row.quantity_e4) for line in sale.lines)
    return to_base_cents(net, sale.row.rate_e9)
