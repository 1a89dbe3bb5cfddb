"""Answers the line editor while somebody types or scans: which product is meant, at which price, how many are there."""

from __future__ import annotations

from collections.abc import Sequence
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
)
from backstock.core import clock
from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.figures import quantity_text
from backstock.partners.queries import level_of, partner_ids, supplier_meant
from backstock.purchases.queries import last_prices
from backstock.sales.picking import reserved
from backstock.stock.queries import on_shelf
from backstock.stock.reserving import reserved_goods

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


def free_to_sell(request: HttpRequest, products: Sequence[Product]) -> dict[int, int]:
    """Return how many are on the shelf; on forms that name a customer less what pick lists and exchanges hold for others."""
    there = on_shelf(product.pk for product in products)
    if "customer" in request.GET:
        for (product, _warehouse), held_e4 in reserved(product.pk for product in products).items():
            there[product] = there.get(product, 0) - held_e4
        for (product, _warehouse), held_e4 in reserved_goods(product.pk for product in products).items():
            there[product] = there.get(product, 0) - held_e4
    return there


def described(request: HttpRequest, actor: Actor, items: Sequence[Item], **more: str) -> list[dict[str, Any]]:
    """Describe products as the editor shows them, with their prices unit by unit; statements do not grow with them."""
    products = [item.product for item in items]
    prices, there, costs = (
        prices_of(request, products),
        free_to_sell(request, products),
        last_costs(request, actor, products),
    )
    found = []
    for item in items:
        product = item.product
        by_unit = {unit: decimal_text(prices.of(item, unit), 6) for unit in (product.unit, *item.units)}
        found.append(
            {
                "sku": product.sku,
                "name": product.name,
                "unit": product.unit,
                "price": by_unit[product.unit],
                "prices": by_unit,
                "stock": quantity_text(there.get(product.pk, 0), product.unit),
                "tracking": product.tracking,
                **costs.get(product.pk, {}),
                **more,
            }
        )
    return found


@page("catalog.view")
def find(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Answer the products whose code or name fits what was typed so far."""
    text = request.GET.get("q", "").strip()[:100]
    ids = matching_products(text, MOST) if text else []
    found = load_catalogue(ids=ids).by_id
    items = [found[pk] for pk in ids if pk in found and found[pk].product.archived_at is None]
    return JsonResponse({"products": described(request, actor, items)})


@page("catalog.view")
def scan(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Answer the product of a scanned code: a barcode with its unit, its own code, a lot or a serial number."""
    code = request.GET.get("code", "").strip()[:100]
    if code and (labelled := product_of_barcode(code)):
        product, unit = labelled
        item = load_catalogue(ids=[product.pk]).by_id[product.pk]
        shown = described(request, actor, [item])[0]
        if shown["unit"] != unit:
            # The cost of another unit is no proposal for this one.
            shown.pop("cost", None)
        return JsonResponse(shown | {"unit": unit, "price": shown["prices"][unit]})
    found = product_of_code(code) if code else None
    if found is None:
        return JsonResponse({"problem": _("No product has the code %(code)s.") % {"code": code}}, status=404)
    product, kind = found
    more = {"serial": code} if kind == "serial" else {"lot": code} if kind == "lot" else {}
    item = load_catalogue(ids=[product.pk]).by_id[product.pk]
    return JsonResponse(described(request, actor, [item], **more)[0])
