"""The page of one product: everything about it, and what may be done with it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_response_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstock.catalog.commands.archive import ArchiveProduct, archive_product
from backstock.catalog.models import Product, ProductImage
from backstock.catalog.prices import prices_on
from backstock.catalog.queries import lots_by_id, parts_of
from backstock.catalog.tree import category_names, price_levels, tax_classes
from backstock.core import clock, files
from backstock.core.amounts import decimal_text
from backstock.core.permissions import Actor
from backstock.core.pictures import CONTENT_TYPE, SMALL_VARIANT
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.catalog.listing import TRACKING, language, price_text
from backstock.desk.figures import day_text, quantity_text
from backstock.partners.queries import partners_by_id
from backstock.stock.places import grade_of, kind_of, warehouse_of
from backstock.stock.queries import quantities_by_lot, quantities_by_place
from backstock.warehouse.queries import warehouse_names

MOST_LOTS = 100
A_YEAR = 365 * 24 * 3600


def facts(product: Product) -> list[tuple[str, str]]:
    """Write the product's own columns in words."""
    rate = f"{decimal_text(product.tax_rate_e6, 4)} %"
    classes = {row.code: row.called(language()) for row in tax_classes()} if product.tax_class else {}
    said = classes.get(product.tax_class, product.tax_class)
    days = product.shelf_life_days
    found = [
        (_("Spec"), product.spec),
        (_("Brand"), product.brand),
        (_("Category"), category_names([product.category], language()).get(product.category, "")),
        (_("Unit"), product.unit),
        (_("Price"), f"{price_text(product.price_e6)} / {product.unit}"),
        (_("Tax"), f"{rate} ({said})" if said else rate),
        (_("Tracking"), str(TRACKING[product.tracking])),
        (_("Shelf life"), _("%(days)s days") % {"days": days} if days else ""),
        (_("Returns"), _("taken back") if product.returnable else _("not taken back")),
    ]
    return [(label, text) for label, text in found if text]


def stock_rows(product: Product) -> tuple[list[tuple[str, str]], str]:
    """Say what lies where, our places only, and what is for sale in all."""
    names, total = warehouse_names(), 0
    found: list[tuple[str, str]] = []
    for place, quantity_e4 in sorted(quantities_by_place(product.pk).items()):
        if kind_of(place) in ("sellable", "quarantine", "repair", "transit"):
            found.append((words.place_words(place, names), quantity_text(quantity_e4, product.unit)))
            if kind_of(place) == "sellable" and not grade_of(place) and warehouse_of(place):
                total += quantity_e4
    return found, quantity_text(total, product.unit)


def lot_rows(product: Product) -> list[dict[str, Any]]:
    """List the lots or serial numbers that are in stock, the one that expires first at the head."""
    held = quantities_by_lot(product.pk)
    lots = lots_by_id(held)
    suppliers = partners_by_id(lot.supplier_id for lot in lots.values())
    today = clock.today(company().timezone)
    ordered = sorted(lots.values(), key=lambda lot: (lot.expires_on is None, lot.expires_on or today, lot.code))
    return [
        {
            "code": lot.code,
            "quantity": quantity_text(held[lot.pk], product.unit),
            "made": day_text(lot.made_on) if lot.made_on else "",
            "expires": day_text(lot.expires_on) if lot.expires_on else "",
            "is_expired": bool(lot.expires_on and lot.expires_on < today),
            "supplier": str(suppliers[lot.supplier_id]) if lot.supplier_id in suppliers else "",
        }
        for lot in ordered[:MOST_LOTS]
    ]


def price_rows(product: Product) -> list[tuple[str, str, str]]:
    """List the prices that hold today: level, unit, price."""
    levels = {row.code: row.called(language()) for row in price_levels()}
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for (_pk, level, unit), price in sorted(prices_on([product.pk], None, clock.today(company().timezone)).items()):
        name = levels.get(level, level) if level else _("Everybody")
        found[level].append((name, unit or product.unit, price_text(price)))
    return [row for level in ["", *levels] for row in found[level]]


@page("catalog.view")
def product_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Show one product."""
    product = get_object_or_404(Product, pk=pk)
    places, total = stock_rows(product)
    context = {
        "product": product,
        "facts": facts(product),
        "units": [
            (each.unit, f"{each.numerator}/{each.denominator}".removesuffix("/1"))
            for each in product.units.order_by("pk")
        ],
        "barcodes": [(each.code, each.unit or product.unit) for each in product.barcodes.order_by("pk")],
        "prices": price_rows(product),
        "parts": [
            (part, quantity_text(quantity_e4, part.unit))
            for part, quantity_e4 in (parts_of(pk) if product.is_kit else [])
        ],
        "images": list(product.images.order_by("position")),
        "places": places,
        "total": total,
        "lots": lot_rows(product) if product.tracking != "none" else [],
        "may_revise": actor.may("catalog.revise"),
        "may_archive": actor.may("catalog.archive"),
        "may_see_card": actor.may("stock.view"),
    }
    return render(request, "desk/catalog/page.html", context)


@require_POST
@page("catalog.archive")
def product_archive(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Archive a product or bring it back."""
    product = get_object_or_404(Product, pk=pk)
    archived = request.POST.get("archived") == "1"
    archive_product(ArchiveProduct(sku=product.sku, archived=archived), actor=actor)
    said = _("%(sku)s is archived.") if archived else _("%(sku)s is in use again.")
    messages.success(request, said % {"sku": product.sku})
    return redirect("product_page", pk)


@page("catalog.view")
def picture(request: HttpRequest, actor: Actor, name: str, size: str = "") -> HttpResponseBase:
    """Send a picture of a product to somebody who is logged in; its name is its content, so it never changes."""
    if not files.is_kept(name) or not ProductImage.objects.filter(content_hash=name).exists():
        raise Http404
    variant = SMALL_VARIANT if size == "small" and files.size_of(name, SMALL_VARIANT) else ""
    answer = StreamingHttpResponse(files.read(name, variant), content_type=CONTENT_TYPE)
    patch_response_headers(answer, A_YEAR)
    answer.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
