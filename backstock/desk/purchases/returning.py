"""Back to suppliers: goods of a receipt from our shelf, and what suppliers still owe for goods of customers' returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backstock.catalog.models import Product
from backstock.catalog.queries import products_by_id
from backstock.core import clock
from backstock.core.amounts import E4
from backstock.core.commands import Done
from backstock.core.errors import UnknownPartner
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.fields import AmountField, PickField, QuantityField, TextLine
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Empty
from backstock.desk.purchases.documents import Document, Link, buttons, dated, money, named, show
from backstock.desk.purchases.entry import GivenLine, GivenLines, Page, answer
from backstock.desk.purchases.fields import Dated
from backstock.desk.tables import Column, Table
from backstock.partners.models import Partner
from backstock.partners.queries import partner_ids, partners_by_id
from backstock.purchases.commands.send_back import SendBack, SendBackLine, send_back
from backstock.purchases.loading import LoadedReceipt
from backstock.purchases.queries import codes_brought, loaded_receipt, loaded_return_to_supplier
from backstock.returns.after.claim_reasons import called_by, reasons_of
from backstock.returns.after.claims import OpenClaim, claims_still_open
from backstock.returns.commands.vendor_credit import VendorCredit, credit_from_vendor
from backstock.returns.queries import loaded_return


class Sending(Dated):
    """Why goods go back."""

    reason = TextLine(label=gettext_lazy("Why"), help_text=gettext_lazy("Defective, wrong goods, too many …"))
    field_order = ("key", "reason", "on")


class SentLine(GivenLine):
    """How many, or which serial numbers, of one received line go back."""

    which = forms.IntegerField(widget=forms.HiddenInput)
    sku = forms.CharField(widget=forms.HiddenInput, max_length=60)
    quantity = QuantityField(label=gettext_lazy("Send back"))
    serials = PickField(label=gettext_lazy("Serial numbers"))

    def line(self) -> SendBackLine:
        """Say it as the command wants it."""
        said = self.cleaned_data
        serials = tuple(said.get("serials") or ())
        quantity_e4 = len(serials) * E4 if serials else said.get("quantity") or 0
        return SendBackLine(sku=said["sku"], quantity_e4=quantity_e4, serials=serials, line=said["which"])

    @property
    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("serials") or self.cleaned_data.get("quantity"))


def sent_lines(data: Any, receipt: LoadedReceipt) -> GivenLines:
    """Offer what of a receipt did not go back yet."""
    products = products_by_id(line.product_id for line in receipt.lines)
    tracked = [line for line in receipt.lines if products[line.product_id].tracking == "serial"]
    codes = codes_brought(tracked) if tracked else {}
    known: list[tuple[dict[str, Any], Callable[[Any], None]]] = []
    for line in receipt.lines:
        if line.kept_e4:
            product = products[line.product_id]
            serials = [code for _lot, code in codes.get(line.pk, [])]
            note = " · ".join(filter(None, [product.sku, line.lot_code]))
            hint = _("%(quantity)s of it can go back") % {"quantity": quantity_text(line.kept_e4, product.unit)}
            known.append(({"which": line.position, "sku": product.sku}, _dress(product, note, hint, serials)))
    return GivenLines(SentLine, data, known)


def _dress(product: Product, note: str, hint: str, serials: Sequence[str]) -> Callable[[Any], None]:
    def dress(form: Any) -> None:
        form.title, form.note, form.hint = product.name or product.sku, note, hint
        if product.tracking == "serial":
            form.fields["serials"].choices = [(code, code) for code in serials]
        del form.fields["quantity" if product.tracking == "serial" else "serials"]

    return dress


@page("purchases.send_back")
def send_back_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send goods of a receipt back to the supplier."""
    receipt, data = loaded_receipt(number), request.POST if request.method == "POST" else None
    head, given, row = Sending(data), sent_lines(data, receipt), receipt.row

    def run() -> Done:
        said = head.cleaned_data
        lines = tuple(each.line() for each in given.forms if isinstance(each, SentLine) and each.says_something)
        wanted = SendBack(receipt=row.number, lines=lines, reason=said["reason"], on=said["on"])
        return send_back(wanted, actor=actor, key=said["key"])

    told = Page(
        heading=_("Send back from %(number)s") % {"number": row.number}, submit=_("Send back"), icon="truck-return",
        lead=_("They leave the shelf at cost; what we owe falls by their price and tax."),
        back=reverse("purchase_receipt_page", args=[row.number]),
    )  # fmt: skip
    return answer(
        request, told, head, given, run,
        lambda done: (reverse("purchase_return_page", args=[done.document]), f"{done.document}: {_('sent back.')}"),
    )  # fmt: skip


