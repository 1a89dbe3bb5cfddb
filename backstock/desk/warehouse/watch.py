"""What needs an eye: lots that expire, and products below their minimum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.models import Lot, Product
from backstock.catalog.queries import matching_products, products_by_id
from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import QuantityField, TextLine
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Action, Empty, Tone
from backstock.desk.tables import Column, Filter, Table
from backstock.desk.warehouse.papers import Entry, Head, answer, warehouse_field
from backstock.partners.models import Partner
from backstock.purchases.models import PurchaseOrderLine
from backstock.sales.picking import reserved
from backstock.stock.holdings import holdings_of, lots_in_stock, pieces_of_lots
from backstock.warehouse.commands.set_minimum import set_minimum
from backstock.warehouse.models import ReorderPoint
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot that expires."""

    lot: Lot
    days: int
    quantity_e4: int
    where: str
    supplier: str


def prepare_lots(rows: Sequence[Lot], today: date) -> list[LotRow]:
    """Read where a page of lots lies, and who brought them, at once."""
    pieces, names = pieces_of_lots(each.pk for each in rows), warehouse_names()
    partners = Partner.objects.in_bulk({each.supplier_id for each in rows})
    found = []
    for each in rows:
        here = pieces.get(each.pk, {})
        where = words.listed(f"{words.place_words(place, names)} {quantity_text(q)}" for place, q in here.items())
        supplier = partners.get(each.supplier_id)
        left = ((each.expires_on or today) - today).days
        found.append(
            LotRow(each, left, sum(here.values()), where, str(supplier.name or supplier.code) if supplier else "")
        )
    return found


def tone(row: LotRow) -> Tone:
    return "bad" if row.days < 0 else "warning" if row.days <= 30 else "neutral"


LOT_COLUMNS: Sequence[Column[LotRow]] = (
    Column(key="sku", label=gettext_lazy("Product code"), value=lambda row: row.lot.product.sku, sort="product__sku"),
    Column(key="name", label=gettext_lazy("Product"), value=lambda row: row.lot.product.name),
    Column(key="lot", label=gettext_lazy("Lot"), value=lambda row: row.lot.code),
    Column(
        key="expires", label=gettext_lazy("Expires on"), kind="day", value=lambda row: row.lot.expires_on,
        sort="expires_on",
    ),
    Column(
        key="days", label=gettext_lazy("Days left"), kind="badge", value=lambda row: str(row.days), tone=tone,
    ),
    Column(
        key="quantity", label=gettext_lazy("Quantity"), kind="quantity", value=lambda row: row.quantity_e4,
        unit=lambda row: row.lot.product.unit,
    ),
    Column(key="where", label=gettext_lazy("Where"), value=lambda row: row.where),
    Column(key="supplier", label=gettext_lazy("Supplier"), value=lambda row: row.supplier),
)  # fmt: skip
NO_LOTS = Empty(
    icon="calendar",
    title=gettext_lazy("No lot in stock has a day on which it expires"),
    explanation=gettext_lazy(
        "The day is entered with the delivery; of lots that are not named the first to expire leaves first."
    ),
)


def lots_table(today: date) -> Table[LotRow]:
    """Describe the list of lots with a day on which they expire."""

    def within(rows: QuerySet[Lot], value: str) -> QuerySet[Lot]:
        return rows.filter(expires_on__lt=today + timedelta(days=int(value)))

    expires = Filter(
        key="within", label=gettext_lazy("Expires"), apply=within,
        choices=[
            ("0", gettext_lazy("Expired already")), ("7", gettext_lazy("Within 7 days")),
            ("30", gettext_lazy("Within 30 days")), ("90", gettext_lazy("Within 90 days")),
        ],
    )  # fmt: skip
    return Table[LotRow](
        name="expiry",
        path="/stock/expiry/",
        title=gettext_lazy("Expiring lots"),
        rows=lambda: Lot.objects.filter(expires_on__isnull=False, pk__in=lots_in_stock()).select_related("product"),
        prepare=lambda rows: prepare_lots(rows, today),
        search=lambda rows, text: rows.filter(product_id__in=matching_products(text)) | rows.filter(code=text),
        search_hint=gettext_lazy("Product or lot"),
        row_id=lambda row: str(row.lot.pk),
        columns=LOT_COLUMNS,
        filters=(expires,),
        default_sort="expires",
        empty=NO_LOTS,
    )


