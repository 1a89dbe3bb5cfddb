"""Stock value at the end of any day: by product, category or warehouse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.catalog.models import Product
from backstock.core.amounts import E4, half_up
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.parts import Empty
from backstock.desk.reports.asking import Asked, Choice, asked
from backstock.desk.reports.choices import all_products, category_choice, kind_choice, scope_of, warehouse_choice
from backstock.desk.tables import Column, Kind, Table
from backstock.stock.figures import Held, Scope, balances, by_warehouse
from backstock.warehouse.queries import warehouse_names

CHARTED = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a product, category or place holds; `key` is empty for all of them."""

    label: str
    name: str = ""
    unit: str = ""
    key: str = ""
    products: int = 1
    held: Held

    @property
    def unit_cost_cents(self) -> int | None:
        return half_up(self.held.value_cents * E4, self.held.quantity_e4) if self.held.quantity_e4 > 0 else None


def cells(want: Asked, scope: Scope, products: Mapping[int, Product]) -> list[tuple[Product, str, int, Held]]:
    """Return what every product of the category holds per kind of stock and warehouse of the scope."""
    category = want.chosen["category"]
    return [
        (products[pk], kind, house, held)
        for pk, places in balances(want.last, want.known).items()
        if pk in products and (not category or products[pk].category == category)
        for (kind, house), held in by_warehouse(places).items()
        if kind in scope.kinds and scope.warehouse_id in (0, house) and any(held)
    ]


def rows_of(want: Asked) -> list[Row]:
    """Add the cells up by what was asked for."""
    by = want.chosen["by"]
    names = warehouse_names() if by == "warehouse" else {}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    who: dict[str, set[int]] = defaultdict(set)
    heads: dict[str, tuple[str, str, str]] = {}
    for product, kind, house, held in cells(want, scope_of(want), all_products()):
        if by == "product":
            key, head = product.sku, (product.sku, product.name, product.unit)
        elif by == "category":
            key, head = product.category, (product.category or _("No category"), "", "")
        else:
            key, head = f"{house}-{kind}", (names.get(house) or _("No warehouse"), words.word(words.PLACES, kind), "")
        heads[key] = head
        sums[key][0] += held.quantity_e4
        sums[key][1] += held.value_cents
        who[key].add(product.pk)
    return [
        Row(label=label, name=name, unit=unit, key=key, products=len(who[key]), held=Held(*sums[key]))
        for key, (label, name, unit) in sorted(heads.items())
    ]


def totals(rows: Sequence[Row]) -> Row:
    """Add all rows up."""
    held = Held(sum(row.held.quantity_e4 for row in rows), sum(row.held.value_cents for row in rows))
    return Row(label=_("Total"), products=0, held=held)


def link_of(want: Asked, row: Row) -> str:
    """Lead from a product to its card, from a category or place to its products."""
    by = want.chosen["by"]
    if not row.key:
        return ""
    if by == "product":
        days = {"from_": want.last.replace(month=1, day=1), "to": want.last}
        filters = {key: want.chosen[key] for key in ("warehouse", "kind")}
        return want.days_href(reverse("report_card"), **{**days, "product": row.key, **filters})
    if by == "category":
        return want.href(by="", category=row.key)
    house, kind = row.key.split("-")
    return want.href(by="", warehouse=house if house != "0" else "", kind=kind)


def columns(want: Asked, sees_values: bool) -> list[Column[Row]]:
    """Describe the columns."""
    by = want.chosen["by"]
    label = {"product": _("Product"), "category": _("Category"), "warehouse": _("Warehouse")}[by]
    name = _("Name") if by == "product" else _("Kind of stock")

    def held(key: str, label: str, value: Callable[[Row], int | None], kind: Kind) -> Column[Row]:
        return Column(key=key, label=label, kind=kind, value=value, sort=key)

    shown: list[Column[Row]] = [
        Column(key="label", label=label, value=lambda row: row.label, sort="label", link=lambda row: link_of(want, row))
    ]
    if by != "category":
        shown.append(Column(key="name", label=name, value=lambda row: row.name, sort="name"))
    if by == "product":
        shown.append(Column(key="unit", label=_("Unit"), value=lambda row: row.unit))
    else:
        shown.append(held("products", _("Products"), lambda row: row.products or None, "number"))
    shown.append(held("quantity", _("Quantity"), lambda row: row.held.quantity_e4, "quantity"))
    if sees_values and by == "product":
        shown.append(held("cost", _("Unit cost"), lambda row: row.unit_cost_cents if row.key else None, "money"))
    return [*shown, held("value", _("Value"), lambda row: row.held.value_cents, "money")] if sees_values else shown


def chart_of(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Draw the largest values, the largest on top."""
    largest = sorted(rows, key=lambda row: -row.held.value_cents)[:CHARTED]
    if len(largest) < 2:
        return None
    largest.reverse()
    return {
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [f"{row.label} {row.name}".strip()[:24] for row in largest]},
        "series": [{"name": _("Value"), "type": "bar", "data": [row.held.value_cents for row in largest]}],
    }


@page("books.view", "stock.view")
def report_value(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what the stock is worth."""
    by = Choice("by", _("By"), [("product", _("Product")), ("category", _("Category")), ("warehouse", _("Warehouse"))])
    want = asked(request, (by, warehouse_choice(), kind_choice(), category_choice()), one_day=True)
    rows, sees_values, title = rows_of(want), actor.may("books.view"), _("Stock value by date")
    table = Table[Row](
        name="stock-value", path=request.path, title=title, rows=lambda: rows, columns=columns(want, sees_values),
        row_id=lambda row: row.key, page_size=50, currency=want.currency, kept=want.kept, totals=totals,
        search=lambda found, text: [row for row in found if text.lower() in f"{row.label} {row.name}".lower()],
        search_hint=_("Product"),
        empty=Empty(icon="packages", title=_("No stock on that day"), explanation=_("Choose a later day, or fewer filters.")),
    )  # fmt: skip
    context = {
        "heading": title, "asked": want, "chart": chart_of(rows) if sees_values else None, "chart_kind": "money",
        "chart_label": _("Value at the end of the day"),
        "explained": _("What lay there at the end of the day, and what it was worth. Warehouses share a product's value by quantity."),
    }  # fmt: skip
    return table.respond(request, "desk/reports/report.html", context)
