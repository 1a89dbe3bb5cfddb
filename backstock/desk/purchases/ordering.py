"""Enter, change and close purchase orders, and receive goods against them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk.access import may_or_refuse, page
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.figures import quantity_text
from backstock.desk.line_editor import LineEditor, LineForm
from backstock.desk.parts import Text
from backstock.desk.purchases.entry import Page, answer
from backstock.desk.purchases.fields import (
    CodesField,
    CostField,
    Dated,
    FromSupplier,
    PercentField,
    day_field,
    offer_warehouses,
)
from backstock.desk.warehouse.watch import points
from backstock.purchases.commands.close_order import CloseOrder, close_order
from backstock.purchases.commands.order import OrderLine, OrderPurchase, order_purchase
from backstock.purchases.commands.receive_order import OrderArrival, ReceiveOrder, receive_order
from backstock.purchases.commands.revise_order import ReviseLine, ReviseOrder, revise_order
from backstock.purchases.orders import LoadedOrder
from backstock.purchases.queries import last_prices, loaded_order


class Head(FromSupplier):
    """To whom, where to and when."""

    expected_on = day_field(gettext_lazy("Expected on"))
    tolerance = PercentField(
        label=gettext_lazy("Takes more by, %"), help_text=gettext_lazy("How much more than ordered may arrive")
    )


class Line(LineForm):
    """What is ordered, at which price without tax."""

    unit = TextLine(label=gettext_lazy("Unit"), most=20)
    cost = CostField(label=gettext_lazy("Unit cost"))
    rate = PercentField(label=gettext_lazy("Tax rate, %"))

    def clean(self) -> None:
        super().clean()
        if not self.is_blank and self.cleaned_data.get("cost") is None and "cost" not in self.errors:
            self.add_error("cost", _("At which price?"))


class ChangedLine(Line):
    """A line that stands on the order already, or a new one."""

    line = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ChangedHead(Keyed):
    """What else of an order may change."""

    expected_on = day_field(gettext_lazy("Expected on"))
    tolerance = PercentField(label=gettext_lazy("Takes more by, %"))
    reference = TextLine(label=gettext_lazy("Reference"), most=60)


def to_order(number: str, word: Text) -> tuple[str, Text]:
    return reverse("purchase_order_page", args=[number]), f"{number}: {word}"


def rows_below_minimum() -> list[dict[str, Any]]:
    """Propose what the minimum stock asks to buy, at the last price where that is one of the base unit."""
    wanted: dict[int, dict[str, Any]] = {}
    for row in points():
        if row.buy_e4:
            line = wanted.setdefault(row.product.pk, {"sku": row.product.sku, "unit": row.product.unit, "quantity": 0})
            line["quantity"] += row.buy_e4
    for pk, price in last_prices(0, wanted).items():
        if price.unit in ("", wanted[pk]["unit"]):
            wanted[pk]["cost"] = price.unit_cost_e6
    return list(wanted.values())


@page("purchases.order")
def order_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Enter an order."""
    data = request.POST if request.method == "POST" else None
    start = rows_below_minimum() if data is None and "short" in request.GET else []
    head, editor = Head(data, initial={"supplier": request.GET.get("supplier", "")}), LineEditor(Line, data, start)

    def run() -> Done:
        said = head.cleaned_data
        lines = tuple(
            OrderLine(
                sku=line["sku"], quantity_e4=line["quantity"], unit=line["unit"] or None, unit_cost_e6=line["cost"],
                tax_rate_e6=line["rate"],
            )
            for line in (each.cleaned_data for each in editor.filled)
        )  # fmt: skip
        wanted = OrderPurchase(
            supplier=said["supplier"], warehouse=said["warehouse"] or None, expected_on=said["expected_on"],
            tolerance_e6=said["tolerance"] or 0, reference=said["reference"], lines=lines, on=said["on"],
        )  # fmt: skip
        return order_purchase(wanted, actor=actor, key=said["key"])

    words = Page(
        heading=_("New purchase order"), submit=_("Place the order"), icon="truck-delivery", back=reverse("purchase_order_list"),
        lead=_("Price and unit are proposed from the last purchase; prices are without tax."),
    )  # fmt: skip
    return answer(request, words, head, editor, run, lambda done: to_order(done.document, _("ordered.")))


