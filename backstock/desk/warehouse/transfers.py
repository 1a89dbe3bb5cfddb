"""Transfers between warehouses: the list, a new one, one on its page, and what arrives."""

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
from backstock.desk.access import may_or_refuse, page
from backstock.desk.fields import TextLine
from backstock.desk.line_editor import LineEditor
from backstock.desk.parts import Action, Empty, Text
from backstock.desk.tables import Column, Filter, Table
from backstock.desk.warehouse.papers import (
    Entry,
    Goods,
    GoodsLineForm,
    Head,
    Paper,
    answer,
    goods_of,
    show,
    warehouse_field,
)
from backstock.warehouse.commands.transfer import transfer_stock
from backstock.warehouse.models import StockTransfer, TransferLine


@dataclass(frozen=True, slots=True)
class Row:
    """One transfer of the list."""

    head: StockTransfer
    items: str
    on_the_way_e4: int


def prepare(rows: Sequence[StockTransfer]) -> list[Row]:
    """Read the lines of a page of transfers at once."""
    lines: dict[int, list[TransferLine]] = {each.pk: [] for each in rows}
    for line in TransferLine.objects.filter(transfer_id__in=lines).order_by("pk"):
        lines[line.transfer_id].append(line)
    goods = Goods((line.product_id, 0) for each in lines.values() for line in each)
    return [
        Row(
            each,
            goods.summary([(line.product_id, line.quantity_e4) for line in lines[each.pk]]),
            sum(line.on_the_way_e4 for line in lines[each.pk]),
        )
        for each in rows
    ]


def found(rows: QuerySet[StockTransfer], text: str) -> QuerySet[StockTransfer]:
    pk = document_id("T", text)
    return rows.filter(pk=pk) if pk else rows.filter(lines__product_id__in=matching_products(text)).distinct()


def narrowed(rows: QuerySet[StockTransfer], value: str) -> QuerySet[StockTransfer]:
    open_lines = TransferLine.objects.still_on_the_way().values("transfer_id")
    return rows.filter(pk__in=open_lines) if value == "open" else rows.exclude(pk__in=open_lines)


TABLE = Table[Row](
    name="transfers",
    path="/stock/transfers/",
    title=gettext_lazy("Transfers"),
    rows=lambda: StockTransfer.objects.select_related("source", "target"),
    prepare=prepare,
    search=found,
    search_hint=gettext_lazy("Number or product"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("transfer_page", args=[row.head.number]),
        ),
        Column(
            key="status", label=gettext_lazy("State"), kind="badge",
            value=lambda row: _("On the way") if row.on_the_way_e4 else _("Finished"),
            tone=lambda row: "warning" if row.on_the_way_e4 else "good",
        ),
        Column(key="source", label=gettext_lazy("From warehouse"), value=lambda row: str(row.head.source)),
        Column(key="target", label=gettext_lazy("To warehouse"), value=lambda row: str(row.head.target)),
        Column(key="items", label=gettext_lazy("Products"), value=lambda row: row.items),
        Column(key="way", label=gettext_lazy("Still on the way"), kind="quantity", value=lambda row: row.on_the_way_e4 or None),
        Column(key="sent", label=gettext_lazy("Sent on"), kind="day", value=lambda row: row.head.sent_on, sort="sent_on"),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), apply=narrowed,
            choices=[("open", gettext_lazy("On the way")), ("done", gettext_lazy("Finished"))],
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="truck",
        title=gettext_lazy("No transfers yet"),
        explanation=gettext_lazy("Goods that go from one warehouse to another, at once or with days on the road."),
    ),
)  # fmt: skip


@page("stock.view")
def transfer_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the transfers."""
    table = TABLE
    if actor.may("stock.transfer"):
        new = Action(label=gettext_lazy("New transfer"), href=reverse("transfer_new"), icon="plus")
        table = replace(table, actions=(new,), empty=replace(table.empty, action=new))
    return table.respond(request, "desk/list.html", {"heading": _("Transfers")})


class TransferHead(Head):
    """From where to where, and whether the goods are on the road meanwhile."""

    source = warehouse_field(gettext_lazy("From warehouse"))
    target = warehouse_field(gettext_lazy("To warehouse"))
    note = TextLine(label=gettext_lazy("Note"))
    in_two_steps = forms.BooleanField(
        label=gettext_lazy("The goods travel: they arrive later and are confirmed there"), required=False
    )


@page("stock.view")
def transfer_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Enter a transfer."""
    may_or_refuse(actor, "stock.transfer")
    data = request.POST if request.method == "POST" else None
    head, editor = TransferHead(data), LineEditor(GoodsLineForm, data)

    def run() -> Any:
        said = head.cleaned_data
        raw = {name: said[name] for name in ("source", "target", "note", "in_two_steps")}
        return transfer_stock(transfer_stock.parse({**raw, "lines": goods_of(editor)}), actor=actor, key=said["key"])

    entry = Entry(
        heading=_("New transfer"), submit=_("Book"), back=reverse("transfer_list"), icon="truck",
        lead=_("Of lots that are not named the first to expire goes first."),
    )  # fmt: skip
    return answer(request, entry, head, editor, run, lambda done: reverse("transfer_page", args=[done.document]))


def loaded(number: str) -> tuple[StockTransfer, list[TransferLine]]:
    """Return a transfer with its lines; raise UnknownDocument."""
    row = StockTransfer.objects.select_related("source", "target").filter(pk=row_id("T", number)).first()
    if row is None:
        raise UnknownDocument(document=number[:60])
    return row, list(row.lines.order_by("pk"))


def figures(line: TransferLine, goods: Goods, labels: Sequence[str]) -> list[tuple[Text, str]]:
    """Write how far a line is, under the labels of its columns."""
    counters = (line.quantity_e4, line.arrived_e4, line.returned_e4, line.lost_e4, line.on_the_way_e4)
    return [
        (label, goods.quantity(line.product_id, counter) if counter else "")
        for label, counter in zip(labels, counters, strict=True)
    ]


@page("stock.view")
def transfer_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one transfer."""
    row, lines = loaded(number)
    goods = Goods((line.product_id, line.lot_id) for line in lines)
    labels = (_("Sent"), _("Arrived"), _("Came back"), _("Lost"), _("Still on the way"))
    rows = [
        (
            goods.name(line.product_id),
            goods.code(line.product_id, line.lot_id, line.grade),
            figures(line, goods, labels),
        )
        for line in lines
    ]
    open_e4 = sum(line.on_the_way_e4 for line in lines)
    arrive = Action(
        label=_("Confirm arrival"), href=reverse("transfer_arrive", args=[row.number]), icon="package-import"
    )
    paper = Paper(
        number=row.number,
        heading=_("Transfer"),
        status=_("On the way") if open_e4 else _("Finished"),
        tone="warning" if open_e4 else "good",
        facts=(
            (_("From warehouse"), str(row.source)),
            (_("To warehouse"), str(row.target)),
            (_("Sent on"), row.sent_on.isoformat()),
        ),
        labels=labels,
        rows=rows,
        note=row.note,
        actions=(arrive,) if open_e4 and actor.may("stock.arrive") else (),
    )
    return show(request, paper, actor.may("ledgers.view"))
