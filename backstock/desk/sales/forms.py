"""What quotes, orders and the till ask for: their rows and their heads, and what both become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.amounts import MAX_PRICE_E6
from backstock.core.currencies import digits_of
from backstock.core.errors import DomainError
from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company
from backstock.desk.fields import AmountField, Keyed, ScaledField, TextLine, chosen
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.sales import wording
from backstock.partners.models import Partner
from backstock.partners.queries import addresses_of, customer_meant, matching_partners
from backstock.sales.orders import OrderDiscount, SellLine
from backstock.warehouse.queries import warehouses_in_use

MOST_CUSTOMERS = 300


class PriceField(ScaledField):
    """A price of one unit, kept in 1/1,000,000; empty is the price of the list."""

    digits = 6
    most = MAX_PRICE_E6

    def prepare_value(self, value: Any) -> Any:
        text = super().prepare_value(value)
        return text.rstrip("0").rstrip(".") if isinstance(value, int) and "." in str(text) else text

    def wrong(self) -> str:
        return _("Enter a price such as 99.90.")


class DayField(forms.DateField):
    """A day, chosen from the calendar of the browser."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("required", False)
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class CustomerField(forms.CharField):
    """A customer as a clerk knows one: by code, phone or name; several that fit are named."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": "customers", "autocomplete": "off", "data-lines-tell": "customer"})
        super().__init__(label=gettext_lazy("Customer"), max_length=200, widget=widget, **more)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text or Partner.objects.filter(code=text).exists():
            return text
        found = list(Partner.objects.filter(pk__in=matching_partners(text, 6), is_customer=True, archived_at=None))
        if len(found) == 1:
            return found[0].code
        if not found:
            raise forms.ValidationError(
                _("No customer fits “%(text)s”. Check the spelling, or register the customer first.") % {"text": text}
            )
        several = ", ".join(f"{each.code} {each.name}".strip() for each in found[:5])
        raise forms.ValidationError(_("Several fit: %(several)s. Enter the code.") % {"several": several})


class OrderLine(LineForm):
    """One row of a quote or an order."""

    unit = TextLine(label=gettext_lazy("Unit"), most=20)
    price = PriceField(label=gettext_lazy("Price"))
    discount = AmountField(label=gettext_lazy("Discount"))
    gift = forms.BooleanField(label=gettext_lazy("Gift"), required=False)

    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        discount: Any = self.fields["discount"]
        discount.digits = digits

    def wanted(self) -> SellLine:
        """Return the row as the command takes it."""
        data = self.cleaned_data
        return SellLine(
            sku=data["sku"], quantity_e4=data["quantity"], unit=data["unit"] or None, unit_price_e6=data["price"],
            discount_cents=data["discount"] or 0, gift=data["gift"],
        )  # fmt: skip


class TermsForm(Keyed):
    """What is asked once for a whole quote or order."""

    customer = CustomerField()
    reference = TextLine(
        label=gettext_lazy("Reference"),
        most=60,
        help_text=gettext_lazy("The number the customer or the shop knows it by."),
    )
    salesperson = forms.ChoiceField(label=gettext_lazy("Salesperson"), required=False)
    warehouse = forms.ChoiceField(label=gettext_lazy("Ships from"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=list(words.CHANNELS.items()), required=False)
    order_discount = AmountField(label=gettext_lazy("Discount on the order"))
    threshold = AmountField(label=gettext_lazy("Discount for a reached amount"))
    threshold_from = AmountField(label=gettext_lazy("Reached amount"))
    coupon = AmountField(label=gettext_lazy("Coupon"))
    coupon_code = TextLine(label=gettext_lazy("Code of the coupon"), most=60)
    shipping = AmountField(label=gettext_lazy("Shipping fee"))
    currency = TextLine(label=gettext_lazy("Currency"), most=3)
    rate = ScaledField(
        label=gettext_lazy("Rate"), digits=9, help_text=gettext_lazy("Our currency for one of the customer's.")
    )
    amounts = ("order_discount", "threshold", "threshold_from", "coupon", "shipping")
    main: Sequence[str] = ("customer", "reference", "salesperson", "warehouse", "channel")
    money = ("order_discount", "threshold", "threshold_from", "coupon", "coupon_code", "shipping")
    rare: Sequence[str] = ("currency", "rate")

    def __init__(self, data: Any = None, *, actor: Actor, digits: int = 2, **more: Any) -> None:
        super().__init__(data, **more)
        fields: dict[str, Any] = self.fields
        people = list(User.objects.filter(is_active=True).order_by("username")[:500])
        fields["salesperson"].choices = chosen([(each.username, str(each)) for each in people], gettext_lazy("Nobody"))
        fields["salesperson"].initial = actor.name
        houses = warehouses_in_use()
        fields["warehouse"].choices = [(each.code, str(each)) for each in houses]
        if len(houses) < 2:
            del fields["warehouse"]
        for name in self.amounts:
            fields[name].digits = digits

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that every document needs."""
        return [self[name] for name in self.main if name in self.fields]

    @property
    def money_fields(self) -> list[forms.BoundField]:
        """Discounts and fees."""
        return [self[name] for name in self.money]

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        """What few documents need."""
        return [self[name] for name in self.rare if name in self.fields]

    @property
    def has_rare(self) -> bool:
        """Whether something of what few documents need was typed or is wrong."""
        return any(field.value() or field.errors for field in self.rare_fields)

    def clean_currency(self) -> str:
        """Accept small letters too."""
        return str(self.cleaned_data["currency"]).upper()

    def terms(self) -> dict[str, Any]:
        """Return the head as commands take it."""
        data = self.cleaned_data
        discounts = []
        if data["threshold"]:
            discounts.append(
                OrderDiscount(kind="threshold", amount_cents=data["threshold"], from_cents=data["threshold_from"] or 0)
            )
        if data["coupon"]:
            discounts.append(OrderDiscount(kind="coupon", code=data["coupon_code"], amount_cents=data["coupon"]))
        found = {
            "customer": data["customer"], "reference": data["reference"], "salesperson": data["salesperson"],
            "warehouse": data.get("warehouse") or None, "channel": data["channel"] or "shop",
            "order_discount_cents": data["order_discount"] or 0, "discounts": tuple(discounts),
            "shipping_cents": data["shipping"] or 0, "currency": data["currency"] or None,
        }  # fmt: skip
        return found | ({"rate_e9": data["rate"]} if data["rate"] else {})


