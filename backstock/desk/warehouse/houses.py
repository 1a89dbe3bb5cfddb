"""Warehouses with their shelves: the list, a new one, shelves and homes of products, and putting one away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk.access import may_or_refuse, page
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Table
from backstock.desk.warehouse.papers import Entry, Head, answer, codes_in, warehouse_field
from backstock.stock.holdings import pieces_in_warehouses
from backstock.warehouse.commands.arrange_shelves import arrange_shelves
from backstock.warehouse.commands.open import archive_warehouse, open_warehouse
from backstock.warehouse.models import Warehouse


@dataclass(frozen=True, slots=True)
class Row:
    """One warehouse of the list."""

    head: Warehouse
    pieces_e4: int
    shelves: int


def prepare(rows: Sequence[Warehouse]) -> list[Row]:
    """Count pieces and shelves of a page of warehouses at once."""
    pieces = pieces_in_warehouses(each.pk for each in rows)
    counted = Warehouse.objects.filter(pk__in=[each.pk for each in rows]).annotate(
        n=Count("shelves", filter=Q(shelves__archived_at=None))
    )
    shelves = dict(counted.values_list("pk", "n"))
    return [Row(each, pieces.get(each.pk, 0), shelves.get(each.pk, 0)) for each in rows]


TABLE = Table[Row](
    name="warehouses",
    path="/stock/warehouses/",
    title=gettext_lazy("Warehouses"),
    rows=lambda: Warehouse.objects.all(),
    prepare=prepare,
    row_id=lambda row: row.head.code,
    columns=(
        Column(key="code", label=gettext_lazy("Code"), value=lambda row: row.head.code, sort="code"),
        Column(key="name", label=gettext_lazy("Name"), value=lambda row: row.head.name, sort="name"),
        Column(key="pieces", label=gettext_lazy("Pieces inside"), kind="quantity", value=lambda row: row.pieces_e4),
        Column(key="shelves", label=gettext_lazy("Shelves"), kind="number", value=lambda row: row.shelves),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge",
            value=lambda row: _("Archived") if row.head.archived_at else _("In use"),
            tone=lambda row: "neutral" if row.head.archived_at else "good",
        ),
    ),
    default_sort="code",
    empty=Empty(title=gettext_lazy("No warehouses"), explanation=gettext_lazy("Open the first warehouse.")),
)  # fmt: skip


@page("stock.view")
def warehouse_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the warehouses."""
    offered = (
        ("stock.open_warehouse", gettext_lazy("New warehouse"), "warehouse_new", "plus"),
        ("stock.arrange_shelves", gettext_lazy("Arrange shelves"), "shelves_arrange", "packages"),
        ("stock.open_warehouse", gettext_lazy("Archive a warehouse"), "warehouse_archive", "ban"),
    )
    actions = [
        Action(label=label, href=reverse(name), icon=icon) for may, label, name, icon in offered if actor.may(may)
    ]
    return replace(TABLE, actions=actions).respond(request, "desk/list.html", {"heading": _("Warehouses")})


class WarehouseHead(Keyed):
    """A new warehouse."""

    code = TextLine(label=gettext_lazy("Code"), most=40, required=True)
    name = TextLine(label=gettext_lazy("Name"), most=100)
    shelves = TextLine(
        label=gettext_lazy("Shelves"), most=2000, help_text=gettext_lazy("Labels with spaces between: A-01 A-02")
    )


@page("stock.view")
def warehouse_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Open a warehouse."""
    may_or_refuse(actor, "stock.open_warehouse")
    head, back = WarehouseHead(request.POST if request.method == "POST" else None), reverse("warehouse_list")

    def run() -> Any:
        said = head.cleaned_data
        raw = {"code": said["code"], "name": said["name"], "shelves": codes_in(said["shelves"])}
        return open_warehouse(open_warehouse.parse(raw), actor=actor, key=said["key"])

    entry = Entry(heading=_("New warehouse"), submit=_("Open"), back=back, icon="building-warehouse")
    return answer(request, entry, head, None, run, lambda done: back)


class ShelvesHead(Head):
    """Shelves that come and go, and where a product usually lies."""

    warehouse = warehouse_field(gettext_lazy("Warehouse"))
    add = TextLine(
        label=gettext_lazy("New shelves"), most=2000, help_text=gettext_lazy("Labels with spaces between: A-01 A-02")
    )
    archive = TextLine(label=gettext_lazy("Shelves used no more"), most=2000)
    sku = TextLine(
        label=gettext_lazy("Product codes"), most=2000, help_text=gettext_lazy("Products that lie on the shelf beside.")
    )
    shelf = TextLine(label=gettext_lazy("Lie on shelf"), most=40)


@page("stock.view")
def shelves_arrange(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add shelves, put them away, and say which products lie where."""
    may_or_refuse(actor, "stock.arrange_shelves")
    head, back = ShelvesHead(request.POST if request.method == "POST" else None), reverse("warehouse_list")

    def run() -> Any:
        said = head.cleaned_data
        raw: dict[str, Any] = {"warehouse": said["warehouse"]}
        raw |= {name: codes_in(said[name]) for name in ("add", "archive")}
        raw["homes"] = [{"sku": sku, "shelf": said["shelf"]} for sku in codes_in(said["sku"])]
        return arrange_shelves(arrange_shelves.parse(raw), actor=actor, key=said["key"])

    entry = Entry(heading=_("Arrange shelves"), submit=_("Save"), back=back)
    return answer(request, entry, head, None, run, lambda done: back)


class ArchiveHead(Head):
    """The warehouse that is used no more."""

    warehouse = warehouse_field(gettext_lazy("Warehouse"))


@page("stock.view")
def warehouse_archive(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Put an empty warehouse away."""
    may_or_refuse(actor, "stock.open_warehouse")
    head, back = ArchiveHead(request.POST if request.method == "POST" else None), reverse("warehouse_list")

    def run() -> Any:
        said = head.cleaned_data
        return archive_warehouse(archive_warehouse.parse({"code": said["warehouse"]}), actor=actor, key=said["key"])

    entry = Entry(
        heading=_("Archive a warehouse"), submit=_("Archive"), back=back, icon="ban", danger=True,
        lead=_("Only an empty warehouse can be archived; its documents keep naming it."),
    )  # fmt: skip
    return answer(request, entry, head, None, run, lambda done: back)
