"""What lies where: one row per product, one column per warehouse, with graded goods, quarantine, repair and transit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.parts import Empty
from backstock.desk.tables import Column, Filter, Table
from backstock.stock.holdings import Holding, holdings_of, products_in_stock
from backstock.stock.reserving import reserved_goods
from backstock.warehouse.models import Warehouse
from backstock.warehouse.queries import warehouses_in_use

MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One product and what there is of it, in one warehouse or in all."""

    product: Product
    held: Holding
    # Of what is for sale: what waits for exchanges.
    reserved_e4: int = 0

    def quantity(self, kind: str) -> int | None:
        return self.held.of_kind(kind) or None


def columns_for(warehouses: Sequence[Warehouse], chosen: int | None, sees_value: bool) -> list[Column[Row]]:
    """List the columns: those of each warehouse where no one was chosen, then the states of goods."""

    def at(pk: int) -> Column[Row]:
        name = next(str(each) for each in warehouses if each.pk == pk)
        return Column(key=f"w{pk}", label=name, kind="quantity", value=lambda row: row.held.sellable_in(pk) or None)

    def state(kind: str, label: str) -> Column[Row]:
        return Column(key=kind, label=label, kind="quantity", value=lambda row: row.quantity(kind))

    shown = [each.pk for each in warehouses] if chosen is None and 1 < len(warehouses) <= MOST_COLUMNS else []
    found: list[Column[Row]] = [
        Column(key="sku", label=gettext_lazy("Product code"), value=lambda row: row.product.sku, sort="sku"),
        Column(key="name", label=gettext_lazy("Product"), value=lambda row: row.product.name, sort="name"),
        Column(key="category", label=gettext_lazy("Category"), value=lambda row: row.product.category, sort="category"),
        *(at(pk) for pk in shown),
        Column(
            key="sellable", label=gettext_lazy("For sale"), kind="quantity", unit=lambda row: row.product.unit,
            value=lambda row: row.held.of_kind("sellable"),
        ),
        Column(
            key="reserved", label=gettext_lazy("Of these reserved for exchanges"), kind="quantity",
            value=lambda row: row.reserved_e4 or None,
        ),
        state("graded", _("Graded")),
        state("quarantine", _("Quarantine")),
        state("repair", _("In repair")),
        *([state("transit", _("On the way"))] if chosen is None else []),
    ]  # fmt: skip
    if sees_value:
        found.append(
            Column(key="value", label=gettext_lazy("Value"), kind="money", value=lambda row: row.held.value_cents)
        )
    return found


def narrowed(rows: QuerySet[Product], value: str, warehouse_id: int | None) -> QuerySet[Product]:
    there = products_in_stock(warehouse_id)
    return rows.filter(pk__in=there) if value == "yes" else rows.exclude(pk__in=there)


def found(rows: QuerySet[Product], text: str) -> QuerySet[Product]:
    return rows.filter(Q(sku__istartswith=text) | Q(name__icontains=text))


NOTHING = Empty(
    icon="packages",
    title=gettext_lazy("No goods yet"),
    explanation=gettext_lazy("Goods appear here as soon as a delivery is booked in."),
)


def prepared(rows: Sequence[Product], chosen: int | None) -> list[Row]:
    """Read what there is of a page of products, and how many of it wait: a few statements whatever their number."""
    held = holdings_of((each.pk for each in rows), chosen)
    reserved: dict[int, int] = defaultdict(int)
    for (pk, warehouse_id), quantity_e4 in reserved_goods(each.pk for each in rows).items():
        reserved[pk] += quantity_e4 if chosen in (None, warehouse_id) else 0
    return [Row(each, held[each.pk], reserved[each.pk]) for each in rows]


@page("stock.view")
def stock_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what lies where."""
    warehouses, own, sees = warehouses_in_use(), company(), actor.may("ledgers.view")
    asked = request.GET.get("warehouse", "")
    chosen = next((each.pk for each in warehouses if each.code == asked), None)

    table = Table[Row](
        name="stock",
        path="/stock/",
        title=gettext_lazy("Stock"),
        rows=lambda: Product.objects.filter(is_kit=False),
        prepare=lambda rows: prepared(rows, chosen),
        search=found,
        search_hint=gettext_lazy("Code or name"),
        row_id=lambda row: row.product.sku,
        columns=columns_for(warehouses, chosen, sees),
        filters=(
            Filter(
                key="warehouse",
                label=gettext_lazy("Warehouse"),
                choices=[(each.code, str(each)) for each in warehouses],
                apply=lambda rows, value: rows,
            ),
            Filter(
                key="there",
                label=gettext_lazy("In stock"),
                choices=[("yes", gettext_lazy("There is some")), ("no", gettext_lazy("There is none"))],
                apply=lambda rows, value: narrowed(rows, value, chosen),
            ),
        ),
        default_sort="sku",
        currency=(own.currency, own.currency_digits),
        empty=NOTHING,
    )
    return table.respond(request, "desk/list.html", {"heading": _("Stock")})
