"""The list of products: found by code, barcode, name, spec or brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from backstock.catalog.models import Product
from backstock.catalog.queries import brands_in_use, find_products
from backstock.catalog.tree import category_names, category_tree, codes_inside
from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.desk.access import page
from backstock.desk.parts import Action, Empty, Text
from backstock.desk.tables import Column, Filter, Table
from backstock.stock.queries import on_shelf

TRACKING: Mapping[str, Text] = {
    "none": gettext_lazy("not tracked"),
    "lot": gettext_lazy("by lot"),
    "serial": gettext_lazy("by serial number"),
}


def language() -> str:
    return get_language() or "zh-hans"


def price_text(price_e6: int | None) -> str:
    return "" if price_e6 is None else decimal_text(price_e6, 6)


@dataclass(frozen=True, slots=True)
class Row:
    """One product of the list, with what its columns read."""

    product: Product
    category: str
    on_shelf_e4: int

    @property
    def archived(self) -> bool:
        return self.product.archived_at is not None


def prepare(rows: Sequence[Product]) -> list[Row]:
    """Read stock and names of categories for a page of products at once."""
    there = on_shelf(product.pk for product in rows)
    names = category_names({product.category for product in rows}, language())
    return [Row(product, names.get(product.category, ""), there.get(product.pk, 0)) for product in rows]


def category_choices() -> list[tuple[str, str]]:
    """Offer the categories, each one further in than what it lies in."""
    return [(node.row.code, f"{'　' * node.depth}{node.row.called(language())}") for node in category_tree()]


def in_category(rows: QuerySet[Product], code: str) -> QuerySet[Product]:
    return rows.filter(category__in=codes_inside(code))


def in_state(rows: QuerySet[Product], state: str) -> QuerySet[Product]:
    return rows.filter(archived_at__isnull=state == "active")


COLUMNS: Sequence[Column[Row]] = (
    Column(
        key="sku", label=pgettext_lazy("product", "Code"), value=lambda row: row.product.sku, sort="sku",
        link=lambda row: reverse("product_page", args=[row.product.pk]),
    ),
    Column(
        key="name", label=pgettext_lazy("product", "Name"), value=lambda row: row.product.name, sort="name",
        link=lambda row: reverse("product_page", args=[row.product.pk]),
    ),
    Column(key="spec", label=gettext_lazy("Spec"), value=lambda row: row.product.spec),
    Column(key="brand", label=gettext_lazy("Brand"), value=lambda row: row.product.brand, sort="brand"),
    Column(key="category", label=gettext_lazy("Category"), value=lambda row: row.category, sort="category"),
    Column(key="price", label=gettext_lazy("Price"), value=lambda row: price_text(row.product.price_e6), sort="price_e6"),
    Column(
        key="stock", label=gettext_lazy("On the shelf"), kind="quantity", value=lambda row: row.on_shelf_e4,
        unit=lambda row: row.product.unit,
    ),
    Column(key="tracking", label=gettext_lazy("Tracking"), value=lambda row: str(TRACKING[row.product.tracking])),
    Column(
        key="state", label=gettext_lazy("State"), kind="badge",
        value=lambda row: _("archived") if row.archived else _("in use"),
        tone=lambda row: "neutral" if row.archived else "good",
    ),
)  # fmt: skip


def filters() -> list[Filter]:
    """Describe what the list is narrowed by; only what there is to choose from."""
    brands = [(brand, brand) for brand in brands_in_use()]
    states = [("active", _("in use")), ("archived", _("archived"))]
    found = [
        Filter(key="category", label=_("Category"), choices=category_choices(), apply=in_category),
        Filter(key="brand", label=_("Brand"), choices=brands, apply=lambda rows, value: rows.filter(brand=value)),
        Filter(
            key="tracking",
            label=_("Tracking"),
            choices=[*TRACKING.items()],
            apply=lambda rows, value: rows.filter(tracking=value),
        ),
        Filter(key="state", label=_("State"), choices=states, apply=in_state),
    ]
    return [each for each in found if each.choices]


def table(actor: Actor) -> Table[Row]:
    """Describe the list with the categories and brands there are now."""
    new = Action(label=_("New product"), href=reverse("product_new"), icon="plus")
    action = new if actor.may("catalog.define") else None
    return Table[Row](
        name="products",
        title=_("Products"),
        rows=lambda: Product.objects.order_by("sku"),
        prepare=prepare,
        search=find_products,
        search_hint=_("Code, barcode, name, spec, brand"),
        row_id=lambda row: row.product.sku,
        columns=COLUMNS,
        filters=filters(),
        actions=[action] if action else [],
        default_sort="sku",
        empty=Empty(
            icon="package",
            title=_("No products yet"),
            explanation=_("Everything that is bought, stocked and sold is a product."),
            steps=(_("Add the first one here, or import your list."),),
            action=action,
        ),
    )


@page("catalog.view")
def product_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the products."""
    context: dict[str, Any] = {"heading": _("Products")}
    return table(actor).respond(request, "desk/list.html", context)