@page("stock.view")
def expiry_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the lots that expire, the next first."""
    table = lots_table(clock.today(company().timezone))
    return table.respond(request, "desk/list.html", {"heading": _("Expiring lots")})


@dataclass(frozen=True, slots=True)
class PointRow:
    """One product that is watched, and how much to buy."""

    point: ReorderPoint
    product: Product
    warehouse: str
    held_e4: int
    reserved_e4: int
    ordered_e4: int

    @property
    def free_e4(self) -> int:
        return self.held_e4 - self.reserved_e4

    @property
    def short(self) -> bool:
        return self.free_e4 + self.ordered_e4 < self.point.minimum_e4

    @property
    def buy_e4(self) -> int | None:
        return max(0, self.point.target_e4 - self.free_e4 - self.ordered_e4) or None if self.short else None


def points() -> list[PointRow]:
    """Read every product that is watched, in a few statements."""
    rows = list(ReorderPoint.objects.order_by("product_id", "warehouse_id"))
    ids = {row.product_id for row in rows}
    products, held, names = products_by_id(ids), holdings_of(ids), warehouse_names()
    held_back, ordered = reserved(ids), on_order(ids)
    found = []
    for row in rows:
        here = row.warehouse_id
        stock = held[row.product_id]
        found.append(
            PointRow(
                row, products[row.product_id], names.get(here, ""),
                stock.sellable_in(here) if here else stock.of_kind("sellable"),
                _in(held_back, row), _in(ordered, row),
            )
        )  # fmt: skip
    return found


def on_order(product_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return what suppliers still have to deliver: {(product, warehouse): quantity}."""
    lines = PurchaseOrderLine.objects.filter(
        product_id__in=set(product_ids), order__closed_on=None, quantity_e4__gt=F("received_e4")
    )
    sums = lines.values_list("product_id", "order__warehouse_id").annotate(
        left=Sum(F("quantity_e4") - F("received_e4"))
    )
    return {(product, warehouse): left for product, warehouse, left in sums}


def _in(quantities: dict[tuple[int, int], int], row: ReorderPoint) -> int:
    """Sum (product, warehouse) → quantity for a point: of its warehouse, or of all."""
    return sum(
        quantity
        for (product, warehouse), quantity in quantities.items()
        if product == row.product_id and row.warehouse_id in (0, warehouse)
    )


POINTS = Table[PointRow](
    name="minimum",
    path="/stock/minimum/",
    title=gettext_lazy("Minimum stock"),
    rows=points,
    search=lambda rows, text: [
        row for row in rows if text.lower() in f"{row.product.sku} {row.product.name}".lower()
    ],
    search_hint=gettext_lazy("Code or name"),
    row_id=lambda row: str(row.point.pk),
    columns=(
        Column(key="sku", label=gettext_lazy("Product code"), value=lambda row: row.product.sku, sort="sku"),
        Column(key="name", label=gettext_lazy("Product"), value=lambda row: row.product.name, sort="name"),
        Column(key="warehouse", label=gettext_lazy("Warehouse"), value=lambda row: row.warehouse or _("All together")),
        Column(key="held", label=gettext_lazy("On hand"), kind="quantity", value=lambda row: row.held_e4),
        Column(key="reserved", label=gettext_lazy("Reserved"), kind="quantity", value=lambda row: row.reserved_e4 or None),
        Column(key="ordered", label=gettext_lazy("On order"), kind="quantity", value=lambda row: row.ordered_e4 or None),
        Column(key="minimum", label=gettext_lazy("Minimum"), kind="quantity", value=lambda row: row.point.minimum_e4),
        Column(key="target", label=gettext_lazy("Up to"), kind="quantity", value=lambda row: row.point.target_e4),
        Column(
            key="buy", label=gettext_lazy("To buy"), kind="quantity", value=lambda row: row.buy_e4, sort="buy",
            unit=lambda row: row.product.unit,
        ),
    ),
    filters=(
        Filter(
            key="short", label=gettext_lazy("State"), choices=[("yes", gettext_lazy("Below the minimum"))],
            apply=lambda rows, value: [row for row in rows if row.short],
        ),
    ),
    empty=Empty(
        icon="alert-triangle",
        title=gettext_lazy("No product is watched yet"),
        explanation=gettext_lazy("Set a minimum for a product; what falls below it is proposed for buying here."),
    ),
)  # fmt: skip


@page("stock.view")
def minimum_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the products that are watched, and what to buy."""
    table = POINTS
    if actor.may("purchases.order"):
        order = Action(
            label=gettext_lazy("New purchase order"), href=f"{reverse('purchase_order_new')}?short=1", icon="truck-delivery"
        )  # fmt: skip
        table = replace(table, actions=(order,))
    if actor.may("stock.set_minimum"):
        new = Action(label=gettext_lazy("Set a minimum"), href=reverse("minimum_set"), icon="plus")
        table = replace(table, actions=(*table.actions, new), empty=replace(table.empty, action=new))
    return table.respond(request, "desk/list.html", {"heading": _("Minimum stock")})


class MinimumHead(Head):
    """How low a product may go."""

    sku = TextLine(label=gettext_lazy("Product code"), most=60, required=True)
    warehouse = warehouse_field(gettext_lazy("Warehouse"), empty=gettext_lazy("All together"), required=False)
    minimum = QuantityField(
        label=gettext_lazy("Minimum"), required=True, help_text=gettext_lazy("0 ends the watching.")
    )
    target = QuantityField(label=gettext_lazy("Up to"), help_text=gettext_lazy("Empty: up to the minimum."))


@page("stock.view")
def minimum_set(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Set the minimum of a product."""
    may_or_refuse(actor, "stock.set_minimum")
    head = MinimumHead(request.POST if request.method == "POST" else None)

    def run() -> Any:
        said = head.cleaned_data
        raw = {"sku": said["sku"], "warehouse": said["warehouse"] or None}
        raw |= {"minimum_e4": said["minimum"], "target_e4": said["target"]}
        return set_minimum(set_minimum.parse(raw), actor=actor, key=said["key"])

    back = reverse("minimum_list")
    entry = Entry(heading=_("Set a minimum"), submit=_("Save"), back=back)
    return answer(request, entry, head, None, run, lambda done: back)
