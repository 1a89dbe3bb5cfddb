"""Read purchases: where goods came from and at which price, what is ordered, what came, what is not billed yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from backstock.catalog.models import Lot, Product
from backstock.catalog.queries import matching_lots, matching_products
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id, row_id
from backstock.partners.queries import matching_partners
from backstock.purchases.loading import LoadedReceipt, load_receipts, receipt_of
from backstock.purchases.models import (
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReturn,
    PurchaseReturnLine,
)
from backstock.purchases.orders import LoadedOrder, load_orders, load_orders_by_id, order_of

ORDER_STATUSES = ("open", "part_received", "received", "closed")


def _last_lines(product_ids: Iterable[int], **of: int) -> QuerySet[PurchaseLine]:
    """Return the last line of each product that stands, of one supplier where asked."""
    lines = PurchaseLine.objects.filter(product_id__in=set(product_ids), receipt__undone_log_id=0, **of)
    last = lines.order_by().values("product_id").annotate(last=Max("pk")).values("last")
    return PurchaseLine.objects.filter(pk__in=last)


def last_suppliers(product_ids: Iterable[int]) -> dict[int, int]:
    """Return the supplier of the last purchase of each product."""
    return dict(_last_lines(product_ids).values_list("product_id", "receipt__supplier_id"))


@dataclass(frozen=True, slots=True)
class LastPrice:
    """What a product cost when it was last bought: per which unit (none: the base unit), and when."""

    unit_cost_e6: int
    unit: str


def last_prices(supplier_id: int, product_ids: Iterable[int]) -> dict[int, LastPrice]:
    """Return the last price of each product from a supplier; from anybody where this one never delivered it."""
    wanted = set(product_ids)
    found: dict[int, LastPrice] = {}
    own = [_last_lines(wanted, receipt__supplier_id=supplier_id)] if supplier_id else []
    for lines in (_last_lines(wanted), *own):
        for product_id, cost, unit in lines.values_list("product_id", "unit_cost_e6", "unit"):
            found[product_id] = LastPrice(cost, unit)
    return found


# Orders


def all_orders() -> QuerySet[PurchaseOrder]:
    """Return every order with its supplier, newest first."""
    return PurchaseOrder.objects.select_related("supplier").order_by("-pk")


def loaded_order(number: str) -> LoadedOrder:
    """Return an order by number; raise UnknownDocument."""
    return order_of(load_orders([number], lock=False), number)


def orders_with_lines(rows: Sequence[PurchaseOrder]) -> list[LoadedOrder]:
    """Read the lines of orders that were read already: two statements whatever their number."""
    found = load_orders_by_id((row.pk for row in rows), lock=False)
    return [found[row.pk] for row in rows]


def orders_in(rows: QuerySet[PurchaseOrder], status: str) -> QuerySet[PurchaseOrder]:
    """Narrow orders to one answer of `LoadedOrder.status`."""
    lines = PurchaseOrderLine.objects.filter(order=OuterRef("pk"))
    some, left = Exists(lines.filter(received_e4__gt=0)), Exists(lines.filter(quantity_e4__gt=F("received_e4")))
    wanted = {
        "open": Q(closed_on=None) & Q(left) & ~Q(some),
        "part_received": Q(closed_on=None) & Q(left) & Q(some),
        "received": ~Q(left) & Q(some),
        "closed": Q(closed_on__isnull=False) & Q(left),
    }
    return rows.filter(wanted[status])


def find_orders(rows: QuerySet[PurchaseOrder], text: str) -> QuerySet[PurchaseOrder]:
    """Find orders by number, reference, supplier or product."""
    text = unicodedata.normalize("NFKC", text).strip()
    if (pk := document_id("PO", text)) is not None:
        return rows.filter(pk=pk)
    wanted = Q(reference=text)
    if suppliers := matching_partners(text):
        wanted |= Q(supplier_id__in=suppliers)
    if products := matching_products(text):
        wanted |= Q(pk__in=PurchaseOrderLine.objects.filter(product_id__in=products).values("order_id"))
    return rows.filter(wanted)


def receipts_of_order(order_id: int) -> list[PurchaseReceipt]:
    """Return what came of an order, in the order of arrival."""
    return list(PurchaseReceipt.objects.filter(order_id=order_id).order_by("pk"))


# Receipts, and what hangs on them


def all_receipts() -> QuerySet[PurchaseReceipt]:
    """Return every receipt, newest first."""
    return PurchaseReceipt.objects.order_by("-pk")


def loaded_receipt(number: str) -> LoadedReceipt:
    """Return a receipt by number; raise UnknownDocument."""
    return receipt_of(load_receipts([number], lock=False), number)


def find_receipts(rows: QuerySet[PurchaseReceipt], text: str) -> QuerySet[PurchaseReceipt]:
    """Find receipts by number, theirs or of their order, reference, supplier, product or lot."""
    text = unicodedata.normalize("NFKC", text).strip()
    if (pk := document_id("PO", text)) is not None:
        return rows.filter(order_id=pk)
    if (pk := document_id("P", text)) is not None:
        return rows.filter(pk=pk)
    lines = PurchaseLine.objects.all()
    wanted = Q(reference=text) | Q(pk__in=lines.filter(lot_code=text).values("receipt_id"))
    if suppliers := matching_partners(text):
        wanted |= Q(supplier_id__in=suppliers)
    if products := matching_products(text):
        wanted |= Q(pk__in=lines.filter(product_id__in=products).values("receipt_id"))
    if lots := matching_lots(text):
        wanted |= Q(pk__in=lines.filter(pk__in=_bringing(lots)).values("receipt_id"))
    return rows.filter(wanted)


def _bringing(lots: Iterable[int]) -> list[int]:
    return list(Lot.objects.filter(pk__in=set(lots)).values_list("purchase_line_id", flat=True))


def receipts_in(rows: QuerySet[PurchaseReceipt], state: str) -> QuerySet[PurchaseReceipt]:
    """Narrow receipts: still owed, not billed yet, or taken back."""
    wanted = {
        "owed": Q(owed_cents__gt=0),
        "uninvoiced": Q(pk__in=uninvoiced_lines().values("receipt_id")),
        "undone": Q(undone_log_id__gt=0),
    }
    return rows.filter(wanted[state])


def uninvoiced_lines(supplier_id: int | None = None) -> QuerySet[PurchaseLine]:
    """Return the lines of receipts of which something was kept and not billed yet, what waits longest first."""
    standing = PurchaseLine.objects.filter(receipt__undone_log_id=0, receipt__opening=False)
    if supplier_id is not None:
        standing = standing.filter(receipt__supplier_id=supplier_id)
    waiting = standing.filter(quantity_e4__gt=F("invoiced_e4") + F("sent_back_e4"))
    return waiting.select_related("receipt").order_by("receipt__received_on", "pk")


def find_uninvoiced(lines: QuerySet[PurchaseLine], text: str) -> QuerySet[PurchaseLine]:
    """Find lines by receipt, supplier or product."""
    text = unicodedata.normalize("NFKC", text).strip()
    if (pk := document_id("P", text)) is not None:
        return lines.filter(receipt_id=pk)
    wanted = Q(receipt__supplier_id__in=matching_partners(text)) | Q(product_id__in=matching_products(text))
    return lines.filter(wanted)


def tracking_in_use() -> set[str]:
    """Return how products are tracked, so that forms ask for no more than that."""
    return set(Product.objects.order_by().values_list("tracking", flat=True).distinct())


def returns_of_receipt(receipt_id: int) -> list[PurchaseReturn]:
    """Return what went back of a receipt, in order."""
    return list(PurchaseReturn.objects.filter(receipt_id=receipt_id).order_by("pk"))


def invoices_of_receipt(receipt_id: int) -> list[PurchaseInvoice]:
    """Return the invoices that bill something of a receipt, in order."""
    billing = PurchaseInvoiceLine.objects.filter(line__receipt_id=receipt_id).values("invoice_id")
    return list(PurchaseInvoice.objects.filter(pk__in=billing).order_by("pk"))


def codes_brought(lines: Iterable[PurchaseLine]) -> dict[int, list[tuple[int, str]]]:
    """Return the lots and serial numbers that lines brought first: {line: [(lot, code)]}."""
    found: dict[int, list[tuple[int, str]]] = {}
    lines = list(lines)
    products, ids = {line.product_id for line in lines}, {line.pk for line in lines}
    wanted = Lot.objects.filter(product_id__in=products, purchase_line_id__in=ids).order_by("code")
    for line, pk, code in wanted.values_list("purchase_line_id", "pk", "code"):
        found.setdefault(line, []).append((pk, code))
    return found


# Invoices and returns to suppliers


def all_invoices() -> QuerySet[PurchaseInvoice]:
    """Return every supplier's invoice, newest first."""
    return PurchaseInvoice.objects.select_related("supplier").order_by("-pk")


