"""Suppliers' invoices: what is not billed yet, entering an invoice against it, the list and the page of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import products_by_id
from backstock.core.amounts import decimal_text, share
from backstock.core.commands import Done
from backstock.core.errors import UnknownPartner
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.fields import AmountField, QuantityField, TextLine
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Empty
from backstock.desk.purchases.documents import Document, Link, buttons, dated, money, named, show
from backstock.desk.purchases.entry import GivenLine, GivenLines, Page, answer
from backstock.desk.purchases.fields import Dated, day_field
from backstock.desk.tables import Column, Table
from backstock.partners.models import Partner
from backstock.partners.queries import partner_ids, partners_by_id
from backstock.purchases.commands.invoice import InvoiceLine, InvoicePurchase, invoice_purchase
from backstock.purchases.models import PurchaseInvoice, PurchaseLine
from backstock.purchases.queries import (
    all_invoices,
    find_invoices,
    find_uninvoiced,
    loaded_invoice,
    loaded_receipt,
    uninvoiced_lines,
)

MOST = 100


def expected(line: PurchaseLine) -> tuple[int, int]:
    """Return net and tax that the receipt expects for what is not billed yet."""
    rest_e4 = line.quantity_e4 - line.invoiced_e4
    net = line.value_cents - (line.invoiced_net_cents - line.net_difference_cents)
    tax = line.tax_cents - (line.invoiced_tax_cents - line.tax_difference_cents)
    return share(net, line.uninvoiced_e4, rest_e4), share(tax, line.uninvoiced_e4, rest_e4)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A received line that is not billed yet, with its product and supplier."""

    line: PurchaseLine
    product: Product
    supplier: Partner | None

    @property
    def code(self) -> str:
        return self.supplier.code if self.supplier else ""


def prepare(lines: Sequence[PurchaseLine]) -> list[Waiting]:
    """Read products and suppliers of a page of lines in one go."""
    products = products_by_id(line.product_id for line in lines)
    suppliers = partners_by_id(line.receipt.supplier_id for line in lines)
    return [Waiting(line, products[line.product_id], suppliers.get(line.receipt.supplier_id)) for line in lines]


def waiting_table_columns(actor: Actor) -> tuple[Column[Waiting], ...]:
    """Say what the list shows of each."""
    may = actor.may("purchases.invoice")
    return (
        Column(
            key="receipt", label=pgettext_lazy("goods", "Receipt"), value=lambda row: row.line.receipt.number, sort="receipt_id",
            link=lambda row: reverse("purchase_receipt_page", args=[row.line.receipt.number]),
        ),
        Column(
            key="supplier", label=gettext_lazy("Supplier"), value=lambda row: named(row.supplier),
            link=(lambda row: reverse("purchase_invoice_new", args=[row.code])) if may else None,
        ),
        Column(key="product", label=gettext_lazy("Product"), value=lambda row: row.product.name or row.product.sku),
        Column(key="received", label=gettext_lazy("Received on"), kind="day", value=lambda row: row.line.receipt.received_on, sort="receipt__received_on"),
        Column(
            key="quantity", label=gettext_lazy("Not billed yet"), kind="quantity", value=lambda row: row.line.uninvoiced_e4,
            unit=lambda row: row.product.unit,
        ),
        Column(key="net", label=gettext_lazy("Net"), kind="money", value=lambda row: expected(row.line)[0]),
        Column(key="tax", label=gettext_lazy("Tax"), kind="money", value=lambda row: expected(row.line)[1]),
    )  # fmt: skip


def waiting_table(actor: Actor) -> Table[Waiting]:
    own = company()
    return Table[Waiting](
        name="uninvoiced",
        path="/purchases/uninvoiced/",
        title=gettext_lazy("Received, not billed yet"),
        rows=uninvoiced_lines,
        prepare=prepare,
        search=find_uninvoiced,
        search_hint=gettext_lazy("Receipt, supplier, product"),
        row_id=lambda row: str(row.line.pk),
        currency=(own.currency, own.currency_digits),
        columns=waiting_table_columns(actor),
        default_sort="received",
        empty=Empty(
            icon="file-invoice",
            title=gettext_lazy("Everything is billed"),
            explanation=gettext_lazy("Goods that came and whose invoice has not come yet stand here."),
        ),
    )  # fmt: skip


