"""What suppliers delivered: the list, the page of one receipt, a delivery that nobody ordered, and taking papers back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import products_by_id
from backstock.core.amounts import decimal_text
from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import Keyed, QuantityField
from backstock.desk.figures import quantity_text
from backstock.desk.line_editor import LineEditor
from backstock.desk.parts import Action, Empty, Text
from backstock.desk.purchases.documents import Button, Document, Link, buttons, dated, money, named, show
from backstock.desk.purchases.entry import Page, answer
from backstock.desk.purchases.fields import CostField, FromSupplier, PercentField
from backstock.desk.purchases.ordering import ArrivingLine, columns_not_needed, to_receipt
from backstock.desk.tables import Column, Filter, Table
from backstock.partners.models import Partner
from backstock.partners.queries import partners_by_id
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.purchases.commands.undo import UndoPurchase, undo_needs, undo_purchase
from backstock.purchases.loading import LoadedReceipt
from backstock.purchases.models import PurchaseLine, PurchaseReceipt
from backstock.purchases.queries import (
    all_receipts,
    codes_brought,
    find_receipts,
    invoices_of_receipt,
    loaded_receipt,
    receipts_in,
    returns_of_receipt,
    tracking_in_use,
)
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, slots=True)
class Row:
    """One receipt of the list with its supplier."""

    receipt: PurchaseReceipt
    supplier: Partner | None


def prepare(rows: Sequence[PurchaseReceipt]) -> list[Row]:
    """Read the suppliers of a page of receipts in one go."""
    suppliers = partners_by_id(row.supplier_id for row in rows)
    return [Row(row, suppliers.get(row.supplier_id)) for row in rows]


def receipt_state(row: PurchaseReceipt) -> str:
    """Say how a receipt stands: taken back, owed, credited or paid."""
    if row.undone_log_id:
        return "undone"
    if row.opening:
        return "opening"
    return "owed" if row.owed_cents > 0 else "credit" if row.owed_cents < 0 else "settled"


def columns() -> tuple[Column[Row], ...]:
    """Say what the list shows of each."""
    return (
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.receipt.number, sort="pk",
            link=lambda row: reverse("purchase_receipt_page", args=[row.receipt.number]),
        ),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge",
            value=lambda row: words.word(words.RECEIPT_STATES, receipt_state(row.receipt)),
            tone=lambda row: words.tone(words.RECEIPT_STATES, receipt_state(row.receipt)),
        ),
        Column(key="supplier", label=gettext_lazy("Supplier"), value=lambda row: named(row.supplier)),
        Column(key="reference", label=gettext_lazy("Reference"), value=lambda row: row.receipt.reference),
        Column(key="received", label=gettext_lazy("Received on"), kind="day", value=lambda row: row.receipt.received_on, sort="received_on"),
        Column(key="due", label=gettext_lazy("Due on"), kind="day", value=lambda row: row.receipt.due_on, sort="due_on"),
        Column(key="gross", label=gettext_lazy("Total"), kind="money", value=lambda row: row.receipt.gross_cents, sort="gross_cents"),
        Column(key="owed", label=gettext_lazy("Still owed"), kind="money", value=lambda row: row.receipt.owed_cents, sort="owed_cents"),
    )  # fmt: skip


def table(actor: Actor) -> Table[Row]:
    own = company()
    new = Action(label=_("New receipt"), href=reverse("purchase_receipt_new"), icon="plus")
    return Table[Row](
        name="receipts",
        path="/purchases/receipts/",
        title=gettext_lazy("Purchase receipts"),
        rows=all_receipts,
        prepare=prepare,
        search=find_receipts,
        search_hint=gettext_lazy("Number, order, reference, supplier, product, lot or serial number"),
        row_id=lambda row: row.receipt.number,
        currency=(own.currency, own.currency_digits),
        actions=[new] if actor.may("purchases.receive") else [],
        filters=(
            Filter(
                key="state", label=gettext_lazy("State"), apply=receipts_in,
                choices=[
                    ("owed", gettext_lazy("Still owed")), ("uninvoiced", gettext_lazy("Not billed yet")),
                    ("undone", gettext_lazy("Taken back")),
                ],
            ),
        ),
        columns=columns(),
        default_sort="-number",
        empty=Empty(
            icon="package-import",
            title=gettext_lazy("Nothing was received yet"),
            explanation=gettext_lazy("A receipt brings goods onto the shelf and says what is owed for them."),
            action=new if actor.may("purchases.receive") else None,
        ),
    )  # fmt: skip


@page("purchases.view")
def receipt_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the receipts."""
    return table(actor).respond(request, "desk/list.html", {"heading": _("Purchase receipts")})


