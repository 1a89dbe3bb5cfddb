"""Answers the line editor while somebody types or scans: which product is meant, at which price, how many are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from backstock.catalog.models import Product
from backstock.catalog.prices import Prices, prices_for
from backstock.catalog.queries import (
    Item,
    load_catalogue,
    matching_products,
    product_of_barcode,
    product_of_code,
    products_by_id,
)
from backstock.core import clock
from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.figures import quantity_text
from backstock.partners.queries import level_of, partner_ids, supplier_meant
from backstock.purchases.queries import last_prices
from backstock.stock.queries import on_shelf

MOST = 12


def last_costs(request: HttpRequest, actor: Actor, products: Sequence[Product]) -> dict[int, dict[str, str]]:
    """Propose unit and cost of the last purchase, on forms that name a supplier, to those who see purchases."""
    supplier = request.GET.get("supplier")
    if supplier is None or not actor.may("purchases.view"):
        return {}
    code = supplier_meant(supplier.strip()[:200]) if supplier.strip() else ""
    last = last_prices(partner_ids([code]).get(code, 0) if code else 0, (product.pk for product in products))
    return {
        pk: {"cost": decimal_text(price.unit_cost_e6, 6), **({"unit": price.unit} if price.unit else {})}
        for pk, price in last.items()
    }


def prices_of(request: HttpRequest, products: Sequence[Product]) -> Prices:
    """Return what products cost today: the customer whom the form names, or everybody."""
    customer = request.GET.get("customer", "").strip()[:200]
    level = level_of(customer) if customer else ""
    return prices_for([product.pk for product in products], level, clock.today(company().timezone))


def described(
    products: Sequence[Product], prices: Prices, costs: Mapping[int, Mapping[str, str]] | None = None, **more: str
) -> list[dict[str, Any]]:
    """Describe products as the editor shows them: one statement whatever their number."""
    there = on_shelf(product.pk for product in products)
    return [
        {
            "sku": product.sku,
            "name": product.name,
            "unit": product.unit,
            "price": decimal_text(prices.of(Item(product)), 6),
            "stock": quantity_text(there.get(product.pk, 0), product.unit),
            "tracking": product.tracking,
            **(costs or {}).get(product.pk, {}),
            **more,
        }
        for product in products
    ]


@page("catalog.view")
def find(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Answer the products whose code or name fits what was typed so far."""
    text = request.GET.get("q", "").strip()[:100]
    ids = matching_products(text, MOST) if text else []
    found = products_by_id(ids)
    products = [found[pk] for pk in ids if pk in found and found[pk].archived_at is None]
    return JsonResponse(
        {"products": described(products, prices_of(request, products), last_costs(request, actor, products))}
    )


@page("catalog.view")
def scan(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Answer the product of a scanned code: a barcode with its unit, its own code, a lot or a serial number."""
    code = request.GET.get("code", "").strip()[:100]
    if code and (labelled := product_of_barcode(code)):
        product, unit = labelled
        item, prices = load_catalogue(ids=[product.pk]).by_id[product.pk], prices_of(request, [product])
        # The cost of another unit is no proposal for this one.
        costs = {
            pk: cost
            for pk, cost in last_costs(request, actor, [product]).items()
            if cost.get("unit", item.product.unit) == unit
        }
        shown = described([product], prices, costs)[0]
        return JsonResponse(shown | {"unit": unit, "price": decimal_text(prices.of(item, unit), 6)})
    found = product_of_code(code) if code else None
    if found is None:
        return JsonResponse({"problem": _("No product has the code %(code)s.") % {"code": code}}, status=404)
    product, kind = found
    more = {"serial": code} if kind == "serial" else {"lot": code} if kind == "lot" else {}
    return JsonResponse(
        described([product], prices_of(request, [product]), last_costs(request, actor, [product]), **more)[0]
    )
