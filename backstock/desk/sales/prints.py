"""Papers of the browser: the quote, the delivery note of an order, the receipt of the till; each prints on its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.figures import money_text
from backstock.desk.sales import wording
from backstock.desk.sales.quotes import quote_context, seller_names
from backstock.partners.queries import address_for
from backstock.sales.models import SaleLine
from backstock.sales.queries import discounts_of, loaded_sale, shipments_of, tenders_of


@page("sales.view")
def quote_print(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a quote as paper."""
    context = quote_context(number)
    return render(
        request, "desk/sales/print.html", {**context, "company": company(), "title": _("Quote"), "number": number}
    )


def sale_context(number: str) -> dict[str, Any]:
    """Return what papers of a sale show."""
    sale = loaded_sale(number).row

    def money(cents: int) -> str:
        return money_text(cents, sale.currency, sale.currency_digits)

    lines = list(SaleLine.objects.filter(sale=sale).select_related("product").order_by("position"))
    net, tax = sum(line.net_cents for line in lines), sum(line.tax_cents for line in lines)
    return {
        "company": company(),
        "sale": sale,
        "number": sale.number,
        "customer": sale.customer,
        "lines": [wording.priced_line(line, sale.currency, sale.currency_digits) for line in lines],
        "discounts": [(wording.discount_words(each), money(-each.amount_cents)) for each in discounts_of(sale.pk)],
        "net": money(net),
        "tax": money(tax) if tax else "",
        "shipping": money(sale.shipping_cents) if sale.shipping_cents else "",
        "total": money(net + tax + sale.shipping_cents),
        "paid": [(words.word(words.TENDERS, each.tender), money(each.paid_cents)) for each in tenders_of(sale.pk)],
        "owed": money(sale.owed_cents) if sale.owed_cents > 0 else "",
        "seller": seller_names({sale.salesperson_id}).get(sale.salesperson_id, ""),
        "ship_to": address_for(sale.customer_id, sale.address_id),
        "parcels": shipments_of(sale.pk),
    }


@page("sales.view")
def sale_print(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show an order as the delivery note that goes with the goods."""
    return render(request, "desk/sales/print.html", {**sale_context(number), "title": _("Delivery note")})


@page("sales.view")
def sale_receipt(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show the receipt of the till."""
    return render(request, "desk/sales/receipt.html", {**sale_context(number), "may_sell": actor.may("sales.sell")})