def line_row(line: PurchaseLine, product: Product, codes: Sequence[str], digits: int) -> tuple[str, str, list[str]]:
    """Write one line: received, sent back and billed side by side."""

    def said(quantity_e4: int) -> str:
        return quantity_text(quantity_e4, product.unit) if quantity_e4 else "–"

    texts = [
        said(line.quantity_e4), said(line.sent_back_e4), said(line.invoiced_e4),
        f"{decimal_text(line.unit_cost_e6, 6)} / {line.unit or product.unit}",
        decimal_text(line.value_cents + line.net_difference_cents, digits, trim=False),
    ]  # fmt: skip
    shown = [line.lot_code] if line.lot_code else list(codes)
    return product.name or product.sku, words.listed([product.sku, ", ".join(shown)]), texts


def receipt_buttons(receipt: LoadedReceipt, actor: Actor) -> list[Button]:
    row = receipt.row
    stands = not row.undone_log_id
    billable = stands and not row.opening and any(line.uninvoiced_e4 for line in receipt.lines)
    kept = stands and any(line.kept_e4 for line in receipt.lines)
    touched = row.paid_cents or any(line.sent_back_e4 or line.invoiced_e4 for line in receipt.lines)
    number = [row.number]
    return buttons(
        actor,
        (billable, "purchases.invoice", "purchase_receipt_bill", number, _("Enter the invoice"), "file-invoice", False),
        (kept, "purchases.send_back", "send_back", number, _("Send back to the supplier"), "truck-return", False),
        (stands and not touched, "purchases.receive", "purchase_undo", number, _("Take back"), "arrow-back-up", True),
    )


