"""What a product's form asks for, and what it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.catalog.models import PriceLevel, Product
from backstock.catalog.tree import price_levels, tax_classes
from backstock.core.amounts import E6
from backstock.desk.catalog.listing import TRACKING, category_choices, language
from backstock.desk.fields import Keyed, QuantityField, ScaledField, TextLine, chosen
from backstock.desk.rows import RowForm
from backstock.desk.sales.forms import PriceField

E4_PERCENT_MOST = E6
# What stock is counted in: shown, and closed once anything counts in it.
FIXED = ("unit", "unit_decimals", "tracking")


class UnitRow(RowForm):
    """Another unit, so many of the base unit."""

    unit = TextLine(label=gettext_lazy("Unit"), most=20)
    ratio = QuantityField(label=gettext_lazy("Base units in it"))

    def clean(self) -> None:
        """Ask for the ratio of a unit."""
        if not self.is_blank and not self.cleaned_data.get("ratio") and "ratio" not in self.errors:
            self.add_error("ratio", gettext_lazy("How many base units are in one?"))


class BarcodeRow(RowForm):
    """A barcode and the unit on whose label it stands."""

    code = TextLine(label=gettext_lazy("Barcode"), most=60)
    unit = TextLine(label=gettext_lazy("Unit (empty: base unit)"), most=20)


class ProductForm(Keyed):
    """A product's own columns, and a price for each level."""

    sku = TextLine(label=pgettext_lazy("product", "Code"), most=60, required=True)
    name = TextLine(label=pgettext_lazy("product", "Name"))
    spec = TextLine(label=gettext_lazy("Spec"))
    brand = TextLine(label=gettext_lazy("Brand"), most=60)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    unit = TextLine(label=gettext_lazy("Base unit"), most=20, required=True, initial="件")
    unit_decimals = forms.TypedChoiceField(
        label=gettext_lazy("Decimals of a quantity"), coerce=int, choices=[(n, str(n)) for n in range(5)], initial=0
    )
    price = PriceField(label=gettext_lazy("Price"))
    tax_class = forms.ChoiceField(label=gettext_lazy("Tax class"), required=False)
    tax_rate = ScaledField(
        label=gettext_lazy("Own tax rate %"), help_text=gettext_lazy("Empty: the rate of its class.")
    )
    tracking = forms.ChoiceField(label=gettext_lazy("Tracking"), choices=list(TRACKING.items()))
    shelf_life_days = forms.IntegerField(
        label=gettext_lazy("Shelf life in days"), required=False, min_value=1, max_value=36_500
    )
    returnable = forms.BooleanField(label=gettext_lazy("Customers may return it"), required=False, initial=True)

    def __init__(self, data: Any = None, *, product: Product | None = None, fixed: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        empty = gettext_lazy("None")
        categories = category_choices()
        if product and product.category and product.category not in dict(categories):
            categories.append((product.category, product.category))
        classes = [(row.code, row.called(language())) for row in tax_classes()]
        self._choose("category", chosen(categories, empty))
        self._choose("tax_class", chosen(classes, empty))
        self.fields["tax_rate"].most = E4_PERCENT_MOST  # type: ignore[attr-defined]
        self.levels: list[PriceLevel] = price_levels()
        for level in self.levels:
            self.fields[f"level-{level.code}"] = PriceField(label=level.called(language()))
        if product:
            del self.fields["sku"]
        for name in FIXED if fixed else ():
            self.fields[name].disabled = True

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def own(self) -> list[Any]:
        """Return the fields that are shown before the prices."""
        return [each for each in self.visible_fields() if not each.name.startswith("level-")]

    @property
    def level_fields(self) -> list[Any]:
        """Return the field of each level's price."""
        return [each for each in self.visible_fields() if each.name.startswith("level-")]

    def columns(self) -> dict[str, Any]:
        """Return the product's own columns as the command takes them."""
        data = self.cleaned_data
        same = ("name", "spec", "brand", "category", "unit", "unit_decimals", "tax_class", "tracking", "returnable")
        found: dict[str, Any] = {name: data[name] for name in same}
        found |= {"price_e6": data["price"] or 0, "tax_rate_e6": data["tax_rate"]}
        if not data["tax_class"] and data["tax_rate"] is None:
            found["tax_rate_e6"] = 0
        return found

    def level_prices(self, before: dict[str, int]) -> list[dict[str, Any]]:
        """Return the prices of levels that are not what they were."""
        found = []
        for level in self.levels:
            price = self.cleaned_data[f"level-{level.code}"]
            if price != before.get(level.code):
                found.append({"level": level.code, "unit_price_e6": price})
        return found


def initial_of(product: Product, level_prices: dict[str, int]) -> dict[str, Any]:
    """Return what a product's form shows at first."""
    same = ("name", "spec", "brand", "category", "unit", "unit_decimals", "tax_class", "tracking", "returnable")
    found: dict[str, Any] = {name: getattr(product, name) for name in (*same, "shelf_life_days")}
    found["price"] = product.price_e6
    if product.has_own_tax_rate:
        found["tax_rate"] = product.tax_rate_e6
    return found | {f"level-{code}": price for code, price in level_prices.items()}
