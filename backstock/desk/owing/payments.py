"""Receipts from customers and payments to suppliers: the lists, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.amounts import E9
from backstock.core.commands import Done
from backstock.core.currencies import digits_of
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import AmountField, Keyed, ScaledField, TextLine, chosen
from backstock.desk.figures import money_text
from backstock.desk.owing.asking import account_choices, booked, data_of, day_field, href, partner_name, submitted
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Table
from backstock.owing.commands.receive import PayMoney, ReceiveMoney, pay_money, receive_money
from backstock.owing.items import OpenItem, open_items
from backstock.owing.models import PartnerPayment
from backstock.owing.paying import Settle, What
from backstock.owing.queries import PaymentFigures, find_payments, payment_figures, payments
from backstock.partners.models import Partner
from backstock.partners.queries import matching_partners
from backstock.sales.orders import Tender

LINES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One receipt or payment of a list."""

    payment: PartnerPayment
    figures: PaymentFigures

    @property
    def state(self) -> str:
        if self.payment.undone_log_id:
            return _("Taken back")
        return _("Partly open") if self.figures.rest_cents else _("Settled")

    @property
    def currency(self) -> tuple[str, int]:
        return self.payment.currency, self.payment.currency_digits


def prepare(rows: Sequence[PartnerPayment]) -> list[Row]:
    """Read the sums of a page of payments at once."""
    sums = payment_figures(row.pk for row in rows)
    return [Row(row, sums.get(row.pk, PaymentFigures())) for row in rows]


def table(side: str) -> Table[Row]:
    """Describe the list of receipts or of payments."""
    new = (
        ("/money/receipts/new/", _("Receive money"))
        if side == "receivable"
        else ("/money/payments/new/", _("Pay a supplier"))
    )
    return Table[Row](
        name="receipts" if side == "receivable" else "payments",
        title=gettext_lazy("Money received") if side == "receivable" else gettext_lazy("Money paid"),
        rows=lambda: payments(side),
        prepare=prepare,
        search=find_payments,
        search_hint=gettext_lazy("Number, reference, partner"),
        row_id=lambda row: row.payment.number,
        columns=(
            Column(key="number", label=gettext_lazy("Number"), value=lambda row: row.payment.number, sort="pk", link=lambda row: href(row.payment.number)),
            Column(key="on", label=gettext_lazy("Day"), kind="day", value=lambda row: row.payment.paid_on, sort="paid_on"),
            Column(key="partner", label=gettext_lazy("Partner"), value=lambda row: partner_name(row.payment.partner), sort="partner__name"),
            Column(key="reference", label=gettext_lazy("Reference"), value=lambda row: row.payment.reference),
            Column(key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: row.state),
            Column(key="amount", label=gettext_lazy("Amount"), kind="money", value=lambda row: row.figures.amount_cents, currency=lambda row: row.currency),
            Column(key="rest", label=gettext_lazy("Paid ahead"), kind="money", value=lambda row: row.figures.rest_cents, currency=lambda row: row.currency),
        ),
        default_sort="-number",
        actions=(Action(label=new[1], href=new[0], icon="plus"),),
        empty=Empty(
            icon="cash", title=gettext_lazy("No money booked yet"),
            explanation=gettext_lazy("Money that settles several documents at once, or comes ahead of them, is booked here."),
        ),
    )  # fmt: skip