class QuoteForm(TermsForm):
    """The head of a quote."""

    valid_until = DayField(label=gettext_lazy("Good until"))
    main = ("customer", "valid_until", "reference", "salesperson", "warehouse", "channel")


class OrderForm(TermsForm):
    """The head of an order."""

    promised_on = DayField(label=gettext_lazy("Promised for"))
    payment_days = forms.IntegerField(
        label=gettext_lazy("Days to pay"), required=False, min_value=0, max_value=3650,
        help_text=gettext_lazy("Empty: as agreed with the customer."),
    )  # fmt: skip
    address = forms.IntegerField(label=gettext_lazy("Ship to"), required=False, widget=forms.Select)
    main = ("customer", "address", "promised_on", "reference", "salesperson", "warehouse", "channel")
    rare = ("payment_days", "currency", "rate")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        widget: Any = self.fields["address"].widget
        widget.choices = address_choices(str(self["customer"].value() or ""))
        widget.attrs["data-addresses"] = reverse_lazy("order_addresses")


def address_choices(customer: str) -> list[tuple[str, str]]:
    """List the addresses of the customer that was typed, the default first."""
    partner_id = customer_meant(customer.strip()[:200]) if customer.strip() else 0
    found = [(str(each.pk), wording.address_text(each)) for each in addresses_of(partner_id)] if partner_id else []
    return found or [("", _("As on file for the customer"))]


def digits_typed(data: Mapping[str, Any] | None) -> int:
    """Return the decimals of the currency that a form was sent with; of the company's own where none or a wrong one was."""
    own, typed = company(), str((data or {}).get("currency", "")).strip().upper()
    if not typed or typed == own.currency:
        return own.currency_digits
    try:
        return digits_of(typed)
    except DomainError:
        return own.currency_digits


def customers_offered() -> list[Partner]:
    """Return the customers that a form offers while typing; others are found by what was typed."""
    return list(Partner.objects.filter(is_customer=True, archived_at=None).order_by("code")[:MOST_CUSTOMERS])


def wanted_lines(editor: LineEditor) -> tuple[SellLine, ...]:
    """Return the rows of an editor as commands take them."""
    return tuple(form.wanted() for form in editor.filled if isinstance(form, OrderLine))


def today() -> Any:
    """Return the company's day."""
    return clock.today(company().timezone)
