"""Read sales: figures and progress, counted from papers, counters and the goods ledger."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from backstock.core.numbers import row_id
from backstock.sales.loading import LoadedSale, load_sales, sale_of
from backstock.sales.models import Invoice, Payment, Sale, Shipment


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
    ordered = sum(line.row.quantity_e4 for line in sale.lines)
    shipped = sum(line.in_line_units("shipped_e4") for line in sale.lines)
    kept = sum(line.kept_e4 for line in sale.lines)
    billed = Invoice.objects.filter(sale=sale.row).aggregate(net=Sum("net_cents"), shipping=Sum("shipping_cents"))
    return SaleFigures(
        status=_status(ordered, shipped, shipped - kept),
        ordered_e4=ordered,
        shipped_e4=shipped,
        returned_e4=shipped - kept,
        invoiced_cents=sale.row.invoiced_cents,
        refunded_cents=sale.row.refunded_cents,
        net_invoiced_cents=(billed["net"] or 0) + (billed["shipping"] or 0),
    )


def _status(ordered_e4: int, shipped_e4: int, returned_e4: int) -> str:
    if returned_e4:
        return "returned" if returned_e4 == shipped_e4 else "part_returned"
    if not shipped_e4:
        return "open"
    return "shipped" if shipped_e4 >= ordered_e4 else "part_shipped"


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