def find_invoices(rows: QuerySet[PurchaseInvoice], text: str) -> QuerySet[PurchaseInvoice]:
    """Find invoices by number, ours or the supplier's, or by supplier."""
    text = unicodedata.normalize("NFKC", text).strip()
    if (pk := document_id("PI", text)) is not None:
        return rows.filter(pk=pk)
    wanted = Q(supplier_number=text)
    if suppliers := matching_partners(text):
        wanted |= Q(supplier_id__in=suppliers)
    return rows.filter(wanted)


def loaded_invoice(number: str) -> tuple[PurchaseInvoice, list[PurchaseInvoiceLine]]:
    """Return an invoice with its lines; raise UnknownDocument."""
    row = all_invoices().filter(pk=row_id("PI", number)).first()
    if row is None:
        raise UnknownDocument(document=number[:60])
    return row, list(row.lines.select_related("line", "line__receipt").order_by("pk"))


def loaded_return_to_supplier(number: str) -> tuple[PurchaseReturn, list[PurchaseReturnLine]]:
    """Return goods sent back with their lines; raise UnknownDocument."""
    row = PurchaseReturn.objects.select_related("receipt").filter(pk=row_id("PR", number)).first()
    if row is None:
        raise UnknownDocument(document=number[:60])
    return row, list(row.lines.select_related("line").order_by("pk"))
