"""A new product, and the changes of one: its columns, units, barcodes, parts, prices and pictures in one form."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.commands.define import define_product
from backstock.catalog.commands.revise import revise_product
from backstock.catalog.models import Product
from backstock.catalog.prices import prices_on
from backstock.catalog.queries import parts_of
from backstock.catalog.usage import products_in_use
from backstock.core import clock
from backstock.core.amounts import E4, decimal_text
from backstock.core.permissions import Actor
from backstock.core.pictures import keep_picture
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.catalog.forms import BarcodeRow, ProductForm, UnitRow, initial_of
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.rows import Rows

MOST_PICTURES = 10


class Editing:
    """One product's form, as one request asked for it."""

    def __init__(self, request: HttpRequest, product: Product | None) -> None:
        self.request, self.product = request, product
        data = request.POST if request.method == "POST" else None
        # Read as they are: what the page showed is what the command compares with.
        today = clock.today(company().timezone)
        prices = prices_on([product.pk], None, today) if product else {}
        self.levels = {level: price for (_pk, level, unit), price in prices.items() if level and not unit}
        self.used = bool(product and products_in_use([product.pk]))
        initial = initial_of(product, self.levels) if product else {}
        self.form = ProductForm(data, product=product, fixed=self.used, initial=initial)
        self.units = Rows(UnitRow, "units", gettext_lazy("Other units"), data, self._units())
        self.barcodes = Rows(BarcodeRow, "barcodes", gettext_lazy("Barcodes"), data, self._barcodes())
        self.images = [each.content_hash for each in product.images.order_by("position")] if product else []
        self.may_be_kit = not self.used or bool(product and product.is_kit)
        self.parts = LineEditor(LineForm, data, self._parts(), rows=2)

    def _units(self) -> list[dict[str, Any]]:
        rows = self.product.units.order_by("pk") if self.product else []
        return [{"unit": row.unit, "ratio": decimal_text(E4 * row.numerator // row.denominator, 4)} for row in rows]

    def _barcodes(self) -> list[dict[str, Any]]:
        rows = self.product.barcodes.order_by("pk") if self.product else []
        return [{"code": row.code, "unit": row.unit} for row in rows]

    def _parts(self) -> list[dict[str, Any]]:
        parts = parts_of(self.product.pk) if self.product and self.product.is_kit else []
        return [{"sku": part.sku, "quantity": quantity_e4} for part, quantity_e4 in parts]

    @property
    def is_valid(self) -> bool:
        """Whether everything can become one command; each part is checked, so that all is told at once."""
        return all([self.form.is_valid(), self.units.is_valid, self.barcodes.is_valid, self.parts.is_valid])

    def asked(self) -> dict[str, Any]:
        """Return the input of the command."""
        kept = [name for name in self.images if name in self.request.POST.getlist("keep")]
        first = self.request.POST.get("first", "")
        fresh = [
            keep_picture(file.read(), file.name or "")
            for file in self.request.FILES.getlist("pictures")[:MOST_PICTURES]
        ]
        lists: dict[str, Any] = {
            "units": [self._ratio(row) for row in self.units.filled],
            "barcodes": [{"code": row["code"], "unit": row["unit"]} for row in self.barcodes.filled],
            "prices": self.form.level_prices(self.levels),
            "images": sorted([*kept, *fresh], key=lambda name: name != first),
        }
        parts = [line.cleaned_data for line in self.parts.filled]
        if self.may_be_kit:
            lists["kit"] = [{"sku": part["sku"], "quantity_e4": part["quantity"]} for part in parts]
        return self.form.columns() | lists

    def _ratio(self, row: dict[str, Any]) -> dict[str, Any]:
        """Keep a ratio that the form could only show rounded, such as a third."""
        for unit in self.product.units.all() if self.product else []:
            if unit.unit == row["unit"] and E4 * unit.numerator // unit.denominator == row["ratio"]:
                return {"unit": unit.unit, "numerator": unit.numerator, "denominator": unit.denominator}
        ratio = Fraction(row["ratio"], E4)
        return {"unit": row["unit"], "numerator": ratio.numerator, "denominator": ratio.denominator}

    def run(self, actor: Actor) -> str:
        """Define or revise the product; return its code."""
        asked, key = self.asked(), f"product-{self.form.cleaned_data['key']}"
        days = self.form.cleaned_data["shelf_life_days"]
        if self.product is None:
            wanted = {"sku": self.form.cleaned_data["sku"], "shelf_life_days": days, **asked}
            wanted["prices"] = [each for each in asked["prices"] if each["unit_price_e6"] is not None]
            return define_product(define_product.parse(wanted), actor=actor, key=key).document
        wanted = {"sku": self.product.sku, "shelf_life_days": days or 0, **asked}
        wanted["name"] = asked["name"] or self.product.sku
        return revise_product(revise_product.parse(wanted), actor=actor, key=key).document


def answer(request: HttpRequest, actor: Actor, product: Product | None) -> HttpResponseBase:
    """Show the form, or take it."""
    editing = Editing(request, product)
    context: dict[str, Any] = {"editing": editing, "product": product}
    status = 200
    if request.method == "POST":
        status = 200 if editing.units.wants_more or editing.barcodes.wants_more or editing.parts.wants_more else 422
        if editing.is_valid:
            try:
                sku = editing.run(actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, _("%(sku)s is saved.") % {"sku": sku})
                return redirect("product_page", Product.objects.get(sku=sku).pk)
    context["heading"] = _("New product") if product is None else product.name
    return render(request, "desk/catalog/form.html", context, status=status)


@page("catalog.define")
def product_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add a product."""
    return answer(request, actor, None)


@page("catalog.revise")
def product_edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Change a product."""
    return answer(request, actor, get_object_or_404(Product, pk=pk))