@page("purchases.view")
def uninvoiced_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what was received and not billed yet; a supplier's name leads to its invoice."""
    return waiting_table(actor).respond(request, "desk/list.html", {"heading": _("Received, not billed yet")})


class Head(Dated):
    """The supplier's own number and day."""

    supplier_number = TextLine(label=gettext_lazy("Invoice number"), most=60, required=True)
    invoiced_on = day_field(gettext_lazy("Invoice date"))
    field_order = ("key", "supplier_number", "invoiced_on", "on")


class BilledLine(GivenLine):
    """What the invoice says of one received line."""

    which = forms.CharField(widget=forms.HiddenInput, max_length=80)
    take = forms.BooleanField(label=gettext_lazy("On this invoice"), required=False)
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    net = AmountField(label=gettext_lazy("Net"))
    tax = AmountField(label=gettext_lazy("Tax"))

    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("net", "tax"):
            self.fields[name].digits = digits  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.cleaned_data.get("take") and self.cleaned_data.get("net") is None and "net" not in self.errors:
            self.add_error("net", _("What is billed for it?"))

    def line(self) -> InvoiceLine:
        """Say it as the command wants it."""
        said = self.cleaned_data
        receipt, _slash, position = said["which"].partition("/")
        number = int(position) if position.isascii() and position.isdigit() else 0
        return InvoiceLine(
            receipt=receipt, line=number, quantity_e4=said["quantity"], net_cents=said["net"], tax_cents=said["tax"] or 0
        )  # fmt: skip


def billed_lines(data: Any, waiting: Sequence[Waiting], taken: str, digits: int) -> GivenLines:
    """Offer what a supplier has not billed yet, ticked where it belongs to the receipt from which one came."""
    known: list[tuple[dict[str, Any], Callable[[Any], None]]] = []
    for each in waiting:
        line, product = each.line, each.product
        net, tax = expected(line)
        start = {
            "which": f"{line.receipt.number}/{line.position}", "take": line.receipt.number == taken or len(waiting) == 1,
            "quantity": line.uninvoiced_e4, "net": net, "tax": tax,
        }  # fmt: skip
        known.append((start, _dress(product, line)))
    return GivenLines(BilledLine, data, known, digits=digits)


def _dress(product: Product, line: PurchaseLine) -> Callable[[Any], None]:
    def dress(form: Any) -> None:
        form.title, form.note = product.name or product.sku, f"{product.sku} · {line.receipt.number}"
        form.hint = _("%(day)s: %(quantity)s not billed yet, at %(cost)s") % {
            "day": line.receipt.received_on.isoformat(),
            "quantity": quantity_text(line.uninvoiced_e4, product.unit),
            "cost": f"{decimal_text(line.unit_cost_e6, 6)} / {line.unit or product.unit}",
        }

    return dress


@page("purchases.invoice")
def purchase_invoice_new(request: HttpRequest, actor: Actor, supplier: str) -> HttpResponseBase:
    """Enter a supplier's invoice for what came."""
    own, supplier_id = company(), partner_ids([supplier]).get(supplier)
    if supplier_id is None:
        raise UnknownPartner(partner=supplier[:60])
    data, taken = request.POST if request.method == "POST" else None, request.GET.get("receipt", "")
    found = uninvoiced_lines(supplier_id)
    waiting = prepare([*found.filter(receipt_id=loaded_receipt(taken).row.pk)] if taken else [*found[:MOST]])
    head, given = Head(data), billed_lines(data, waiting, taken, own.currency_digits)

    def run() -> Done:
        said = head.cleaned_data
        lines = tuple(each.line() for each in given.forms if isinstance(each, BilledLine) and each.cleaned_data["take"])
        wanted = InvoicePurchase(
            supplier=supplier, supplier_number=said["supplier_number"], invoiced_on=said["invoiced_on"], lines=lines,
            on=said["on"],
        )  # fmt: skip
        return invoice_purchase(wanted, actor=actor, key=said["key"])

    told = Page(
        heading=_("Invoice of %(supplier)s") % {"supplier": named(partners_by_id([supplier_id])[supplier_id])},
        submit=_("Enter the invoice"), icon="file-invoice", back=reverse("uninvoiced_list"),
        lead=_("Tick what stands on the invoice. What it differs from the receipt is posted; stock keeps its cost."),
        links=[(reverse("purchase_invoice_new", args=[supplier]), _("Show all receipts"))] if taken else (),
    )  # fmt: skip
    return answer(request, told, head, given, run, lambda done: _to_invoice(done.document))


