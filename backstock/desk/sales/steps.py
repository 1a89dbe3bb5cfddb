"""The next steps of an order as pages: ship, bill, pay, give a deposit back; close, pick and sign by one press."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.catalog.models import Product
from backstock.catalog.queries import products_by_id
from backstock.core.commands import Input
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.fields import AmountField, Keyed, QuantityField, TextLine
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.parts import Action, Text
from backstock.desk.sales.forms import DayField, today
from backstock.sales.billing import billable_e4, deposit_cents, room_to_pay_cents
from backstock.sales.commands.close_order import CloseOrder, close_order
from backstock.sales.commands.invoice import BillLine, InvoiceSale, invoice_sale
from backstock.sales.commands.pay import PayBack, PaySale, pay_back, pay_sale
from backstock.sales.commands.pick import MakePick, make_pick
from backstock.sales.commands.ship import Ship, ShipLine, ship
from backstock.sales.commands.sign import SignShipment, sign_shipment
from backstock.sales.loading import LoadedLine, LoadedSale
from backstock.sales.orders import Tender
from backstock.sales.picking import load_picks_by_id
from backstock.sales.queries import legal_steps, loaded_sale, tenders_of

# Means of payment that a person books by hand.
BY_HAND = ("cash", "wechat", "alipay", "card", "bank", "store_credit")


class GoodsForm(forms.Form):
    """How many of a line of the order are meant."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    sku = forms.CharField(widget=forms.HiddenInput, max_length=60)
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    lot = TextLine(label=gettext_lazy("Lot"), most=60, help_text=gettext_lazy("Empty: those that leave first."))
    serials = TextLine(
        label=gettext_lazy("Serial numbers"), most=6000, help_text=gettext_lazy("Scan one after the other.")
    )
    product: Product | None = None
    hint = ""

    def show(self, product: Product | None, hint: str, ships: bool) -> None:
        """Keep only what this product needs."""
        self.product, self.hint = product, hint
        tracking = product.tracking if product and ships and not product.is_kit else "none"
        self.fields["serials"].widget.attrs["data-keep-enter"] = ""
        for name, kind in (("lot", "lot"), ("serials", "serial")):
            if tracking != kind:
                del self.fields[name]

    @property
    def codes(self) -> tuple[str, ...]:
        """The serial numbers that were scanned."""
        return tuple(str(self.cleaned_data.get("serials") or "").replace(",", " ").replace("，", " ").split())


