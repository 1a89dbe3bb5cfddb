"""Pick lists: the list, and the page of one that the warehouse ticks off by scan on its phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.catalog.queries import product_of_code
from backstock.core.amounts import E4
from backstock.core.errors import DomainError
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page, tell
from backstock.desk.fields import QuantityField
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Empty
from backstock.desk.sales import wording
from backstock.desk.tables import Column, Filter, Table
from backstock.sales.commands.pick import EndPick, Taken, TickPick, end_pick, tick_pick
from backstock.sales.models import PickLine, PickList, Sale
from backstock.sales.picking import LoadedPick, load_picks, load_picks_by_id, pick_of
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, slots=True)
class Row:
    """One pick list of the list."""

    pick: LoadedPick
    warehouse: str

    @property
    def orders(self) -> str:
        return ", ".join(orders_of(self.pick))

    @property
    def done(self) -> str:
        taken, asked = (
            sum(line.picked_e4 for line in self.pick.lines),
            sum(line.quantity_e4 for line in self.pick.lines),
        )
        return f"{taken * 100 // asked if asked else 0} %"


def orders_of(pick: LoadedPick) -> list[str]:
    """Name the orders that a list is for."""
    return sorted({Sale(pk=line.sale_line.sale_id).number for line in pick.lines})


def all_picks() -> QuerySet[PickList]:
    """Return every pick list, newest first."""
    return PickList.objects.order_by("-pk")


def prepare(rows: Sequence[PickList]) -> list[Row]:
    """Read the lines of a page of pick lists."""
    picks, houses = load_picks_by_id(row.pk for row in rows), warehouse_names()
    return [Row(picks[row.pk], houses.get(row.warehouse_id, "")) for row in rows]


def in_state(rows: QuerySet[PickList], state: str) -> QuerySet[PickList]:
    """Narrow pick lists to a state."""
    waiting = PickLine.objects.filter(is_open=True).values("pick_id")
    if state == "open":
        return rows.filter(pk__in=waiting)
    return rows.exclude(ended_on=None) if state == "ended" else rows.filter(ended_on=None).exclude(pk__in=waiting)


TABLE = Table[Row](
    name="picks",
    path="/sales/picks/",
    title=gettext_lazy("Pick lists"),
    rows=all_picks,
    prepare=prepare,
    row_id=lambda row: row.pick.row.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.pick.row.number, sort="pk",
            link=lambda row: reverse("pick_page", args=[row.pick.row.number]),
        ),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: words.word(wording.PICK_STATES, row.pick.state),
            tone=lambda row: words.tone(wording.PICK_STATES, row.pick.state),
        ),
        Column(key="orders", label=gettext_lazy("Orders"), value=lambda row: row.orders),
        Column(key="warehouse", label=gettext_lazy("Warehouse"), value=lambda row: row.warehouse),
        Column(key="done", label=gettext_lazy("Picked"), value=lambda row: row.done),
        Column(key="made", label=gettext_lazy("Made on"), kind="day", value=lambda row: row.pick.row.made_on, sort="made_on"),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), apply=in_state,
            choices=[(code, label) for code, (label, _tone) in wording.PICK_STATES.items()],
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="list-check",
        title=gettext_lazy("No pick lists yet"),
        explanation=gettext_lazy("A pick list says what to take from the shelves for one or several orders, and keeps it for them."),
        steps=(gettext_lazy("Open an order, or choose several in the list of sales."), gettext_lazy("Press “Pick”.")),
    ),
)  # fmt: skip


@page("sales.view")
def pick_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the pick lists."""
    return TABLE.respond(request, "desk/sales/list.html", {"heading": _("Pick lists")})


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One product of a pick list, all orders together."""

    sku: str
    name: str
    asked: str
    taken: str
    left: str
    is_done: bool
    orders: str
    place: str


def shelves_of(pick: LoadedPick) -> list[Shelf]:
    """Add up what is to take of each product, in the order of the walk."""
    by_product: dict[int, list[PickLine]] = {}
    for line in pick.lines:
        by_product.setdefault(line.product_id, []).append(line)
    found = []
    for lines in by_product.values():
        product = lines[0].product
        asked, taken = sum(line.quantity_e4 for line in lines), sum(line.picked_e4 for line in lines)
        orders = ", ".join(sorted({Sale(pk=line.sale_line.sale_id).number for line in lines}))
        found.append(
            Shelf(
                sku=product.sku, name=product.name or product.sku, asked=quantity_text(asked, product.unit),
                taken=quantity_text(taken, product.unit), left=quantity_text(asked - taken, product.unit),
                is_done=taken == asked, orders=orders, place=pick.shelves.get(product.pk, ""),
            )
        )  # fmt: skip
    return found


@page("sales.view")
def pick_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a pick list."""
    return show(request, actor, number, {}, 200)


def show(request: HttpRequest, actor: Actor, number: str, more: Mapping[str, object], status: int) -> HttpResponseBase:
    """Show a pick list, with what was said to the last scan."""
    pick = pick_of(load_picks([number], lock=False), number)
    is_open = pick.state == "open"
    waiting = {Sale(pk=line.sale_line.sale_id).number for line in pick.lines if line.is_open}
    context = {
        "pick": pick.row,
        "status": words.word(wording.PICK_STATES, pick.state),
        "tone": words.tone(wording.PICK_STATES, pick.state),
        "shelves": shelves_of(pick),
        "orders": [(order, order in waiting and actor.may("sales.ship")) for order in orders_of(pick)],
        "warehouse": warehouse_names().get(pick.row.warehouse_id, ""),
        "may_tick": is_open and actor.may("sales.tick"),
        "may_end": is_open and actor.may("sales.end_pick"),
        **more,
    }
    return render(request, "desk/sales/pick.html", context, status=status)


@page("sales.tick")
@require_POST
def pick_tick(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Tick a scanned product off."""
    code, typed = request.POST.get("code", "").strip()[:100], request.POST.get("quantity", "").strip()
    found = product_of_code(code) if code else None
    if found is None:
        return show(request, actor, number, {"problem": _("No product has the code %(code)s.") % {"code": code}}, 422)
    try:
        quantity = QuantityField().to_python(typed) or E4
        line = Taken(sku=found[0].sku, quantity_e4=quantity)
        tick_pick(TickPick(pick=number, lines=(line,)), actor=actor, key=request.POST.get("key") or None)
    except DomainError as error:
        return show(request, actor, number, {"refusal": tell(error)}, 422)
    messages.success(request, f"{found[0].sku} · {found[0].name} × {quantity_text(quantity)}")
    return redirect("pick_page", number)


@page("sales.end_pick")
@require_POST
def pick_end(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Give a pick list up."""
    end_pick(EndPick(pick=number), actor=actor)
    messages.success(request, _("%(number)s: given up. Its goods are free again.") % {"number": number})
    return redirect("pick_page", number)
