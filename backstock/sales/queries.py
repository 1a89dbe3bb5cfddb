"""Read sales: figures and progress, counted from papers, counters and the goods ledger."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from backstock.catalog.queries import matching_lots, matching_products
from backstock.core.numbers import document_id, row_id
from backstock.partners.queries import matching_partners
from backstock.sales.loading import LoadedSale, load_sales, load_sales_by_id, sale_of
from backstock.sales.models import Invoice, Payment, Sale, SaleLine, SalePiece, SaleTender, Shipment


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
    shipped = sum(line.in_line_units("shipped_e4") for line in sale.lines)
    kept = sum(line.kept_e4 for line in sale.lines)
    billed = Invoice.objects.filter(sale=sale.row).aggregate(net=Sum("net_cents"), shipping=Sum("shipping_cents"))
    return SaleFigures(
        status=progress_of(sale),
        ordered_e4=sum(line.row.quantity_e4 for line in sale.lines),
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
    shipped = sum(line.in_line_units("shipped_e4") for line in sale.lines)
    returned = shipped - sum(line.kept_e4 for line in sale.lines)
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
