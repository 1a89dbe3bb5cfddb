"""The list of purchase orders, and the page of one: ordered and arrived side by side, what came, what may be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backstock.core import clock
from backstock.core.amounts import decimal_text
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Action, Empty, Tone
from backstock.desk.purchases.documents import Button, Document, Link, buttons, dated, money, named, show
from backstock.desk.tables import Column, Filter, Table
from backstock.purchases.models import PurchaseOrder, PurchaseOrderLine
from backstock.purchases.orders import LoadedOrder, worth_cents
from backstock.purchases.queries import (
    ORDER_STATUSES,
    all_orders,
    find_orders,
    loaded_order,
    orders_in,
    orders_with_lines,
    receipts_of_order,
)
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the list, with everything that its columns read."""

    order: LoadedOrder
    digits: int
    today: date

    @property
    def head(self) -> PurchaseOrder:
        return self.order.row

    @property
    def items(self) -> str:
        lines = self.order.lines
        said = [
            f"{x.product.name or x.product.sku} × {quantity_text(x.quantity_e4, x.product.unit)}" for x in lines[:2]
        ]
        more = [_("%(count)s more") % {"count": len(lines) - 2}] if len(lines) > 2 else []
        return ", ".join([*said, *more])

    @property
    def arrived(self) -> str:
        """Say how much of it came, in percent of what was ordered."""
        ordered = sum(line.quantity_e4 for line in self.order.lines)
        left = sum(line.left_e4 for line in self.order.lines)
        return f"{(ordered - left) * 100 // ordered} %" if ordered else ""

    @property
    def is_late(self) -> bool:
        expected = self.head.expected_on
        return expected is not None and self.order.is_waiting and expected < self.today


def prepare(rows: Sequence[PurchaseOrder]) -> list[Row]:
    """Read the lines of a page of orders, for all of them at once."""
    own = company()
    today = clock.today(own.timezone)
    return [Row(order, own.currency_digits, today) for order in orders_with_lines(rows)]


def status_tone(row: Row) -> Tone:
    return "bad" if row.is_late else words.tone(words.ORDER_STATUSES, row.order.status)


def status_words(row: Row) -> str:
    said = words.word(words.ORDER_STATUSES, row.order.status)
    return f"{said} · {_('late')}" if row.is_late else said


def columns() -> tuple[Column[Row], ...]:
    """Say what the list shows of each."""
    return (
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("purchase_order_page", args=[row.head.number]),
        ),
        Column(key="status", label=gettext_lazy("State"), kind="badge", value=status_words, tone=status_tone),
        Column(key="supplier", label=gettext_lazy("Supplier"), value=lambda row: named(row.head.supplier), sort="supplier__code"),
        Column(key="items", label=gettext_lazy("Products"), value=lambda row: row.items),
        Column(key="arrived", label=gettext_lazy("Arrived"), value=lambda row: row.arrived),
        Column(key="total", label=gettext_lazy("Net"), kind="money", value=lambda row: worth_cents(row.order, row.digits)),
        Column(key="ordered", label=gettext_lazy("Ordered on"), kind="day", value=lambda row: row.head.ordered_on, sort="ordered_on"),
        Column(key="expected", label=gettext_lazy("Expected on"), kind="day", value=lambda row: row.head.expected_on, sort="expected_on"),
    )  # fmt: skip


def table(actor: Actor) -> Table[Row]:
    own = company()
    new = Action(label=_("New order"), href=reverse("purchase_order_new"), icon="plus")
    return Table[Row](
        name="orders",
        path="/purchases/orders/",
        title=gettext_lazy("Purchase orders"),
        rows=all_orders,
        prepare=prepare,
        search=find_orders,
        search_hint=gettext_lazy("Number, reference, supplier, product"),
        row_id=lambda row: row.head.number,
        currency=(own.currency, own.currency_digits),
        actions=[new] if actor.may("purchases.order") else [],
        filters=(
            Filter(
                key="state", label=gettext_lazy("State"), apply=orders_in,
                choices=[(name, words.ORDER_STATUSES[name][0]) for name in ORDER_STATUSES],
            ),
        ),
        columns=columns(),
        default_sort="-number",
        empty=Empty(
            icon="truck-delivery",
            title=gettext_lazy("No purchase orders yet"),
            explanation=gettext_lazy("An order says what a supplier shall deliver; the warehouse receives against it."),
            action=new if actor.may("purchases.order") else None,
        ),
    )  # fmt: skip


@page("purchases.view")
def order_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the purchase orders."""
    return table(actor).respond(request, "desk/list.html", {"heading": _("Purchase orders")})


def line_row(line: PurchaseOrderLine, own: Company) -> tuple[str, str, list[str]]:
    """Write one line: ordered and arrived side by side."""
    product = line.product

    def said(quantity_e4: int) -> str:
        return quantity_text(quantity_e4, product.unit)

    per = f" / {line.unit or product.unit}"
    texts = [
        said(line.quantity_e4), said(line.received_e4), said(line.left_e4),
        f"{decimal_text(line.unit_cost_e6, 6)}{per}", f"{decimal_text(line.tax_rate_e6, 4)} %",
    ]  # fmt: skip
    return product.name or product.sku, product.sku, texts


def order_buttons(order: LoadedOrder, actor: Actor) -> list[Button]:
    number, waiting = [order.row.number], order.is_waiting
    still = waiting or order.status == "received"
    return buttons(
        actor,
        (waiting, "purchases.receive_order", "purchase_order_receive", number, _("Receive goods"), "package-import", False),
        (still and order.row.closed_on is None, "purchases.revise_order", "purchase_order_edit", number, pgettext("edit", "Change"), "edit", False),
        (waiting, "purchases.close_order", "purchase_order_close", number, _("Close: the rest will not come"), "circle-check", True),
    )  # fmt: skip


@page("purchases.view")
def order_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one purchase order."""
    order, own = loaded_order(number), company()
    row = order.row
    receipts = [
        Link(
            href=reverse("purchase_receipt_page", args=[each.number]),
            label=each.number,
            note=each.received_on.isoformat(),
        )
        for each in receipts_of_order(row.pk)
    ]
    facts = [
        (_("Supplier"), named(row.supplier)),
        (_("Warehouse"), warehouse_names().get(row.warehouse_id, "")),
        *dated(_("Ordered on"), row.ordered_on),
        *dated(_("Expected on"), row.expected_on),
        *dated(_("Closed on"), row.closed_on),
    ]
    if row.tolerance_e6:
        facts.append((_("Takes more by"), f"{decimal_text(row.tolerance_e6, 4)} %"))
    document = Document(
        number=row.number,
        status=words.word(words.ORDER_STATUSES, order.status),
        tone=words.tone(words.ORDER_STATUSES, order.status),
        reference=row.reference,
        facts=facts,
        columns=[
            (_("Ordered"), "quantity"), (_("Arrived"), "quantity"), (_("Still expected"), "quantity"),
            (_("Unit cost"), "quantity"), (_("Tax rate"), "quantity"),
        ],
        rows=[line_row(line, own) for line in order.lines],
        sums=[(_("Net"), money(worth_cents(order, own.currency_digits), own))],
        buttons=order_buttons(order, actor),
        links=[(_("Receipts"), receipts)],
    )  # fmt: skip
    return show(request, actor, document, own)