@page("purchases.view")
def purchase_return_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show what went back to a supplier."""
    (row, lines), own = loaded_return_to_supplier(number), company()
    products = products_by_id(each.line.product_id for each in lines)
    rows = []
    for each in lines:
        product = products[each.line.product_id]
        texts = [quantity_text(each.quantity_e4, product.unit), money(each.net_cents, own), money(each.tax_cents, own)]
        rows.append((product.name or product.sku, " · ".join(filter(None, [product.sku, each.line.lot_code])), texts))
    receipt = row.receipt.number
    document = Document(
        number=row.number, rows=rows,
        status=_("Taken back") if row.undone_log_id else _("Sent back"),
        tone="neutral" if row.undone_log_id else "info",
        facts=[
            (_("Supplier"), named(partners_by_id([row.supplier_id]).get(row.supplier_id))),
            *dated(_("Sent back on"), row.returned_on), *([(_("Why"), row.reason)] if row.reason else []),
        ],
        columns=[(_("Sent back"), "quantity"), (_("Net"), "money"), (_("Tax"), "money")],
        sums=[(_("Owed less by"), money(row.net_cents + row.tax_cents, own))],
        buttons=buttons(
            actor,
            (not row.undone_log_id, "purchases.send_back", "purchase_undo", [row.number], _("Take back"), "arrow-back-up", True),
        ),
        links=[(pgettext("goods", "Receipt"), [Link(href=reverse("purchase_receipt_page", args=[receipt]), label=receipt)])],
    )  # fmt: skip
    return show(request, actor, document, own, products)


@dataclass(frozen=True, slots=True)
class Row:
    """An open claim with its supplier and goods by name."""

    claim: OpenClaim
    supplier: Partner
    products: dict[int, Product]
    today: date
    # Why they went back, in the supplier's words.
    reasons: str

    @property
    def goods(self) -> str:
        return ", ".join(
            f"{self.products[pk].name or self.products[pk].sku} × {quantity_text(e4, self.products[pk].unit)}"
            for pk, e4 in self.claim.goods
        )

    @property
    def days(self) -> int:
        return max(0, (self.today - self.claim.since).days)


def open_rows(rma_id: int | None = None) -> list[Row]:
    """Read every open claim with names and reasons: a few statements whatever their number."""
    claims, today = claims_still_open(rma_id), clock.today(company().timezone)
    suppliers = partners_by_id(claim.supplier_id for claim in claims)
    products = products_by_id(pk for claim in claims for pk, _e4 in claim.goods)
    why, called = reasons_of(pk for claim in claims for pk in claim.pieces), called_by(suppliers)
    ours = words.reason_words() if claims else {}

    def said(claim: OpenClaim) -> str:
        own = dict.fromkeys(why[pk] for pk in claim.pieces if why.get(pk))
        return ", ".join(called.by(claim.supplier_id, each) or words.word(ours, each) for each in own)

    return [Row(claim, suppliers[claim.supplier_id], products, today, said(claim)) for claim in claims]


def find_claims(rows: Sequence[Row], text: str) -> Sequence[Row]:
    wanted = text.casefold()
    return [
        row
        for row in rows
        if wanted in f"{row.claim.number} {named(row.supplier)} {row.goods} {row.reasons}".casefold()
    ]


def claims_table(actor: Actor) -> Table[Row]:
    own, may = company(), actor.may("returns.vendor_credit")
    return Table[Row](
        name="claims",
        path="/purchases/claims/",
        title=gettext_lazy("Claims against suppliers"),
        rows=open_rows,
        search=find_claims,
        search_hint=gettext_lazy("Supplier, return, product"),
        row_id=lambda row: f"{row.claim.number}/{row.supplier.code}",
        currency=(own.currency, own.currency_digits),
        columns=(
            Column(
                key="supplier", label=gettext_lazy("Supplier"), value=lambda row: named(row.supplier), sort="supplier",
                link=(lambda row: reverse("claim_credit", args=[row.claim.number, row.supplier.code])) if may else None,
            ),
            Column(
                key="return", label=gettext_lazy("Return"), value=lambda row: row.claim.number, sort="return",
                link=lambda row: reverse("return_page", args=[row.claim.number]),
            ),
            Column(key="goods", label=gettext_lazy("Products"), value=lambda row: row.goods),
            Column(key="reasons", label=gettext_lazy("Their word for the reason"), value=lambda row: row.reasons),
            Column(key="value", label=gettext_lazy("Claimed, at cost"), kind="money", value=lambda row: row.claim.value_cents, sort="value"),
            Column(key="since", label=gettext_lazy("Since"), kind="day", value=lambda row: row.claim.since, sort="since"),
            Column(key="days", label=gettext_lazy("Days"), kind="number", value=lambda row: row.days, sort="days"),
        ),
        default_sort="since",
        empty=Empty(
            icon="truck-return",
            title=gettext_lazy("No supplier owes a credit"),
            explanation=gettext_lazy("Returned goods that go back to a supplier stand here until it credits them."),
        ),
    )  # fmt: skip


@page("purchases.view")
def claim_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List which supplier still owes what, since when; a supplier's name leads to its credit."""
    return claims_table(actor).respond(request, "desk/list.html", {"heading": _("Claims against suppliers")})