class DayForm(Keyed):
    """The head of a step."""

    on = DayField(label=gettext_lazy("Day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class ParcelForm(DayForm):
    """What is told once for a parcel."""

    carrier = TextLine(label=gettext_lazy("Carrier"), most=60)
    tracking_number = TextLine(label=gettext_lazy("Tracking number"), most=60)
    signed = forms.BooleanField(
        label=gettext_lazy("Handed over: signed for today"), required=False,
        help_text=gettext_lazy("Leave it empty for a parcel that is on its way; the days to return start when it is signed for."),
    )  # fmt: skip
    field_order = ("carrier", "tracking_number", "on", "signed")


class MoneyForm(DayForm):
    """Money by several means of payment."""

    def __init__(
        self, data: Any = None, *, digits: int = 2, offered: Mapping[str, int] | None = None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        for name in offered if offered is not None else BY_HAND:
            self.fields[name] = AmountField(label=words.word(words.TENDERS, name), digits=digits)
        self.order_fields([*(offered if offered is not None else BY_HAND), "on"])
        self.offered = offered if offered is not None else dict.fromkeys(BY_HAND, 0)

    def tenders(self) -> tuple[Tender, ...]:
        """Return what was typed."""
        data = self.cleaned_data
        return tuple(Tender(tender=name, amount_cents=data[name]) for name in self.offered if data.get(name))


type Lines = BaseFormSet[GoodsForm]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an order that has a page."""

    permission: str
    label: Text
    lead: Text
    done: Text
    icon: str
    head: Callable[[Any, LoadedSale], DayForm]
    command: Any
    input: Callable[[LoadedSale, Any, Sequence[GoodsForm]], Input]
    room: Callable[[LoadedLine], int] | None = None
    ships: bool = False


def _parcel(data: Any, sale: LoadedSale) -> ParcelForm:
    return ParcelForm(data, initial={"signed": sale.row.channel == "shop"})


def _money(data: Any, sale: LoadedSale) -> MoneyForm:
    first = {"cash": room_to_pay_cents(sale)} if data is None else {}
    return MoneyForm(data, digits=sale.row.currency_digits, initial=first)


def _money_back(data: Any, sale: LoadedSale) -> MoneyForm:
    given = {each.tender: each.paid_cents - each.refunded_cents for each in tenders_of(sale.row.pk)}
    offered = {tender: cents for tender, cents in given.items() if cents > 0}
    left, first = deposit_cents(sale), dict[str, int]()
    for tender, cents in offered.items():
        first[tender] = min(cents, left)
        left -= first[tender]
    return MoneyForm(
        data, digits=sale.row.currency_digits, offered=offered, initial={k: v for k, v in first.items() if v}
    )


def _ship(sale: LoadedSale, head: Any, lines: Sequence[GoodsForm]) -> Ship:
    data = head.cleaned_data
    goods = tuple(
        ShipLine(
            sku=each.cleaned_data["sku"], line=each.cleaned_data["line"], quantity_e4=each.cleaned_data["quantity"],
            lot=each.cleaned_data.get("lot") or None, serials=each.codes,
        )
        for each in lines
        if each.cleaned_data.get("quantity")
    )  # fmt: skip
    return Ship(
        sale=sale.row.number, lines=goods, on=data["on"], carrier=data["carrier"], tracking_number=data["tracking_number"],
        signed=data["signed"],
    )  # fmt: skip


def _bill(sale: LoadedSale, head: Any, lines: Sequence[GoodsForm]) -> InvoiceSale:
    goods = tuple(
        BillLine(
            sku=each.cleaned_data["sku"], line=each.cleaned_data["line"], quantity_e4=each.cleaned_data["quantity"]
        )
        for each in lines
        if each.cleaned_data.get("quantity")
    )
    return InvoiceSale(sale=sale.row.number, lines=goods, on=head.cleaned_data["on"])


STEPS: dict[str, Step] = {
    "ship": Step(
        permission="sales.ship", label=gettext_lazy("Ship"), icon="truck-delivery", command=ship, input=_ship, head=_parcel,
        lead=gettext_lazy("One parcel with what lies in it. What is left can leave in another."),
        done=gettext_lazy("The parcel has left."), room=lambda line: line.to_ship_e4, ships=True,
    ),
    "invoice": Step(
        permission="sales.invoice", label=gettext_lazy("Bill"), icon="file-invoice", command=invoice_sale, input=_bill,
        head=lambda data, sale: DayForm(data), room=billable_e4,
        lead=gettext_lazy("What was shipped, kept and not billed yet. Shipping is billed with the first invoice."),
        done=gettext_lazy("Billed."),
    ),
    "pay": Step(
        permission="sales.pay", label=gettext_lazy("Take payment"), icon="cash", command=pay_sale, head=_money,
        input=lambda sale, head, lines: PaySale(sale=sale.row.number, tenders=head.tenders(), on=head.cleaned_data["on"]),
        lead=gettext_lazy("By one or several means of payment; also a deposit before anything ships."),
        done=gettext_lazy("The money is booked."),
    ),
    "pay-back": Step(
        permission="sales.pay_back", label=gettext_lazy("Give deposit back"), icon="arrow-back-up", command=pay_back, head=_money_back,
        input=lambda sale, head, lines: PayBack(sale=sale.row.number, tenders=head.tenders(), on=head.cleaned_data["on"]),
        lead=gettext_lazy("What was paid ahead and nothing of the order needs any more."),
        done=gettext_lazy("The deposit went back."),
    ),
}  # fmt: skip


def step_lines(step: Step, sale: LoadedSale, data: Any, start: Mapping[int, int] | None) -> Lines | None:
    """Make the rows of a step: one for each line that still has something to do."""
    if step.room is None:
        return None
    products = products_by_id({line.row.product_id for line in sale.lines})
    open_lines = {line.row.position: line for line in sale.lines if step.room(line) > 0}
    first = [
        {
            "line": position,
            "sku": products[line.row.product_id].sku,
            "quantity": step.room(line) if start is None else min(step.room(line), start.get(line.row.pk, 0)) or None,
        }
        for position, line in open_lines.items()
    ]
    lines: Lines = formset_factory(GoodsForm, extra=0)(data, initial=first, prefix="lines")
    for form in lines:
        line = open_lines.get(_number(form["line"].value()))
        product = products[line.row.product_id] if line else None
        form.show(product, quantity_text(step.room(line), product.unit) if line and product else "", step.ships)
    return lines


def _number(value: Any) -> int:
    return int(value) if str(value).isascii() and str(value).isdigit() else 0


def picked_for(number: str) -> dict[int, int] | None:
    """Return what was ticked off a pick list: {sale line: quantity in its units}; None without a list."""
    pk = document_id("K", number) if number else None
    pick = load_picks_by_id([pk]).get(pk) if pk is not None else None
    if pick is None:
        return None
    found: dict[int, int] = {}
    for line in pick.lines:
        found[line.sale_line_id] = max(found.get(line.sale_line_id, 0), line.picked_e4 - line.shipped_e4)
    return found


@page("sales.view")
def sale_step(request: HttpRequest, actor: Actor, number: str, name: str) -> HttpResponseBase:
    """Show the form of a step of an order, or take the step."""
    step = STEPS.get(name)
    if step is None:
        raise Http404
    may_or_refuse(actor, step.permission)
    sale = loaded_sale(number)
    data = request.POST if request.method == "POST" else None
    head = step.head(data, sale)
    lines = step_lines(step, sale, data, picked_for(request.GET.get("pick", "")))
    context, status = dict[str, Any](), 200
    if data is not None:
        status = 422
        if head.is_valid() and (lines is None or lines.is_valid()):
            try:
                step.command(step.input(sale, head, list(lines or ())), actor=actor, key=head.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, f"{number}: {step.done}")
                return redirect("sale_page", number)
    context |= {
        "sale": sale.row, "step": step, "head": head, "lines": lines, "legal": step.permission in legal_steps(sale),
        "room": money_text(room_to_pay_cents(sale), sale.row.currency, sale.row.currency_digits) if name == "pay" else "",
    }  # fmt: skip
    return render(request, "desk/sales/step.html", context, status=status)


def actions_of(sale: LoadedSale, actor: Actor) -> list[Action]:
    """Return the next steps that an actor may take as links and buttons, the most usual first."""
    number, legal = sale.row.number, legal_steps(sale)
    found = [
        Action(label=step.label, href=reverse("sale_step", args=[number, name]), icon=step.icon)
        for name, step in STEPS.items()
        if step.permission in legal and actor.may(step.permission)
    ]
    if sale.row.channel != "shop" and actor.may("returns.note_purchase"):
        found.append(
            Action(label=_("Confirmed at the purchase"), href=reverse("sale_notices", args=[number]), icon="list-check")
        )
    if "sales.pick" in legal and actor.may("sales.pick"):
        found.insert(
            0, Action(label=_("Pick"), href=reverse("sale_pick", args=[number]), icon="list-check", method="post")
        )
    if "sales.close_order" in legal and actor.may("sales.close_order"):
        found.append(
            Action(label=_("Close the order"), href=reverse("sale_close", args=[number]), icon="x", method="post")
        )
    return found


@page("sales.close_order")
@require_POST
def sale_close(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Give up what an order has not shipped."""
    done = close_order(CloseOrder(sale=number), actor=actor)
    row = loaded_sale(number).row
    said = _("%(number)s: closed. What was not shipped will not be.") % {"number": number}
    if left := int(done.answer["deposit_cents"]):
        said += " " + _("%(money)s was paid ahead and can be given back.") % {
            "money": money_text(left, row.currency, row.currency_digits)
        }
    messages.success(request, said)
    return redirect("sale_page", number)


@page("sales.sign")
@require_POST
def sale_sign(request: HttpRequest, actor: Actor, number: str, parcel: str) -> HttpResponseBase:
    """Record the day on which a parcel was signed for."""
    day = DayForm({"on": request.POST.get("on", ""), "key": "-"})
    if day.is_valid():
        sign_shipment(SignShipment(shipment=parcel, signed_on=day.cleaned_data["on"]), actor=actor)
        messages.success(request, _("%(parcel)s: signed for.") % {"parcel": parcel})
    else:
        messages.error(request, _("Enter a day."))
    return redirect("sale_page", number)


@page("sales.pick")
@require_POST
def sale_pick(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Make the pick list of one order."""
    return redirect("pick_page", make_pick(MakePick(sales=(number,)), actor=actor).document)
