"""The till: scan, take the money, print the receipt; one command."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.core.amounts import decimal_text, round_to
from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.fields import AmountField, Keyed, TextLine
from backstock.desk.figures import money_text
from backstock.desk.line_editor import LineEditor
from backstock.desk.sales.forms import CustomerField, OrderLine, customers_offered
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.queries import partner_ids
from backstock.sales.commands.sell import Sell, sell
from backstock.sales.orders import SellLine, Tender
from backstock.sales.queries import reckoned

WALK_IN = "WALKIN"
OTHERS = ("wechat", "alipay", "card", "bank", "store_credit")


class TillLine(OrderLine):
    """One row at the till; the price of the list stands unless another is typed."""

    lot = TextLine(label=gettext_lazy("Lot"), most=60)
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=6000)
    field_order = ("sku", "quantity", "price", "discount", "lot", "serials")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "gift"):
            del self.fields[name]

    def wanted(self) -> SellLine:
        """Return the row as the command takes it."""
        data = self.cleaned_data
        return SellLine(
            sku=data["sku"], quantity_e4=data["quantity"], unit_price_e6=data["price"], discount_cents=data["discount"] or 0,
            lot=data["lot"] or None, serials=tuple(data["serials"].replace(",", " ").replace("，", " ").split()),
        )  # fmt: skip


class TillForm(Keyed):
    """The customer and the money at the till."""

    customer = CustomerField(required=False)
    order_discount = AmountField(label=gettext_lazy("Discount on the whole"))
    cash = AmountField(label=gettext_lazy("Cash received"))
    wechat = AmountField(label=words.TENDERS["wechat"])
    alipay = AmountField(label=words.TENDERS["alipay"])
    card = AmountField(label=words.TENDERS["card"])
    bank = AmountField(label=words.TENDERS["bank"])
    store_credit = AmountField(label=words.TENDERS["store_credit"])
    on_account = forms.BooleanField(label=gettext_lazy("The rest on account"), required=False)

    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("order_discount", "cash", *OTHERS):
            fields[name].digits = digits
        fields["cash"].widget.attrs |= {"data-till-cash": "", "class": "form-control form-control-lg text-end"}
        for name in OTHERS:
            fields[name].widget.attrs["data-till-other"] = ""

    def clean(self) -> None:
        """Let only a customer with a name owe money."""
        if self.cleaned_data.get("on_account") and self.cleaned_data.get("customer") in ("", WALK_IN):
            said = _("A customer without a name pays at once. Enter the customer, or take the whole amount.")
            self.add_error("on_account", said)

    @property
    def others(self) -> list[forms.BoundField]:
        """The means of payment beside cash."""
        return [self[name] for name in OTHERS]


def order_of(form: TillForm, editor: LineEditor, actor: Actor, **more: Any) -> Sell:
    """Return what was scanned as an order."""
    data = form.cleaned_data
    lines = tuple(each.wanted() for each in editor.filled if isinstance(each, TillLine))
    return Sell(
        customer=data["customer"] or walk_in(actor), lines=lines, order_discount_cents=data["order_discount"] or 0,
        salesperson=actor.name if actor.user_id else "", **more,
    )  # fmt: skip


def walk_in(actor: Actor) -> str:
    """Return the customer who gives no name, making it at first need."""
    if WALK_IN not in partner_ids([WALK_IN]):
        register_partner(RegisterPartner(code=WALK_IN, is_customer=True, name=_("Walk-in customer")), actor=actor)
    return WALK_IN


class Short(Exception):
    """Less money than the goods cost, and nobody said that the rest is owed."""

    def __init__(self, cents: int) -> None:
        super().__init__()
        self.cents = cents


def settle_up(form: TillForm, total_cents: int, coin_cents: int) -> tuple[Any, int]:
    """Return how the goods are paid, and the change; raise Short. Nothing typed means: exactly, in cash."""
    data = form.cleaned_data
    others = {name: data[name] for name in OTHERS if data[name]}
    due = total_cents - sum(others.values())
    if not others and not data["on_account"] and data["cash"] in (None, round_to(total_cents, coin_cents)):
        return "all", 0
    if not others and not data["on_account"] and (data["cash"] or 0) >= round_to(total_cents, coin_cents):
        return "all", (data["cash"] or 0) - round_to(total_cents, coin_cents)
    cash = data["cash"] or 0
    if due > cash and not data["on_account"]:
        raise Short(due - cash)
    kept = max(0, min(cash, due))
    paid = {**({"cash": kept} if kept else {}), **others}
    return tuple(Tender(tender=name, amount_cents=cents) for name, cents in paid.items()) or "none", cash - kept


@page("sales.sell")
def till(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Sell over the counter."""
    own = company()
    data = request.POST if request.method == "POST" else None
    form = TillForm(data, digits=own.currency_digits)
    editor = LineEditor(TillLine, data, rows=0, digits=own.currency_digits)
    context: dict[str, Any] = {}
    status = 200
    if data is not None and not editor.wants_more:
        status = 422
        if form.is_valid() & editor.is_valid:
            try:
                total = reckoned(own, order_of(form, editor, actor))[0]
                paid, change = settle_up(form, total, own.cash_rounding_cents)
                done = sell(order_of(form, editor, actor, paid=paid), actor=actor, key=form.cleaned_data["key"])
                return receipt_for(request, done, total, change)
            except Short as short:
                missing = money_text(short.cents, own.currency, own.currency_digits)
                form.add_error(
                    "cash",
                    _("%(missing)s is missing. Take it, or let the rest stand on the account.") % {"missing": missing},
                )
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    context |= {"form": form, "editor": editor, "customers": customers_offered()}
    return render(request, "desk/sales/till.html", context, status=status)


def receipt_for(request: HttpRequest, done: Done, total_cents: int, change_cents: int) -> HttpResponseBase:
    """Lead to the receipt with the change to give."""
    own = company()
    if change_cents:
        change = money_text(change_cents, own.currency, own.currency_digits)
        messages.info(request, _("Change: %(change)s") % {"change": change})
    else:
        messages.success(request, _("%(number)s: sold.") % {"number": done.document})
    return redirect("sale_receipt", done.document)


@page("sales.sell")
@require_POST
def till_total(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Reckon what was scanned so far, with tax and discounts."""
    own = company()
    form = TillForm(request.POST, digits=own.currency_digits)
    editor = LineEditor(TillLine, request.POST, digits=own.currency_digits)
    if not (form.is_valid() & editor.is_valid) or not editor.filled:
        return JsonResponse({"total": "", "text": "", "digits": own.currency_digits})
    try:
        total = reckoned(own, order_of(form, editor, actor))[0]
    except REFUSALS as error:
        return JsonResponse(
            {"total": "", "text": "", "digits": own.currency_digits, "problem": str(tell(error).sentence)}
        )
    text = money_text(total, own.currency, own.currency_digits)
    return JsonResponse(
        {"total": decimal_text(total, own.currency_digits, trim=False), "text": text, "digits": own.currency_digits}
    )
