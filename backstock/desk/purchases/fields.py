"""Fields of purchases: who delivers, unit costs, tax rates in percent, serial numbers in one line."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from backstock.core.amounts import E6, MAX_PRICE_E6, decimal_text
from backstock.desk.fields import Keyed, ScaledField, TextLine, chosen
from backstock.partners.queries import supplier_meant, suppliers_in_use
from backstock.warehouse.queries import warehouses_in_use


class CostField(ScaledField):
    """A price per unit in 1/1,000,000."""

    digits, most = 6, MAX_PRICE_E6

    def prepare_value(self, value: Any) -> Any:
        return decimal_text(value, 6) if isinstance(value, int) else value


class PercentField(ScaledField):
    """A rate typed in percent: 13 is kept as 130000."""

    digits, most = 4, E6


class CodesField(forms.CharField):
    """Serial numbers in one line, apart by blanks or commas."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=10_000, required=False, **more)

    def to_python(self, value: Any) -> Any:
        return tuple(code for code in re.split(r"[\s,，;；]+", super().to_python(value) or "") if code)

    def clean(self, value: Any) -> Any:
        return self.to_python(value)


class SupplierField(TextLine):
    """A supplier by code or name; the browser offers those that are known."""

    def __init__(self, **more: Any) -> None:
        attrs = {"list": "suppliers", "autocomplete": "off", "data-lines-tell": "supplier"}
        super().__init__(most=200, required=True, widget=forms.TextInput(attrs=attrs), **more)

    def clean(self, value: Any) -> str:
        return supplier_meant(super().clean(value).strip())


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Make a field for a day, which may be left empty."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


class Dated(Keyed):
    """The business day of what is entered, today where nothing is said."""

    on = day_field(gettext_lazy("Business day"), help_text=gettext_lazy("Empty: today."))


class FromSupplier(Dated):
    """Who delivers what into which warehouse."""

    supplier = SupplierField(label=gettext_lazy("Supplier"), help_text=gettext_lazy("Code or name"))
    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)
    reference = TextLine(
        label=gettext_lazy("Reference"), most=60, help_text=gettext_lazy("Their order or delivery number")
    )
    field_order: Any = ("key", "supplier", "warehouse", "reference", "expected_on", "tolerance", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_warehouses(self.fields["warehouse"])
        self.suppliers = suppliers_in_use()


def offer_warehouses(field: Any, empty: Any = None) -> None:
    """Offer the warehouses in use; the first one is the usual one, unless an empty choice says what it means."""
    choices = [(each.code, str(each)) for each in warehouses_in_use()]
    field.choices = chosen(choices, empty) if empty else choices
