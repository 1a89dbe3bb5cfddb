"""Assembly and taking apart: the list, a new one, one on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.queries import matching_products
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id, row_id
from backstock.core.permissions import Actor
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import AmountField, QuantityField, TextLine
from backstock.desk.figures import money_text
from backstock.desk.line_editor import LineEditor
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Table
from backstock.desk.warehouse.papers import (
    Entry,
    Goods,
    GoodsLineForm,
    Head,
    Paper,
    answer,
    codes_in,
    goods_of,
    show,
    warehouse_field,
)
from backstock.warehouse.commands.assemble import assemble
from backstock.warehouse.models import Assembly


@dataclass(frozen=True, slots=True)
class Row:
    """One assembly of the list."""

    head: Assembly
    item: str


def prepare(rows: Sequence[Assembly]) -> list[Row]:
    """Name the products of a page of assemblies at once."""
    goods = Goods((each.product_id, 0) for each in rows)
    return [Row(each, goods.summary([(each.product_id, each.quantity_e4)])) for each in rows]


def found(rows: QuerySet[Assembly], text: str) -> QuerySet[Assembly]:
    pk = document_id("B", text)
    return rows.filter(pk=pk) if pk else rows.filter(product_id__in=matching_products(text))


def way(row: Assembly) -> str:
    return _("Taken apart") if row.taken_apart else _("Assembled")


TABLE = Table[Row](
    name="assemblies",
    path="/stock/assemblies/",
    title=gettext_lazy("Assembly"),
    rows=lambda: Assembly.objects.select_related("warehouse"),
    prepare=prepare,
    search=found,
    search_hint=gettext_lazy("Number or product"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("assembly_page", args=[row.head.number]),
        ),
        Column(key="way", label=gettext_lazy("What was done"), value=lambda row: way(row.head)),
        Column(key="item", label=gettext_lazy("Product"), value=lambda row: row.item),
        Column(key="warehouse", label=gettext_lazy("Warehouse"), value=lambda row: str(row.head.warehouse)),
        Column(key="day", label=gettext_lazy("Day"), kind="day", value=lambda row: row.head.assembled_on, sort="assembled_on"),
    ),
    default_sort="-number",
    empty=Empty(
        icon="tool",
        title=gettext_lazy("Nothing was assembled yet"),
        explanation=gettext_lazy("Parts become a product that is worth what they cost, or a product becomes its parts again."),
    ),
)  # fmt: skip


@page("stock.view")
def assembly_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the assemblies."""
    table = TABLE
    if actor.may("stock.assemble"):
        new = Action(label=gettext_lazy("Assemble"), href=reverse("assembly_new"), icon="plus")
        table = replace(table, actions=(new,), empty=replace(table.empty, action=new))
    return table.respond(request, "desk/list.html", {"heading": _("Assembly")})


class AssemblyHead(Head):
    """What is made or taken apart."""

    way = forms.ChoiceField(
        label=gettext_lazy("What is done"),
        choices=[
            ("together", gettext_lazy("Parts become the product")),
            ("apart", gettext_lazy("The product is taken apart")),
        ],
    )
    warehouse = warehouse_field(gettext_lazy("Warehouse"))
    sku = TextLine(label=gettext_lazy("Product code"), most=60, required=True)
    quantity = QuantityField(label=gettext_lazy("Quantity"), required=True)
    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=2000)
    work = AmountField(label=gettext_lazy("Cost of the work"))
    note = TextLine(label=gettext_lazy("Note"))


@page("stock.view")
def assembly_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Enter an assembly."""
    may_or_refuse(actor, "stock.assemble")
    data = request.POST if request.method == "POST" else None
    head, editor = AssemblyHead(data), LineEditor(GoodsLineForm, data)

    def run() -> Any:
        said = head.cleaned_data
        raw = {name: said[name] for name in ("warehouse", "sku", "note")}
        raw |= {"quantity_e4": said["quantity"], "lot": said["lot"] or None, "serials": codes_in(said["serials"])}
        raw |= {"taken_apart": said["way"] == "apart", "work_cents": said["work"] or 0, "parts": goods_of(editor)}
        return assemble(assemble.parse(raw), actor=actor, key=said["key"])

    entry = Entry(
        heading=_("Assembly"), submit=_("Book"), back=reverse("assembly_list"), icon="tool",
        lead=_("Enter the parts for the whole quantity. Without parts they are taken as the last time, in proportion."),
    )  # fmt: skip
    return answer(request, entry, head, editor, run, lambda done: reverse("assembly_page", args=[done.document]))


@page("stock.view")
def assembly_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one assembly."""
    row = Assembly.objects.select_related("warehouse").filter(pk=row_id("B", number)).first()
    if row is None:
        raise UnknownDocument(document=number[:60])
    parts, own, sees = list(row.parts.order_by("pk")), company(), actor.may("ledgers.view")
    goods = Goods((product, 0) for product in (row.product_id, *(part.product_id for part in parts)))

    def money(cents: int) -> str:
        return money_text(cents, own.currency, own.currency_digits)

    rows = [
        (
            goods.name(part.product_id),
            goods.code(part.product_id),
            [
                (_("Quantity"), goods.quantity(part.product_id, part.quantity_e4)),
                *([(_("Value"), money(part.value_cents))] if sees else []),
            ],
        )
        for part in parts
    ]
    facts = [
        (_("Product"), f"{goods.name(row.product_id)} × {goods.quantity(row.product_id, row.quantity_e4)}"),
        (_("Warehouse"), str(row.warehouse)),
        (_("Day"), row.assembled_on.isoformat()),
        *([(_("Value"), money(row.value_cents)), (_("Cost of the work"), money(row.work_cents))] if sees else []),
    ]
    labels = [_("Quantity"), *([_("Value")] if sees else [])]
    paper = Paper(number=row.number, heading=way(row), facts=facts, labels=labels, rows=rows, note=row.note)
    return show(request, paper, sees)