class Credit(Dated):
    """What the supplier's credit note says."""

    amount = AmountField(label=gettext_lazy("Credited, net"), required=True)
    tax = AmountField(label=gettext_lazy("Tax"))
    reference = TextLine(label=gettext_lazy("Their credit note"), most=60)
    field_order = ("key", "amount", "tax", "reference", "on")


@page("returns.vendor_credit")
def claim_credit(request: HttpRequest, actor: Actor, number: str, supplier: str) -> HttpResponseBase:
    """Book a supplier's credit for everything that it still owes for a return."""
    rma, own, supplier_id = loaded_return(number).row, company(), partner_ids([supplier]).get(supplier)
    if supplier_id is None:
        raise UnknownPartner(partner=supplier[:60])
    row = next((each for each in open_rows(rma.pk) if each.supplier.pk == supplier_id), None)
    claim = row.claim if row else None
    cost = claim.value_cents if claim else 0
    head = Credit(request.POST if request.method == "POST" else None, initial={"amount": cost})
    for name in ("amount", "tax"):
        head.fields[name].digits = own.currency_digits  # type: ignore[attr-defined]

    def run() -> Done:
        said = head.cleaned_data
        wanted = VendorCredit(
            document=rma.number, supplier=supplier, amount_cents=said["amount"], tax_cents=said["tax"] or 0,
            reference=said["reference"], on=said["on"],
        )  # fmt: skip
        return credit_from_vendor(wanted, actor=actor, key=said["key"])

    why = _("Reason: %(reasons)s.") % {"reasons": row.reasons} if row and row.reasons else ""
    told = Page(
        heading=_("Credit of %(supplier)s") % {"supplier": supplier}, submit=_("Book the credit"), icon="receipt-refund",
        lead=_("%(number)s: claimed at cost %(cost)s. A credit closes the claim: what falls short is a loss.")
        % {"number": rma.number, "cost": money(cost, own)} + (f" {why}" if why else ""),
        back=reverse("claim_list"),
        links=[(f"{reverse('claim_reasons')}?supplier={supplier}", _("Their reasons"))] if actor.may("returns.map_reasons") else (),
    )  # fmt: skip
    return answer(
        request, told, head, None, run,
        lambda done: (reverse("return_page", args=[done.document]), f"{done.document}: {_('credited.')}"),
    )  # fmt: skip
