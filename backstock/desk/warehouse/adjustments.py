"""Adjustments: goods that are missing or too much, with the reason (报损、报溢)."""

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
from backstock.core.amounts import MAX_PRICE_E6
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id, row_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import ScaledField, TextLine
from backstock.desk.figures import money_text
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
from backstock.warehouse.commands.adjust import adjust_stock
from backstock.warehouse.models import AdjustmentLine, StockAdjustment

REASONS: dict[str, Text] = {
    "broken": gettext_lazy("Broken"),
    "expired": gettext_lazy("Expired"),
    "missing": gettext_lazy("Missing"),
    "own_use": gettext_lazy("Used by ourselves"),
    "sample": gettext_lazy("Sample given away"),
    "found": gettext_lazy("Found"),
    "gift": gettext_lazy("Gift of the supplier"),
    "opening": gettext_lazy("Stock at the start"),
    "count": gettext_lazy("Counted"),
    "other": gettext_lazy("Other reason"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One adjustment of the list."""

    head: StockAdjustment
    items: str
    value_cents: int


def prepare(rows: Sequence[StockAdjustment]) -> list[Row]:
    """Read the lines of a page of adjustments at once."""
    lines: dict[int, list[AdjustmentLine]] = {each.pk: [] for each in rows}
    for line in AdjustmentLine.objects.filter(adjustment_id__in=lines).order_by("pk"):
        lines[line.adjustment_id].append(line)
    goods = Goods((line.product_id, 0) for each in lines.values() for line in each)
    return [
        Row(
            each,
            goods.summary([(line.product_id, line.quantity_e4) for line in lines[each.pk]]),
            sum(line.value_cents for line in lines[each.pk]),
        )
        for each in rows
    ]


def found(rows: QuerySet[StockAdjustment], text: str) -> QuerySet[StockAdjustment]:
    pk = document_id("A", text)
    return rows.filter(pk=pk) if pk else rows.filter(lines__product_id__in=matching_products(text)).distinct()


VALUE = Column[Row](key="value", label=gettext_lazy("Value"), kind="money", value=lambda row: row.value_cents)
TABLE = Table[Row](
    name="adjustments",
    path="/stock/adjustments/",
    title=gettext_lazy("Adjustments"),
    rows=lambda: StockAdjustment.objects.select_related("warehouse"),
    prepare=prepare,
    search=found,
    search_hint=gettext_lazy("Number or product"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("adjustment_page", args=[row.head.number]),
        ),
        Column(key="reason", label=gettext_lazy("Reason"), value=lambda row: words.word(REASONS, row.head.reason), sort="reason"),
        Column(key="warehouse", label=gettext_lazy("Warehouse"), value=lambda row: str(row.head.warehouse)),
        Column(key="items", label=gettext_lazy("Products"), value=lambda row: row.items),
        Column(key="day", label=gettext_lazy("Day"), kind="day", value=lambda row: row.head.adjusted_on, sort="adjusted_on"),
    ),
    filters=(
        Filter(
            key="reason", label=gettext_lazy("Reason"), choices=[*REASONS.items()],
            apply=lambda rows, value: rows.filter(reason=value),
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="adjustments",
        title=gettext_lazy("No adjustments yet"),
        explanation=gettext_lazy("Goods that broke, went missing, were used or turned up: the books follow what is really there."),
    ),
)  # fmt: skip


@page("stock.view")
def adjustment_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the adjustments."""
    own = company()
    columns = (*TABLE.columns, VALUE) if actor.may("ledgers.view") else TABLE.columns
    table = replace(TABLE, columns=columns, currency=(own.currency, own.currency_digits))
    if actor.may("stock.adjust"):
        new = Action(label=gettext_lazy("New adjustment"), href=reverse("adjustment_new"), icon="plus")
        table = replace(table, actions=(new,), empty=replace(table.empty, action=new))
    return table.respond(request, "desk/list.html", {"heading": _("Adjustments")})


class UnitCostField(ScaledField):
    """A cost per base unit."""

    digits = 6
    most = MAX_PRICE_E6


class AdjustRow(GoodsLineForm):
    """A row with the cost of goods that have none yet."""

    cost = UnitCostField(label=gettext_lazy("Unit cost"))


class AdjustHead(Head):
    """Where, in which direction and why."""

    warehouse = warehouse_field(gettext_lazy("Warehouse"))
    way = forms.ChoiceField(
        label=gettext_lazy("What is there"),
        choices=[
            ("less", gettext_lazy("Less than in the books: take out")),
            ("more", gettext_lazy("More than in the books: add")),
        ],
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[*REASONS.items()])
    note = TextLine(label=gettext_lazy("Note"))


def lines_of(editor: LineEditor, sign: int) -> list[dict[str, Any]]:
    """Return the rows as signed lines of the command, with their cost where goods come in."""
    lines = goods_of(editor)
    for line, form in zip(lines, editor.filled, strict=True):
        line["quantity_e4"] *= sign
        if sign > 0:
            line["unit_cost_e6"] = form.cleaned_data.get("cost")
    return lines


@page("stock.view")
def adjustment_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Enter an adjustment."""
    may_or_refuse(actor, "stock.adjust")
    data = request.POST if request.method == "POST" else None
    head, editor = AdjustHead(data), LineEditor(AdjustRow, data)

    def run() -> Any:
        said = head.cleaned_data
        raw = {name: said[name] for name in ("warehouse", "reason", "note")}
        lines = lines_of(editor, 1 if said["way"] == "more" else -1)
        return adjust_stock(adjust_stock.parse({**raw, "lines": lines}), actor=actor, key=said["key"])

    entry = Entry(
        heading=_("New adjustment"), submit=_("Book"), back=reverse("adjustment_list"), icon="adjustments",
        lead=_("A unit cost is only needed for goods that come in and have no cost yet; else today's average counts."),
    )  # fmt: skip
    return answer(request, entry, head, editor, run, lambda done: reverse("adjustment_page", args=[done.document]))


@page("stock.view")
def adjustment_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one adjustment."""
    row = StockAdjustment.objects.select_related("warehouse").filter(pk=row_id("A", number)).first()
    if row is None:
        raise UnknownDocument(document=number[:60])
    lines, own, sees = list(row.lines.order_by("pk")), company(), actor.may("ledgers.view")
    goods = Goods((line.product_id, line.lot_id) for line in lines)
    labels = [_("Quantity"), *([_("Value")] if sees else [])]
    rows = [
        (
            goods.name(line.product_id),
            goods.code(line.product_id, line.lot_id, line.grade),
            [
                (_("Quantity"), goods.quantity(line.product_id, line.quantity_e4)),
                *([(_("Value"), money_text(line.value_cents, own.currency, own.currency_digits))] if sees else []),
            ],
        )
        for line in lines
    ]
    facts = (
        (_("Warehouse"), str(row.warehouse)),
        (_("Day"), row.adjusted_on.isoformat()),
        (_("Reason"), words.word(REASONS, row.reason)),
    )
    paper = Paper(number=row.number, heading=_("Adjustment"), facts=facts, labels=labels, rows=rows, note=row.note)
    return show(request, paper, sees)
