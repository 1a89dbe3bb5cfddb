"""The documents behind a figure of gross profit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from backstock.books.profit import Earned, Entries, Fact
from backstock.catalog.queries import products_by_id
from backstock.core.permissions import Actor
from backstock.desk.access import page
from backstock.desk.parts import Empty
from backstock.desk.reports.asking import asked
from backstock.desk.reports.choices import partner_names, person_names
from backstock.desk.reports.links import document_href
from backstock.desk.reports.profit import figure_columns
from backstock.desk.tables import Column, Table

DIMENSIONS = ("product", "customer", "salesperson")


@dataclass(frozen=True, slots=True)
class Row:
    """What one document added, with names."""

    fact: Fact
    product: str
    customer: str
    salesperson: str


def prepare(facts: Sequence[Fact]) -> list[Row]:
    """Name what a page of facts is about."""
    products = products_by_id({fact.product_id for fact in facts})
    customers = partner_names({fact.customer_id for fact in facts})
    people = person_names({fact.salesperson_id for fact in facts})
    return [
        Row(
            fact, f"{products[fact.product_id].sku} {products[fact.product_id].name}".strip(),
            customers.get(fact.customer_id, ""), people.get(fact.salesperson_id, ""),
        )
        for fact in facts
    ]  # fmt: skip


def _figures(row: Row) -> Earned:
    return row.fact.earned


def columns() -> list[Column[Row]]:
    """Describe the columns."""
    return [
        Column(key="day", label=_("Day"), kind="day", value=lambda row: row.fact.on),
        Column(
            key="document", label=_("Document"), value=lambda row: row.fact.document,
            link=lambda row: document_href(row.fact.document),
        ),
        Column(key="product", label=_("Product"), value=lambda row: row.product),
        Column(key="customer", label=_("Customer"), value=lambda row: row.customer),
        Column(key="salesperson", label=_("Salesperson"), value=lambda row: row.salesperson),
        Column(key="quantity", label=_("Quantity"), kind="quantity", value=lambda row: row.fact.earned.quantity_e4),
        *figure_columns(_figures, sorts=False),
    ]  # fmt: skip


@page("books.view")
def report_earned(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the documents behind a figure."""
    want = asked(request, more=DIMENSIONS)
    where = {name: int(value) for name, value in want.more.items() if value.isascii() and value.isdigit()}
    facts: Any = Entries(want.first, want.last, where, want.known)
    title = _("Documents behind gross profit")
    table = Table[Row](
        name="earned", path=request.path, title=title, rows=lambda: facts, prepare=prepare, columns=columns(),
        row_id=lambda row: row.fact.document, page_size=50, currency=want.currency, kept=want.kept,
        empty=Empty(icon="chart-bar", title=_("Nothing was billed"), explanation=_("Choose another period, or fewer filters.")),
    )  # fmt: skip
    explained = _(
        "Each document with what it added: billed and its cost on a sale, credited and taken back on a return."
    )
    return table.respond(request, "desk/reports/report.html", {"heading": title, "asked": want, "explained": explained})