@page("owing.view")
def receipts(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the receipts."""
    return table("receivable").respond(request, "desk/list.html", {"heading": _("Money received")})


@page("owing.view")
def payments_made(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the payments."""
    return table("payable").respond(request, "desk/list.html", {"heading": _("Money paid")})


class PaymentForm(Keyed):
    """Money by account, a discount, and how much settles which document; without amounts the oldest come first."""

    on = day_field(gettext_lazy("Day"), help_text=gettext_lazy("Empty: today."))
    reference = TextLine(label=gettext_lazy("Reference"), most=60)
    memo = TextLine(label=gettext_lazy("Note"), most=200)
    ahead = forms.BooleanField(label=gettext_lazy("Settle nothing now: keep it as paid ahead"), required=False)

    def __init__(self, data: Any, own: Company, side: str, items: Sequence[OpenItem], currency: str) -> None:
        super().__init__(data)
        self.own, self.side, self.items, self.currency = own, side, items, currency
        self.digits = own.currency_digits if currency == own.currency else digits_of(currency)
        accounts = account_choices(own, with_balance=side == "payable")
        if side == "receivable":
            accounts.append(("store_credit", words.word(words.TENDERS, "store_credit")))
        for n in range(LINES):
            label = _("Till or bank account") if n == 0 else _("Till or bank account %(n)s") % {"n": n + 1}
            choices = accounts if n == 0 else chosen(accounts, "–")
            self.fields[f"tender{n}"] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.fields[f"amount{n}"] = AmountField(label=_("Amount"), digits=self.digits)
        self.fields["discount"] = AmountField(label=_("Discount"), digits=self.digits)
        if currency != own.currency:
            label = _("Rate: %(own)s for one %(currency)s") % {"own": own.currency, "currency": currency}
            rate = items[0].rate_e9 if items else E9
            self.fields["rate"] = ScaledField(label=label, digits=9, initial=rate)
        for item in items:
            self.fields[f"settle_{item.number}"] = AmountField(label=item.number, digits=self.digits)

    @property
    def money_lines(self) -> list[tuple[Any, Any]]:
        return [(self[f"tender{n}"], self[f"amount{n}"]) for n in range(LINES)]

    @property
    def open_lines(self) -> list[tuple[OpenItem, str, str, Any]]:
        return [
            (item, href(item.number), money_text(item.open_cents, item.currency, item.digits), self[f"settle_{item.number}"])
            for item in self.items
        ]  # fmt: skip

    def values(self, partner: Partner) -> dict[str, Any]:
        """Say what the command is told."""
        data = self.cleaned_data
        lines = tuple(
            Tender(tender=data[f"tender{n}"], amount_cents=data[f"amount{n}"])
            for n in range(LINES)
            if data.get(f"amount{n}")
        )
        named = tuple(
            Settle(document=item.number, amount_cents=cents)
            for item in self.items
            if (cents := data.get(f"settle_{item.number}"))
        )
        what: What = "none" if data["ahead"] else named or "oldest"
        return {
            "partner": partner.code, "on": data["on"], "lines": lines, "discount_cents": data["discount"] or 0,
            "settles": what, "currency": self.currency, "rate_e9": data.get("rate") or E9,
            "reference": data["reference"], "memo": data["memo"],
        }  # fmt: skip


@page("owing.view")
def receipt_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Take a customer's money."""
    may_or_refuse(actor, "owing.receive")
    return _new(request, actor, "receivable")


@page("owing.view")
def payment_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Pay a supplier."""
    may_or_refuse(actor, "owing.pay")
    return _new(request, actor, "payable")


def _new(request: HttpRequest, actor: Actor, side: str) -> HttpResponseBase:
    code = request.GET.get("partner", "")
    heading = _("Receive money") if side == "receivable" else _("Pay a supplier")
    if not code:
        return find_partner(request, side, heading)
    own, partner = company(), get_object_or_404(Partner, code=code)
    currency = request.GET.get("currency", "") or own.currency
    every = [item for item in open_items(own, side, [partner.pk]) if item.open_cents > 0]
    items = sorted((i for i in every if i.currency == currency), key=lambda i: (i.due_on, i.on, i.number))
    form = PaymentForm(data_of(request), own, side, items, currency)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":

        def run(data: dict[str, Any]) -> Done:
            values = form.values(partner)
            if side == "receivable":
                return receive_money(ReceiveMoney(**values), actor=actor, key=data["key"])
            return pay_money(PayMoney(**values), actor=actor, key=data["key"])

        done, context, status = submitted(form, run)
        if done:
            messages.success(request, booked(done.document))
            return redirect("money_document", done.document)
    owed = sum(item.open_cents for item in items)
    context |= {
        "heading": heading, "form": form, "partner": partner, "name": partner_name(partner), "side": side,
        "currency": currency, "owed": money_text(owed, currency, form.digits),
        "others": sorted({item.currency for item in every} - {currency}),
    }  # fmt: skip
    return render(request, "desk/owing/payment_form.html", context, status=status)


def find_partner(request: HttpRequest, side: str, heading: str) -> HttpResponseBase:
    """Ask whose money it is; who owes something stands first."""
    text = request.GET.get("q", "").strip()[:100]
    kind = {"is_customer": True} if side == "receivable" else {"is_supplier": True}
    if text and Partner.objects.filter(**kind, code=text, archived_at=None).exists():
        return redirect(f"{request.path}?{urlencode({'partner': text})}")
    if text:
        found = list(Partner.objects.filter(pk__in=matching_partners(text, 20), archived_at=None))
    else:
        found = list(Partner.objects.filter(**kind, archived_at=None).order_by("code")[:20])
    return render(request, "desk/owing/find.html", {"heading": heading, "text": text, "found": found})