@page("purchases.view")
def receipt_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one receipt."""
    receipt, own = loaded_receipt(number), company()
    row = receipt.row
    products = products_by_id(line.product_id for line in receipt.lines)
    brought = codes_brought(receipt.lines)
    document = Document(
        number=row.number,
        status=words.word(words.RECEIPT_STATES, receipt_state(row)),
        tone=words.tone(words.RECEIPT_STATES, receipt_state(row)),
        reference=row.reference,
        facts=[
            (_("Supplier"), named(partners_by_id([row.supplier_id]).get(row.supplier_id))),
            (_("Warehouse"), warehouse_names().get(row.warehouse_id, "")),
            *dated(_("Received on"), row.received_on),
            *dated(_("Due on"), row.due_on),
        ],
        columns=[
            (_("Received"), "quantity"), (_("Sent back"), "quantity"), (_("Billed"), "quantity"),
            (_("Unit cost"), "quantity"), (_("Net"), "money"),
        ],
        rows=[
            line_row(x, products[x.product_id], [code for _lot, code in brought.get(x.pk, [])], own.currency_digits)
            for x in receipt.lines
        ],
        sums=_sums(row, lambda cents: money(cents, own)),
        buttons=receipt_buttons(receipt, actor),
        links=links_of(row),
    )  # fmt: skip
    return show(request, actor, document, own, products)


def links_of(row: PurchaseReceipt) -> list[tuple[Text, list[Link]]]:
    """Lead to the order, the invoices and the returns of a receipt."""
    return [
        (_("Order"), [_order_link(row)] if row.order_id else []),
        (_("Invoices"), [
            Link(href=reverse("purchase_invoice_page", args=[each.number]), label=each.number, note=each.supplier_number)
            for each in invoices_of_receipt(row.pk)
        ]),
        (_("Sent back"), [
            Link(href=reverse("purchase_return_page", args=[each.number]), label=each.number, note=each.returned_on.isoformat())
            for each in returns_of_receipt(row.pk)
        ]),
    ]  # fmt: skip


def _order_link(row: PurchaseReceipt) -> Link:
    number = f"PO{row.order_id:06d}"
    return Link(href=reverse("purchase_order_page", args=[number]), label=number)


def _sums(row: PurchaseReceipt, said: object) -> list[tuple[Text, str]]:
    write = said if callable(said) else str
    found: list[tuple[Text, str]] = [(_("Total with tax"), write(row.gross_cents))]
    if row.returned_cents:
        found.append((_("Goods sent back"), write(-row.returned_cents)))
    if row.paid_cents:
        found.append((_("Paid or set off"), write(-row.paid_cents)))
    return [*found, (_("Still owed"), write(row.owed_cents))]


class Line(ArrivingLine):
    """What came, at which price without tax."""

    quantity = QuantityField(label=gettext_lazy("Quantity"))
    cost = CostField(label=gettext_lazy("Unit cost"))
    rate = PercentField(label=gettext_lazy("Tax rate, %"))
    field_order = ("sku", "quantity", "unit", "cost", "rate", "lot", "expires_on", "made_on", "serials")

    def clean(self) -> None:
        super().clean()
        if not self.is_blank and self.cleaned_data.get("cost") is None and "cost" not in self.errors:
            self.add_error("cost", _("At which price?"))


@page("purchases.receive")
def receipt_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Receive goods that nobody ordered."""
    data = request.POST if request.method == "POST" else None
    head = FromSupplier(data, initial={"supplier": request.GET.get("supplier", "")})
    editor = LineEditor(Line, data, leave_out=columns_not_needed(tracking_in_use()))

    def run() -> Done:
        said = head.cleaned_data
        lines = tuple(
            PurchaseReceiptLine(
                **each.goods(), unit_cost_e6=each.cleaned_data["cost"], tax_rate_e6=each.cleaned_data["rate"] or 0
            )
            for each in editor.filled
            if isinstance(each, Line)
        )
        wanted = ReceivePurchase(
            supplier=said["supplier"], warehouse=said["warehouse"] or None, reference=said["reference"], lines=lines,
            on=said["on"],
        )  # fmt: skip
        return receive_purchase(wanted, actor=actor, key=said["key"])

    told = Page(
        heading=_("New receipt"), submit=_("Book in"), icon="package-import", back=reverse("purchase_receipt_list"),
        lead=_("Goods without an order; for ordered goods open the order. Prices are without tax."),
    )  # fmt: skip
    return answer(request, told, head, editor, run, lambda done: to_receipt(done.document))


PAGES = {"PI": "purchase_invoice_page", "PR": "purchase_return_page"}


@page("purchases.view")
def purchase_undo(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Ask once more, then take a receipt, an invoice or a return to a supplier back."""
    may_or_refuse(actor, undo_needs(number))
    head = Keyed(request.POST if request.method == "POST" else None)
    back = reverse(PAGES.get(number[:2], "purchase_receipt_page"), args=[number])

    def run() -> Done:
        return undo_purchase(UndoPurchase(document=number), actor=actor, key=head.cleaned_data["key"])

    told = Page(
        heading=_("Take %(number)s back") % {"number": number}, submit=_("Take back"), icon="arrow-back-up", danger=True,
        lead=_("A mirror entry is made in both ledgers. What was done stays on record."), back=back,
    )  # fmt: skip
    return answer(request, told, head, None, run, lambda done: (back, f"{number}: {_('taken back.')}"))
