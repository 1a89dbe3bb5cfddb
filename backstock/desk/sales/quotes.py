"""The list of quotes and the page of one: what was offered, and its way to an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.parts import Action, Empty
from backstock.desk.sales import wording
from backstock.desk.sales.forms import today
from backstock.desk.tables import Column, Filter, Table
from backstock.sales.commands.confirm import ConfirmQuote, confirm_quote
from backstock.sales.commands.quote import WithdrawQuote, withdraw_quote
from backstock.sales.models import Quote, QuoteLine, Sale
from backstock.sales.queries import all_quotes, find_quotes
from backstock.sales.quotes import discounts_of_quotes, lines_of_quotes, load_quotes, quote_of


@dataclass(frozen=True, slots=True)
class Row:
    """One quote of the list."""

    head: Quote
    lines: list[QuoteLine]
    state: str
    seller: str

    @property
    def total_cents(self) -> int:
        return sum(line.net_cents + line.tax_cents for line in self.lines) + self.head.shipping_cents

    @property
    def items(self) -> str:
        said = [
            f"{line.product.name or line.product.sku} × {quantity_text(line.quantity_e4)}" for line in self.lines[:2]
        ]
        more = [_("%(count)s more") % {"count": len(self.lines) - 2}] if len(self.lines) > 2 else []
        return ", ".join([*said, *more])


def prepare(rows: Sequence[Quote]) -> list[Row]:
    """Read the lines of a page of quotes and who made them."""
    lines, day = lines_of_quotes(row.pk for row in rows), today()
    people = seller_names({row.salesperson_id for row in rows})
    return [Row(row, lines[row.pk], row.standing_on(day), people.get(row.salesperson_id, "")) for row in rows]


def seller_names(ids: set[int]) -> dict[int, str]:
    """Return what salespeople are called; nobody asked costs no statement."""
    wanted = ids - {0}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def in_state(rows: QuerySet[Quote], state: str) -> QuerySet[Quote]:
    """Narrow quotes to a state; lapsed is what open ones are after their last day."""
    if state == "lapsed":
        return rows.filter(status="open", valid_until__lt=today())
    if state == "open":
        return rows.filter(status="open").exclude(valid_until__lt=today())
    return rows.filter(status=state)


TABLE = Table[Row](
    name="quotes",
    path="/sales/quotes/",
    title=gettext_lazy("Quotes"),
    rows=all_quotes,
    prepare=prepare,
    search=find_quotes,
    search_hint=gettext_lazy("Number, reference, customer, phone, product"),
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("quote_page", args=[row.head.number]),
        ),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: words.word(wording.QUOTE_STATUSES, row.state),
            tone=lambda row: words.tone(wording.QUOTE_STATUSES, row.state),
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: str(row.head.customer), sort="customer__name"),
        Column(key="items", label=gettext_lazy("Products"), value=lambda row: row.items),
        Column(
            key="total", label=gettext_lazy("Total"), kind="money", value=lambda row: row.total_cents,
            currency=lambda row: (row.head.currency, row.head.currency_digits),
        ),
        Column(key="quoted", label=gettext_lazy("Quoted on"), kind="day", value=lambda row: row.head.quoted_on, sort="quoted_on"),
        Column(key="until", label=gettext_lazy("Good until"), kind="day", value=lambda row: row.head.valid_until, sort="valid_until"),
        Column(key="seller", label=gettext_lazy("Salesperson"), value=lambda row: row.seller),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), apply=in_state,
            choices=[(code, label) for code, (label, _tone) in wording.QUOTE_STATUSES.items()],
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="file-text",
        title=gettext_lazy("No quotes yet"),
        explanation=gettext_lazy("A quote names prices to a customer; when it is ordered, one press makes the order of it."),
        action=Action(label=gettext_lazy("New quote"), href="/sales/quotes/new/", icon="plus"),
    ),
)  # fmt: skip


@page("sales.view")
def quote_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the quotes."""
    new = [Action(label=_("New quote"), href=reverse("quote_new"), icon="plus")] if actor.may("sales.quote") else []
    return TABLE.respond(request, "desk/sales/list.html", {"heading": _("Quotes"), "actions": new})


def quote_context(number: str) -> dict[str, object]:
    """Return what the page and the print of a quote show."""
    quote = quote_of(load_quotes([number], lock=False), number)
    lines = lines_of_quotes([quote.pk])[quote.pk]

    def money(cents: int) -> str:
        return money_text(cents, quote.currency, quote.currency_digits)

    net, tax = sum(line.net_cents for line in lines), sum(line.tax_cents for line in lines)
    state = quote.standing_on(today())
    return {
        "quote": quote,
        "customer": quote.customer,
        "state": state,
        "status": words.word(wording.QUOTE_STATUSES, state),
        "tone": words.tone(wording.QUOTE_STATUSES, state),
        "lines": [wording.priced_line(line, quote.currency, quote.currency_digits) for line in lines],
        "discounts": [(wording.discount_words(each), money(-each.amount_cents)) for each in discounts_of_quotes([quote.pk])[quote.pk]],
        "net": money(net),
        "tax": money(tax) if tax else "",
        "shipping": money(quote.shipping_cents) if quote.shipping_cents else "",
        "total": money(net + tax + quote.shipping_cents),
        "seller": seller_names({quote.salesperson_id}).get(quote.salesperson_id, ""),
    }  # fmt: skip


@page("sales.view")
def quote_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one quote."""
    context = quote_context(number)
    quote = cast(Quote, context["quote"])
    context |= {
        "sale": Sale(pk=quote.sale_id).number if quote.sale_id else "",
        "may_confirm": context["state"] == "open" and actor.may("sales.confirm"),
        "may_withdraw": quote.status == "open" and actor.may("sales.withdraw_quote"),
        "may_copy": actor.may("sales.quote"),
    }
    return render(request, "desk/sales/quote.html", context)


@page("sales.confirm")
@require_POST
def quote_confirm(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Make the order of a quote."""
    done = confirm_quote(ConfirmQuote(quote=number), actor=actor)
    messages.success(request, _("%(number)s: ordered as quoted.") % {"number": done.document})
    return redirect("sale_page", done.document)


@page("sales.withdraw_quote")
@require_POST
def quote_withdraw(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Take an offer back."""
    withdraw_quote(WithdrawQuote(quote=number), actor=actor)
    messages.success(request, _("%(number)s: withdrawn.") % {"number": number})
    return redirect("quote_page", number)
