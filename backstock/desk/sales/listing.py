"""The list of sales: where a clerk starts when a customer calls."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Product
from backstock.catalog.queries import products_by_id
from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Action, Empty, Text
from backstock.desk.sales.bulk import bulk_for
from backstock.desk.sales.forms import today
from backstock.desk.sales.quotes import seller_names
from backstock.desk.tables import Column, Filter, Table
from backstock.sales.loading import LoadedSale
from backstock.sales.models import Sale
from backstock.sales.queries import all_sales, find_sales, progress_of, sales_with_lines, waiting_to_ship


@dataclass(frozen=True, slots=True)
class Row:
    """One sale of the list, with everything that its columns read."""

    sale: LoadedSale
    status: str
    products: dict[int, Product]
    seller: str = ""

    @property
    def head(self) -> Sale:
        return self.sale.row

    @property
    def customer(self) -> str:
        return self.head.customer.name or self.head.customer.code

    @property
    def items(self) -> str:
        lines = self.sale.ordered
        said = [f"{self.name(line.row.product_id)} × {quantity_text(line.row.quantity_e4)}" for line in lines[:2]]
        more = [_("%(count)s more") % {"count": len(lines) - 2}] if len(lines) > 2 else []
        return ", ".join([*said, *more])

    def name(self, product_id: int) -> str:
        return self.products[product_id].name or self.products[product_id].sku

    @property
    def total_cents(self) -> int:
        return sum(line.row.net_cents + line.row.tax_cents for line in self.sale.ordered) + self.head.shipping_cents


def prepare(rows: Sequence[Sale]) -> list[Row]:
    """Read the lines of a page of sales and their products, for all of them at once."""
    sales = sales_with_lines(rows)
    products = products_by_id({line.row.product_id for sale in sales for line in sale.lines})
    people = seller_names({row.salesperson_id for row in rows})
    return [Row(sale, progress_of(sale), products, people.get(sale.row.salesperson_id, "")) for sale in sales]


def in_state(rows: QuerySet[Sale], state: str) -> QuerySet[Sale]:
    """Narrow sales to what waits: for the warehouse, for money, overdue, or paid ahead."""
    if state == "to_ship":
        return rows.filter(pk__in=waiting_to_ship())
    if state == "overdue":
        return rows.filter(owed_cents__gt=0, due_on__lt=today())
    return rows.filter(owed_cents__lt=0) if state == "ahead" else rows.filter(owed_cents__gt=0)


class People(Sequence[tuple[str, Text]]):
    """Everybody who may have sold something, read when a list asks."""

    def _read(self) -> list[tuple[str, Text]]:
        return [(str(each.pk), str(each)) for each in User.objects.order_by("username")[:200]]

    def __iter__(self) -> Iterator[tuple[str, Text]]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, index: int) -> tuple[str, Text]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, Text]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self._read()[index]


TABLE = Table[Row](
    name="sales",
    path="/sales/",
    title=gettext_lazy("Sales"),
    rows=all_sales,
    prepare=prepare,
    search=find_sales,
    search_hint=gettext_lazy("Number, reference, customer, phone, product, serial"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("sale_page", args=[row.head.number]),
        ),
        Column(key="reference", label=gettext_lazy("Reference"), value=lambda row: row.head.reference),
        Column(
            key="status", label=gettext_lazy("State"), kind="badge", value=lambda row: words.word(words.SALE_STATUSES, row.status),
            tone=lambda row: words.tone(words.SALE_STATUSES, row.status),
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: row.customer, sort="customer__name"),
        Column(key="items", label=gettext_lazy("Products"), value=lambda row: row.items),
        Column(
            key="total", label=gettext_lazy("Total"), kind="money", value=lambda row: row.total_cents,
            currency=lambda row: (row.head.currency, row.head.currency_digits),
        ),
        Column(
            key="owed", label=gettext_lazy("Still owed"), kind="money", value=lambda row: row.head.owed_cents, sort="owed_cents",
            currency=lambda row: (row.head.currency, row.head.currency_digits),
        ),
        Column(key="ordered", label=gettext_lazy("Ordered on"), kind="day", value=lambda row: row.head.ordered_on, sort="ordered_on"),
        Column(key="seller", label=gettext_lazy("Salesperson"), value=lambda row: row.seller),
    ),
    filters=(
        Filter(
            key="waits", label=gettext_lazy("Waits for"), apply=in_state,
            choices=(
                ("to_ship", gettext_lazy("Shipping")), ("owed", gettext_lazy("Payment")), ("overdue", gettext_lazy("Overdue payment")),
                ("ahead", gettext_lazy("Goods: paid ahead")),
            ),
        ),
        Filter(
            key="channel", label=gettext_lazy("Channel"), choices=list(words.CHANNELS.items()),
            apply=lambda rows, value: rows.filter(channel=value),
        ),
        Filter(
            key="seller", label=gettext_lazy("Salesperson"), choices=People(),
            apply=lambda rows, value: rows.filter(salesperson_id=int(value)),
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="shopping-cart",
        title=gettext_lazy("No sales yet"),
        explanation=gettext_lazy("Returns are matched to the sale in which the goods left."),
        steps=(
            gettext_lazy("Import the orders of your shop or cash register, or send them by the API."),
            gettext_lazy("Then find the customer's order here and start a return from it."),
        ),
    ),
)  # fmt: skip


@page("sales.view")
def sale_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the sales."""
    new = [
        Action(label=label, href=reverse(name), icon=icon)
        for name, permission, label, icon in (
            ("till", "sales.sell", _("Till"), "scan"),
            ("order_new", "sales.sell", _("New order"), "plus"),
        )
        if actor.may(permission)
    ]
    table = replace(TABLE, bulk=bulk_for(actor))
    return table.respond(
        request, "desk/sales/list.html", {"heading": _("Sales"), "actions": new, "key": uuid.uuid4().hex}
    )
