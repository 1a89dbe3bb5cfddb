"""The page of one sale: what was sold and shipped, what came back, its money, its returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.parts import Tone
from backstock.desk.returns.steps import next_words
from backstock.desk.sales import wording
from backstock.desk.sales.forms import today
from backstock.desk.sales.goods import SoldGoods, goods_sold
from backstock.desk.sales.quotes import seller_names
from backstock.desk.sales.steps import actions_of
from backstock.partners.queries import address_for
from backstock.returns.after.exchanges import numbers_of_lines
from backstock.returns.models import Return
from backstock.returns.queries import legal_actions, progress, returns_of_sale, with_lines
from backstock.sales.loading import LoadedLine, LoadedSale
from backstock.sales.models import Sale
from backstock.sales.queries import (
    cost_of_kept,
    discounts_of,
    invoices_of,
    loaded_sale,
    net_of_kept,
    progress_of,
    shipments_of,
    tenders_of,
)


@dataclass(frozen=True, kw_only=True)
class LineView:
    """One line of a sale in words."""

    name: str
    sku: str
    sold: str
    shipped: str
    returned: str
    on_the_way: str
    returnable: str
    amount: str
    codes: str
    price: str = ""
    cancelled: str = ""
    is_gift: bool = False
    # What left in place of goods that came back names their return.
    in_place_of: str = ""


@dataclass(frozen=True, kw_only=True)
class ReturnView:
    """One return of a sale in words."""

    number: str
    status: str
    tone: Tone
    waits: str


def line_view(line: LoadedLine, goods: list[SoldGoods], sale: Sale, in_place_of: str) -> LineView:
    product = goods[0].product

    def said(quantity_e4: int) -> str:
        return quantity_text(quantity_e4, product.unit)

    amount = money_text(line.row.net_cents + line.row.tax_cents, sale.currency, sale.currency_digits)
    shipped = line.in_line_units("shipped_e4")
    codes = [each.lot for each in goods if each.lot] + [code for each in goods for code in each.serials]
    return LineView(
        name=product.name or product.sku,
        sku=product.sku,
        sold=said(line.row.quantity_e4),
        shipped=said(shipped),
        returned=said(shipped - line.kept_e4),
        on_the_way=said(line.in_line_units("open_e4")),
        returnable=said(sum(each.returnable_e4 for each in goods)),
        amount=amount,
        codes=", ".join(codes),
        price=price_text(line, product.unit, sale),
        cancelled=said(line.row.cancelled_e4) if line.row.cancelled_e4 else "",
        is_gift=line.row.is_gift,
        in_place_of=in_place_of,
    )


def price_text(line: LoadedLine, unit: str, sale: Sale) -> str:
    """Write how a line was ordered: so many of a unit at a price."""
    entered = quantity_text(line.row.entered_e4 or line.row.quantity_e4, line.row.unit or unit)
    return f"{entered} × {wording.price_text(line.row.unit_price_e6, sale.currency, sale.currency_digits)}"


def margin_view(sale: LoadedSale) -> dict[str, str]:
    """Write what the goods the customer keeps bring us, for who may see ledgers."""
    own = company()
    net, cost = net_of_kept(sale), cost_of_kept(sale)
    if not net and not cost:
        return {}

    def money(cents: int) -> str:
        return money_text(cents, own.currency, own.currency_digits)

    percent = f"{(net - cost) * 1000 // net / 10:.1f} %" if net else "–"
    return {"net": money(net), "cost": money(cost), "margin": money(net - cost), "percent": percent}


def money_view(sale: LoadedSale) -> dict[str, Any]:
    """Write what was agreed, billed, paid, and given back."""
    row = sale.row

    def money(cents: int) -> str:
        return money_text(cents, row.currency, row.currency_digits)

    net, tax = (sum(getattr(line.row, name) for line in sale.ordered) for name in ("net_cents", "tax_cents"))
    return {
        "net": money(net),
        "tax": money(tax) if tax else "",
        "shipping": money(row.shipping_cents) if row.shipping_cents else "",
        "total": money(net + tax + row.shipping_cents),
        "invoiced": money(row.invoiced_cents),
        "credited": money(row.credited_cents) if row.credited_cents else "",
        "owed": money(row.owed_cents) if row.owed_cents > 0 else "",
        "deposit": money(-row.owed_cents) if row.owed_cents < 0 else "",
        "discounts": [(wording.discount_words(each), money(-each.amount_cents)) for each in discounts_of(row.pk)],
        "invoices": [
            (each.number, each.invoiced_on, money(each.net_cents + each.tax_cents + each.shipping_cents))
            for each in invoices_of(row.pk)
        ],
        "tenders": [
            (words.word(words.TENDERS, each.tender), money(each.paid_cents), money(each.refunded_cents) if each.refunded_cents else "")
            for each in tenders_of(row.pk)
        ],
    }  # fmt: skip


def ship_to(sale: Sale) -> str:
    """Write where the goods go: the chosen address, the customer's default, or the one on file."""
    address = address_for(sale.customer_id, sale.address_id)
    return wording.address_text(address) if address else sale.customer.address


def returns_view(sale_id: int) -> list[ReturnView]:
    """List the returns of a sale with how they stand, the newest first."""
    found = Return.objects.filter(pk__in=returns_of_sale(sale_id)).order_by("-pk")
    return [
        ReturnView(
            number=rma.row.number,
            status=words.word(words.STATUSES, progress(rma)),
            tone=words.tone(words.STATUSES, progress(rma)),
            waits=next_words(legal_actions(rma), rma.row.type == "refund_only"),
        )
        for rma in with_lines(list(found))
    ]


@page("sales.view")
def sale_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one sale."""
    sale = loaded_sale(number)
    goods = goods_sold(sale)
    others = numbers_of_lines(line.row.return_line_id for line in sale.lines)
    status, actions = progress_of(sale), actions_of(sale, actor)
    context = {
        "sale": sale.row,
        "channel": words.word(words.CHANNELS, sale.row.channel),
        "status": words.word(words.SALE_STATUSES, status),
        "tone": words.tone(words.SALE_STATUSES, status),
        "lines": [
            line_view(
                line, [each for each in goods if each.line is line], sale.row, others.get(line.row.return_line_id, "")
            )
            for line in sale.lines
            if not line.row.return_line_id or line.row.cancelled_e4 < line.row.quantity_e4
        ],
        "money": money_view(sale),
        "ship_to": ship_to(sale.row),
        "shipments": shipments_of(sale.row.pk),
        "returns": returns_view(sale.row.pk) if actor.may("returns.view") else [],
        "actions": actions,
        "main_step": next((each.href for each in actions if each.method == "get"), ""),
        "margin": margin_view(sale) if actor.may("ledgers.view") else {},
        "seller": seller_names({sale.row.salesperson_id}).get(sale.row.salesperson_id, ""),
        "rate": decimal_text(sale.row.rate_e9, 9) if sale.row.currency != company().currency else "",
        "may_sign": actor.may("sales.sign"),
        "may_copy": actor.may("sales.sell"),
        "today": today(),
        "may_return": actor.may("returns.request") and any(each.returnable_e4 for each in goods),
    }
    return render(request, "desk/sales/page.html", context)
