"""A new quote and a new order: the same page, with rows that are typed or scanned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from backstock.core.amounts import decimal_text
from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.figures import money_text
from backstock.desk.line_editor import LineEditor
from backstock.desk.parts import Text
from backstock.desk.sales.forms import (
    OrderForm,
    OrderLine,
    QuoteForm,
    TermsForm,
    address_choices,
    customers_offered,
    digits_typed,
    today,
    wanted_lines,
)
from backstock.sales.commands.quote import MakeQuote, make_quote
from backstock.sales.commands.sell import Sell, sell
from backstock.sales.orders import Terms
from backstock.sales.queries import asked_again, reckoned

type Make = Callable[[TermsForm, LineEditor], Terms]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is entered: a quote or an order."""

    heading: Text
    save: Text
    form: type[TermsForm]
    done: Text
    page_name: str
    start: Mapping[str, Any] = field(default_factory=dict)


QUOTE = Kind(
    heading=gettext_lazy("New quote"), save=gettext_lazy("Save the quote"), form=QuoteForm,
    done=gettext_lazy("Quote saved. Print it for the customer, or confirm it when it is ordered."), page_name="quote_page",
)  # fmt: skip
ORDER = Kind(
    heading=gettext_lazy("New order"), save=gettext_lazy("Save the order"), form=OrderForm,
    done=gettext_lazy("Order saved. Pick and ship it, or take a deposit."), page_name="sale_page",
)  # fmt: skip


def asked_quote(form: TermsForm, editor: LineEditor) -> MakeQuote:
    """Return the quote that was typed."""
    return MakeQuote(lines=wanted_lines(editor), valid_until=form.cleaned_data["valid_until"], **form.terms())


def asked_order(form: TermsForm, editor: LineEditor) -> Sell:
    """Return the order that was typed; it waits until it is shipped, billed and paid."""
    data = form.cleaned_data
    return Sell(
        lines=wanted_lines(editor), promised_on=data["promised_on"], payment_days=data["payment_days"],
        address=data["address"], shipped="none",
        invoiced=False, paid="none", **form.terms(),
    )  # fmt: skip


def start_of(copied: Terms | None, digits: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a form shows that copies another document: its head and its rows."""
    if copied is None:
        return {}, []
    head = {
        "customer": copied.customer, "channel": copied.channel, "shipping": copied.shipping_cents or "",
        "order_discount": sum(each.amount_cents for each in copied.all_discounts) or "", "reference": copied.reference,
    }  # fmt: skip
    if copied.currency and copied.currency != company().currency:
        head |= {"currency": copied.currency, "rate": decimal_text(copied.rate_e9, 9)}
    rows = [
        {
            "sku": line.sku, "quantity": line.quantity_e4, "unit": line.unit or "", "price": line.unit_price_e6,
            "discount": line.discount_cents or "", "gift": line.gift,
        }
        for line in copied.lines
    ]  # fmt: skip
    return head, rows


def enter(
    request: HttpRequest, actor: Actor, kind: Kind, make: Make, save: Callable[[Any, str], Done]
) -> HttpResponseBase:
    """Show the form, reckon what was typed, or save it."""
    data = request.POST if request.method == "POST" else None
    copied = asked_again(request.GET.get("copy", "")) if data is None else None
    digits = digits_typed(data if data is not None else {"currency": (copied and copied.currency) or ""})
    head, rows = start_of(copied, digits)
    form = kind.form(data, actor=actor, digits=digits, initial={**head, "valid_until": today() + timedelta(days=30)})
    editor = LineEditor(OrderLine, data, rows, digits=digits)
    context: dict[str, Any] = {}
    status = 200
    if data is not None and not editor.wants_more:
        status = 422
        if form.is_valid() & editor.is_valid:
            try:
                wanted = make(form, editor)
                if "reckon" in data:
                    context["total"], status = total_text(wanted), 200
                else:
                    done = save(wanted, form.cleaned_data["key"])
                    messages.success(request, f"{done.document}: {kind.done}")
                    return redirect(kind.page_name, done.document)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
    context |= {"kind": kind, "form": form, "editor": editor, "customers": customers_offered()}
    return render(request, "desk/sales/enter.html", context, status=status)


def total_text(wanted: Terms) -> str:
    """Say what an order would cost, tax and all."""
    total, currency, digits = reckoned(company(), wanted)
    return money_text(total, currency, digits)


@page("sales.quote")
def quote_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Make a quote."""
    return enter(request, actor, QUOTE, asked_quote, lambda wanted, key: make_quote(wanted, actor=actor, key=key))


@page("sales.sell")
def order_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Take an order."""
    return enter(request, actor, ORDER, asked_order, lambda wanted, key: sell(wanted, actor=actor, key=key))


@page("sales.sell")
def order_addresses(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Answer the addresses of the customer that was typed, the default first."""
    choices = address_choices(request.GET.get("customer", ""))
    return JsonResponse({"addresses": [{"id": pk, "text": text} for pk, text in choices]})
