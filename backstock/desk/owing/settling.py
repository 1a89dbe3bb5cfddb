"""Settle without money: debts and prepayments from before, both sides of a partner against each other, what names what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.amounts import E9
from backstock.core.commands import Done
from backstock.core.currencies import digits_of
from backstock.core.errors import InvalidAmount
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import AmountField, Keyed, ScaledField, TextLine, chosen
from backstock.desk.figures import money_text
from backstock.desk.owing.accounts import shown
from backstock.desk.owing.asking import data_of, day_field, href, partner_name
from backstock.owing.commands.open import OpenDebt, open_debt
from backstock.owing.commands.set_off import SIDES, SetOff, set_off
from backstock.owing.items import open_items
from backstock.owing.models import PartnerPayment
from backstock.owing.paying import Settle
from backstock.partners.models import Partner


class SetOffForm(Keyed):
    """How much of both sides falls away."""

    amount = AmountField(
        label=gettext_lazy("Amount"), help_text=gettext_lazy("Empty: as much as both sides have open.")
    )
    on = day_field(gettext_lazy("Day"), help_text=gettext_lazy("Empty: today."))


@page("owing.view")
def set_off_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """Set off what a partner owes us against what we owe them."""
    may_or_refuse(actor, "owing.set_off")
    own, partner = company(), get_object_or_404(Partner, code=code)

    def run(data: dict[str, Any]) -> Done:
        wanted = SetOff(partner=partner.code, amount_cents=data["amount"] or None, on=data["on"])
        return set_off(wanted, actor=actor, key=data["key"])

    theirs, ours = (money_text(open_of(own, partner, side), own.currency, own.currency_digits) for side in SIDES)
    facts = {"name": partner_name(partner), "theirs": theirs, "ours": ours}
    return shown(
        request, SetOffForm(data_of(request)), _("Set off"), run,
        lambda done: reverse("money_document", args=[done.document]),
        cancel=reverse("partner_statement", args=["receivable", partner.code]),
        lead=_("%(name)s owes us %(theirs)s, we owe %(ours)s. The oldest documents of both sides come first.") % facts,
    )  # fmt: skip


def open_of(own: Company, partner: Partner, side: str) -> int:
    """Return what is open on a side in our money."""
    found = open_items(own, side, [partner.pk])
    return sum(item.open_cents for item in found if item.currency == own.currency and item.open_cents > 0)


class OpeningForm(Keyed):
    """An open invoice from before, or money that was paid ahead then."""

    side = forms.ChoiceField(
        label=gettext_lazy("Who owes"),
        choices=[("receivable", gettext_lazy("A customer owes us")), ("payable", gettext_lazy("We owe a supplier"))],
    )
    partner = forms.ChoiceField(label=gettext_lazy("Partner"))
    amount = AmountField(label=gettext_lazy("Amount"), required=True)
    reference = TextLine(
        label=gettext_lazy("Reference"), most=60, help_text=gettext_lazy("The number of the old invoice.")
    )
    invoiced_on = day_field(gettext_lazy("Day of the invoice"), help_text=gettext_lazy("Empty: today."))
    due_on = day_field(gettext_lazy("Due on"), help_text=gettext_lazy("Empty: at once."))
    currency = TextLine(label=gettext_lazy("Currency"), most=3)
    rate = ScaledField(
        label=gettext_lazy("Rate"),
        digits=9,
        help_text=gettext_lazy("Only for a foreign currency: our money for one of it."),
    )
    prepayment = forms.BooleanField(
        label=gettext_lazy("It was paid ahead: they owe nothing, we hold their money (or they ours)"), required=False
    )

    def __init__(self, data: Any, own: Company, side: str, code: str) -> None:
        super().__init__(data)
        currency = str((data or {}).get("currency", "")).strip().upper() or own.currency
        digits = own.currency_digits if currency == own.currency else digits_of(currency)
        fields: dict[str, Any] = self.fields
        fields["amount"].digits, fields["side"].initial = digits, side
        fields["currency"].initial, fields["partner"].initial = own.currency, code
        partners = Partner.objects.filter(archived_at=None).order_by("code")[:1000]
        offered = [(each.code, f"{partner_name(each)} · {each.code}") for each in partners]
        fields["partner"].choices = chosen(offered, "–")

    def clean_currency(self) -> str:
        """Currencies are written in capitals."""
        return str(self.cleaned_data["currency"]).upper()


@page("owing.view")
def opening_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Bring in what was open before the first day here."""
    may_or_refuse(actor, "owing.open")

    def run(data: dict[str, Any]) -> Done:
        wanted = OpenDebt(
            side=data["side"], partner=data["partner"], reference=data["reference"], invoiced_on=data["invoiced_on"],
            due_on=data["due_on"], amount_cents=data["amount"], currency=data["currency"] or None,
            rate_e9=data["rate"] or E9, prepayment=data["prepayment"],
        )  # fmt: skip
        return open_debt(wanted, actor=actor, key=data["key"])

    side = "payable" if request.GET.get("side") == "payable" else "receivable"
    form = OpeningForm(data_of(request), company(), side, request.GET.get("partner", ""))
    return shown(
        request, form, _("Opening item"), run, lambda done: reverse("money_document", args=[done.document]),
        cancel=reverse(f"{side}_ages"),
        lead=_("Open invoices and prepayments from before the first day here; many at once come by import."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """An open document that a prepayment may settle, with what was ticked and typed."""

    number: str
    href: str
    reference: str
    due: str
    open: str
    picked: bool
    amount: str


def choices_for(row: PartnerPayment, own: Company, sent: Any) -> list[Choice]:
    """Offer the open documents of a payment's partner in its currency, the one that fell due first at the head."""
    found = [
        item
        for item in open_items(own, row.side, [row.partner_id])
        if item.open_cents > 0 and item.currency == row.currency
    ]
    picked = set(sent.getlist("pick")) if sent else set()
    return [
        Choice(
            item.number, href(item.number), item.reference, item.due_on.isoformat(),
            money_text(item.open_cents, item.currency, item.digits), item.number in picked,
            sent.get(f"amount_{item.number}", "") if sent else "",
        )
        for item in sorted(found, key=lambda item: (item.due_on, item.on, item.number))
    ]  # fmt: skip


def named(sent: Any, digits: int) -> Sequence[Settle]:
    """Read which documents were ticked or given an amount."""
    numbers = dict.fromkeys(sent.getlist("pick"))
    numbers |= {name[7:]: None for name in sent if name.startswith("amount_") and sent[name].strip()}
    return [
        Settle(document=number[:40], amount_cents=typed_amount(sent.get(f"amount_{number}", ""), digits) or None)
        for number in numbers
    ]


def typed_amount(text: str, digits: int) -> int:
    """Read an amount; raise InvalidAmount."""
    try:
        return AmountField(digits=digits).clean(text) or 0
    except forms.ValidationError:
        raise InvalidAmount(field="amount", amount=text[:30]) from None