def _to_invoice(number: str) -> tuple[str, str]:
    return reverse("purchase_invoice_page", args=[number]), f"{number}: {_('entered.')}"


@page("purchases.invoice")
def receipt_bill(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Go from a receipt to its supplier's invoice."""
    row = loaded_receipt(number).row
    code = partners_by_id([row.supplier_id])[row.supplier_id].code
    return redirect(f"{reverse('purchase_invoice_new', args=[code])}?receipt={row.number}")


def invoice_table_columns() -> tuple[Column[PurchaseInvoice], ...]:
    """Say what the list shows of each."""
    return (
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.number, sort="pk",
            link=lambda row: reverse("purchase_invoice_page", args=[row.number]),
        ),
        Column(key="supplier_number", label=gettext_lazy("Invoice number"), value=lambda row: row.supplier_number, sort="supplier_number"),
        Column(key="supplier", label=gettext_lazy("Supplier"), value=lambda row: named(row.supplier), sort="supplier__code"),
        Column(key="invoiced", label=gettext_lazy("Invoice date"), kind="day", value=lambda row: row.invoiced_on, sort="invoiced_on"),
        Column(key="net", label=gettext_lazy("Net"), kind="money", value=lambda row: row.net_cents, sort="net_cents"),
        Column(key="tax", label=gettext_lazy("Tax"), kind="money", value=lambda row: row.tax_cents),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: _("Taken back") if row.undone_log_id else _("Entered"),
            tone=lambda row: "neutral" if row.undone_log_id else "good",
        ),
    )  # fmt: skip


def invoice_table() -> Table[PurchaseInvoice]:
    own = company()
    return Table[PurchaseInvoice](
        name="purchase-invoices",
        path="/purchases/invoices/",
        title=gettext_lazy("Suppliers' invoices"),
        rows=all_invoices,
        search=find_invoices,
        search_hint=gettext_lazy("Our number, their number, supplier"),
        row_id=lambda row: row.number,
        currency=(own.currency, own.currency_digits),
        columns=invoice_table_columns(),
        default_sort="-number",
        empty=Empty(
            icon="file-invoice",
            title=gettext_lazy("No invoices of suppliers yet"),
            explanation=gettext_lazy("Enter them from “Received, not billed yet”."),
        ),
    )  # fmt: skip


@page("purchases.view")
def purchase_invoice_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the suppliers' invoices."""
    return invoice_table().respond(request, "desk/list.html", {"heading": _("Suppliers' invoices")})


@page("purchases.view")
def purchase_invoice_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one supplier's invoice beside what was received."""
    (row, lines), own = loaded_invoice(number), company()
    products = products_by_id(each.line.product_id for each in lines)
    rows = []
    for each in lines:
        product = products[each.line.product_id]
        texts = [
            quantity_text(each.quantity_e4, product.unit), money(each.net_cents, own), money(each.tax_cents, own),
            money(each.net_difference_cents + each.tax_difference_cents, own),
        ]  # fmt: skip
        rows.append((product.name or product.sku, f"{product.sku} · {each.line.receipt.number}", texts))
    receipts = dict.fromkeys(each.line.receipt.number for each in lines)
    document = Document(
        number=row.number, reference=row.supplier_number, rows=rows,
        status=_("Taken back") if row.undone_log_id else _("Entered"),
        tone="neutral" if row.undone_log_id else "good",
        facts=[(_("Supplier"), named(row.supplier)), *dated(_("Invoice date"), row.invoiced_on)],
        columns=[
            (_("Billed"), "quantity"), (_("Net"), "money"), (_("Tax"), "money"), (_("Differs from the receipt"), "money"),
        ],
        sums=[
            (_("Net"), money(row.net_cents, own)), (_("Tax"), money(row.tax_cents, own)),
            (_("Total with tax"), money(row.net_cents + row.tax_cents, own)),
        ],
        buttons=buttons(
            actor,
            (not row.undone_log_id, "purchases.invoice", "purchase_undo", [row.number], _("Take back"), "arrow-back-up", True),
        ),
        links=[(_("Receipts"), [Link(href=reverse("purchase_receipt_page", args=[each]), label=each) for each in receipts])],
    )  # fmt: skip
    return show(request, actor, document, own, products)