@page("purchases.revise_order")
def order_edit(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Change an order."""
    order = loaded_order(number)
    data, row = request.POST if request.method == "POST" else None, order.row
    start = [
        {
            "line": line.position, "sku": line.product.sku, "quantity": line.unit_quantity_e4, "unit": line.unit,
            "cost": line.unit_cost_e6, "rate": line.tax_rate_e6,
        }
        for line in order.lines
    ]  # fmt: skip
    head = ChangedHead(
        data,
        initial={"expected_on": row.expected_on, "tolerance": row.tolerance_e6 or None, "reference": row.reference},
    )
    editor = LineEditor(ChangedLine, data, start, rows=1)

    def run() -> Done:
        said = head.cleaned_data
        wanted = ReviseOrder(
            document=row.number, expected_on=said["expected_on"], tolerance_e6=said["tolerance"],
            reference=said["reference"], lines=changes(order, editor),
        )  # fmt: skip
        return revise_order(wanted, actor=actor, key=said["key"])

    words = Page(
        heading=_("Change %(number)s") % {"number": row.number}, submit=_("Save"), icon="edit",
        back=reverse("purchase_order_page", args=[row.number]),
        lead=_("A row that is taken out is no longer expected; what came already stays."),
    )  # fmt: skip
    return answer(request, words, head, editor, run, lambda done: to_order(done.document, _("changed.")))


def changes(order: LoadedOrder, editor: LineEditor) -> tuple[ReviseLine, ...]:
    """Name the rows that stand now, and those of the order that were emptied: they are dropped."""
    skus = {line.position: line.product.sku for line in order.lines}
    found = []
    for each in editor.forms:
        line = each.cleaned_data
        position = line.get("line")
        if each.is_blank and position in skus:
            found.append(ReviseLine(line=position, sku=skus[position], quantity_e4=0))
        elif not each.is_blank:
            found.append(
                ReviseLine(
                    line=position, sku=line["sku"], quantity_e4=line["quantity"], unit=line["unit"] or None,
                    unit_cost_e6=line["cost"], tax_rate_e6=line["rate"],
                )
            )  # fmt: skip
    return tuple(found)


class Closing(Keyed):
    """Why."""

    reason = TextLine(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It is kept with the document; no names or phone numbers please."),
    )


@page("purchases.close_order")
def order_close(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Say that the rest of an order will not come."""
    row = loaded_order(number).row
    head = Closing(request.POST if request.method == "POST" else None)

    def run() -> Done:
        wanted = CloseOrder(document=row.number, reason=head.cleaned_data["reason"])
        return close_order(wanted, actor=actor, key=head.cleaned_data["key"])

    words = Page(
        heading=_("Close %(number)s") % {"number": row.number}, submit=_("Close the order"), danger=True,
        back=reverse("purchase_order_page", args=[row.number]), icon="circle-check",
        lead=_("Nothing more is expected of it. What came stays received."),
    )  # fmt: skip
    return answer(request, words, head, None, run, lambda done: to_order(done.document, _("closed.")))


class Arrival(Dated):
    """Where and with which paper goods arrived."""

    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)
    reference = TextLine(label=gettext_lazy("Delivery note"), most=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_warehouses(self.fields["warehouse"], gettext_lazy("As ordered"))


class ArrivingLine(LineForm):
    """What arrived; columns that nothing in the order needs are left out."""

    unit = TextLine(label=gettext_lazy("Unit"), most=20)
    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    expires_on = day_field(gettext_lazy("Expires on"))
    made_on = day_field(pgettext_lazy("goods", "Made on"))
    serials = CodesField(label=gettext_lazy("Serial numbers"))

    def __init__(self, *args: Any, leave_out: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in leave_out:
            del self.fields[name]

    def goods(self) -> dict[str, Any]:
        """Say which goods, as commands want it."""
        said = self.cleaned_data
        return {
            "sku": said["sku"], "quantity_e4": said["quantity"], "unit": said.get("unit") or None,
            "lot": said.get("lot") or None, "serials": said.get("serials") or (),
            "made_on": said.get("made_on"), "expires_on": said.get("expires_on"),
        }  # fmt: skip


def columns_not_needed(trackings: set[str]) -> tuple[str, ...]:
    """Name the columns for lots or serial numbers that no product asks for."""
    lots = () if "lot" in trackings else ("lot", "expires_on", "made_on")
    return (*lots, *(() if "serial" in trackings else ("serials",)))


@page("purchases.view")
def order_receive(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Receive goods against an order: everything at once, or counted by scanning."""
    may_or_refuse(actor, "purchases.receive_order")
    order = loaded_order(number)
    row, data = order.row, request.POST if request.method == "POST" else None
    head, here = Arrival(data), reverse("purchase_order_receive", args=[row.number])
    by_scan = "scan" in request.GET
    waiting = [] if by_scan else [line for line in order.lines if line.left_e4]
    start = [{"sku": x.product.sku, "quantity": x.left_e4 if x.product.tracking != "serial" else None} for x in waiting]
    leave_out = ("unit", *columns_not_needed({line.product.tracking for line in order.lines}))
    editor = LineEditor(ArrivingLine, data, start, rows=1 if start else 3, leave_out=leave_out)

    def run() -> Done:
        said = head.cleaned_data
        wanted = ReceiveOrder(
            document=row.number, warehouse=said["warehouse"] or None, reference=said["reference"], on=said["on"],
            lines=tuple(OrderArrival(**each.goods()) for each in editor.filled if isinstance(each, ArrivingLine)),
        )  # fmt: skip
        return receive_order(wanted, actor=actor, key=said["key"])

    words = Page(
        heading=_("Receive %(number)s") % {"number": row.number}, submit=_("Book in"), icon="package-import",
        lead=_("Correct the quantities to what really came, and take rows out that did not come."),
        back=reverse("purchase_order_page", args=[row.number]), beside=beside(order),
        links=[(here, _("Everything came"))] if by_scan else [(f"{here}?scan", _("Count by scanning"))],
    )  # fmt: skip
    return answer(request, words, head, editor, run, lambda done: to_receipt(done.document))


def beside(order: LoadedOrder) -> tuple[list[Text], list[list[str]]]:
    """Put what is expected beside what is counted."""
    labels: list[Text] = [_("Product"), _("Ordered"), _("Arrived"), _("Still expected")]
    rows = []
    for line in order.lines:
        product = line.product
        name = f"{product.sku} · {product.name}" if product.name else product.sku
        figures = (line.quantity_e4, line.received_e4, line.left_e4)
        rows.append([name, *(quantity_text(each, product.unit) for each in figures)])
    return labels, rows


def to_receipt(number: str) -> tuple[str, Text]:
    return reverse("purchase_receipt_page", args=[number]), f"{number}: {_('booked in.')}"
