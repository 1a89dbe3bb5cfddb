"""A new customer or supplier, and the changes of one."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.catalog.tree import price_levels
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.catalog.listing import language
from backstock.desk.fields import AmountField, Keyed, TextLine, chosen
from backstock.desk.rows import RowForm, Rows
from backstock.partners.commands.register import register_partner
from backstock.partners.commands.revise import revise_partner
from backstock.partners.models import Partner
from backstock.partners.queries import addresses_of, contacts_of

TEXTS = (
    "name",
    "phone",
    "email",
    "address",
    "tax_number",
    "level",
    "notes",
    "bank_holder",
    "bank_name",
    "bank_account",
)


class ContactRow(RowForm):
    """Somebody who answers for the partner."""

    name = TextLine(label=pgettext_lazy("partner", "Name"), most=100)
    role = TextLine(label=gettext_lazy("Position held"), most=60)
    phone = TextLine(label=gettext_lazy("Phone"), most=40)
    email = TextLine(label=gettext_lazy("E-mail"))
    is_default = forms.BooleanField(label=gettext_lazy("First choice"))


class AddressRow(RowForm):
    """Where the partner's goods go."""

    text = TextLine(label=gettext_lazy("Address"), most=400)
    label = TextLine(label=gettext_lazy("Label"), most=60)
    recipient = TextLine(label=gettext_lazy("Recipient"), most=100)
    phone = TextLine(label=gettext_lazy("Phone"), most=40)
    is_default = forms.BooleanField(label=gettext_lazy("First choice"))


class PartnerForm(Keyed):
    """A partner's own columns."""

    code = TextLine(label=pgettext_lazy("partner", "Code"), most=60, required=True)
    name = TextLine(label=pgettext_lazy("partner", "Name"))
    is_customer = forms.BooleanField(label=gettext_lazy("Customer"), required=False)
    is_supplier = forms.BooleanField(label=gettext_lazy("Supplier"), required=False)
    phone = TextLine(label=gettext_lazy("Phone"), most=40)
    email = TextLine(label=gettext_lazy("E-mail"))
    address = TextLine(label=gettext_lazy("Registered address"), most=1000)
    tax_number = TextLine(label=gettext_lazy("Tax number"), most=40)
    level = forms.ChoiceField(label=gettext_lazy("Price level"), required=False)
    credit_limit = AmountField(
        label=gettext_lazy("Credit limit"), help_text=gettext_lazy("Empty: no limit. 0: nothing on account.")
    )
    payment_days = forms.IntegerField(label=gettext_lazy("Days to pay"), required=False, min_value=0, max_value=3650)
    bank_holder = TextLine(label=gettext_lazy("Account holder"), most=100)
    bank_name = TextLine(label=gettext_lazy("Bank and branch"), most=100)
    bank_account = TextLine(label=gettext_lazy("Account number"), most=40)
    notes = forms.CharField(
        label=gettext_lazy("Notes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, partner: Partner | None = None, digits: int = 2, **more: Any) -> None:
        super().__init__(data, **more)
        levels = [(row.code, row.called(language())) for row in price_levels()]
        if partner and partner.level and partner.level not in dict(levels):
            levels.append((partner.level, partner.level))
        cast(forms.ChoiceField, self.fields["level"]).choices = chosen(levels, gettext_lazy("None"))
        self.fields["credit_limit"].digits = digits  # type: ignore[attr-defined]
        if partner:
            del self.fields["code"]

    def clean(self) -> None:
        """A partner is a customer, a supplier, or both."""
        if not self.cleaned_data.get("is_customer") and not self.cleaned_data.get("is_supplier"):
            self.add_error("is_customer", _("Customer, supplier, or both?"))

    def asked(self) -> dict[str, Any]:
        """Return what both commands take."""
        data = self.cleaned_data
        found = {name: data[name] for name in (*TEXTS, "is_customer", "is_supplier")}
        return found | {"payment_days": data["payment_days"] or 0, "credit_limit_cents": data["credit_limit"]}


class Editing:
    """One partner's form, as one request asked for it."""

    def __init__(self, request: HttpRequest, partner: Partner | None) -> None:
        self.partner = partner
        data = request.POST if request.method == "POST" else None
        initial: dict[str, Any] = {"is_customer": "customers" in request.GET, "is_supplier": "suppliers" in request.GET}
        contacts: list[dict[str, Any]] = []
        addresses: list[dict[str, Any]] = []
        if partner:
            initial = {name: getattr(partner, name) for name in (*TEXTS, "is_customer", "is_supplier", "payment_days")}
            initial["credit_limit"] = partner.credit_limit_cents
            contacts = [
                {name: getattr(each, name) for name in ContactRow.base_fields} for each in contacts_of(partner.pk)
            ]
            addresses = [
                {name: getattr(each, name) for name in AddressRow.base_fields} for each in addresses_of(partner.pk)
            ]
        self.form = PartnerForm(data, partner=partner, digits=company().currency_digits, initial=initial)
        self.contacts = Rows(ContactRow, "contacts", gettext_lazy("Contacts"), data, contacts)
        self.addresses = Rows(AddressRow, "addresses", gettext_lazy("Delivery addresses"), data, addresses)

    @property
    def wants_more(self) -> bool:
        return self.contacts.wants_more or self.addresses.wants_more

    @property
    def is_valid(self) -> bool:
        """Whether everything can become one command; each part is checked, so that all is told at once."""
        return all([self.form.is_valid(), self.contacts.is_valid, self.addresses.is_valid])

    def run(self, actor: Actor) -> str:
        """Register or revise the partner; return the code."""
        asked = self.form.asked() | {"contacts": self.contacts.filled, "addresses": self.addresses.filled}
        key = f"partner-{self.form.cleaned_data['key']}"
        if self.partner is None:
            wanted = register_partner.parse({"code": self.form.cleaned_data["code"], **asked})
            return register_partner(wanted, actor=actor, key=key).document
        if asked["credit_limit_cents"] is None:
            asked["credit_limit_cents"] = -1
        return revise_partner(revise_partner.parse({"code": self.partner.code, **asked}), actor=actor, key=key).document


def answer(request: HttpRequest, actor: Actor, partner: Partner | None) -> HttpResponseBase:
    """Show the form, or take it."""
    editing = Editing(request, partner)
    cancel = reverse("partner_page", args=[partner.pk]) if partner else reverse("customer_list")
    context: dict[str, Any] = {"editing": editing, "partner": partner, "cancel": cancel}
    status = 200
    if request.method == "POST":
        status = 200 if editing.wants_more else 422
        if editing.is_valid:
            try:
                code = editing.run(actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("%(code)s is saved.") % {"code": code})
                return redirect("partner_page", Partner.objects.get(code=code).pk)
    context["heading"] = _("New partner") if partner is None else str(partner)
    return render(request, "desk/partners/form.html", context, status=status)


@page("partners.register")
def partner_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Register a customer or supplier."""
    return answer(request, actor, None)


@page("partners.revise")
def partner_edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Change a customer or supplier."""
    return answer(request, actor, get_object_or_404(Partner, pk=pk))
