"""The price list: products and their units down, levels across, changed in place and saved together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backstock.catalog.commands.set_prices import SetPrice, set_prices
from backstock.catalog.models import Product, ProductUnit
from backstock.catalog.prices import prices_on
from backstock.catalog.queries import find_products
from backstock.catalog.tree import codes_inside, price_levels
from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.catalog.listing import category_choices, language, price_text
from backstock.desk.fields import Keyed
from backstock.desk.sales.forms import PriceField

PAGE_SIZE = 40


@dataclass(slots=True)
class Box:
    """One price of the grid: what it is, and what somebody typed instead."""

    name: str
    sku: str
    level: str
    unit: str
    label: str
    price_e6: int | None
    typed: str
    problem: str = ""


@dataclass(slots=True)
class Line:
    """One unit of one product with its prices."""

    product: Product
    unit: str
    first: bool
    boxes: list[Box]


def lines_of(products: list[Product], today: date, levels: list[tuple[str, str]], posted: Any) -> list[Line]:
    """Lay out the grid: two statements whatever its size."""
    prices = prices_on((product.pk for product in products), None, today)
    units: dict[int, list[str]] = {product.pk: [""] for product in products}
    for pk, unit in ProductUnit.objects.filter(product__in=products).order_by("pk").values_list("product_id", "unit"):
        units[pk].append(unit)
    found = []
    for product in products:
        for unit in units[product.pk]:
            boxes = []
            for level, label in [("", _("Everybody")), *levels]:
                own = not level and not unit
                now = product.price_e6 if own else prices.get((product.pk, level, unit))
                name = f"p-{product.pk}-{level}-{unit}"
                typed = posted.get(name, "").strip() if posted is not None else price_text(now)
                said = f"{product.sku} {unit or product.unit} {label}"
                boxes.append(Box(name, product.sku, level, unit, said, now, typed))
            found.append(Line(product, unit or product.unit, not unit, boxes))
    return found


def wanted(lines: list[Line], valid_from: date | None) -> list[SetPrice]:
    """Return the prices that were changed; a box that is no price says so."""
    field, found = PriceField(), []
    for box in (box for line in lines for box in line.boxes):
        if box.typed == price_text(box.price_e6):
            continue
        try:
            price = field.to_python(box.typed)
        except ValidationError as error:
            box.problem = str(error.message)
            continue
        if price != box.price_e6:
            own = not box.level and not box.unit
            since = None if own else valid_from
            found.append(SetPrice(sku=box.sku, level=box.level, unit=box.unit, unit_price_e6=price, valid_from=since))
    return found


def asked_for(text: str, category: str) -> QuerySet[Product]:
    """Return the products that somebody wants to see the prices of."""
    rows = Product.objects.filter(archived_at=None)
    rows = find_products(rows, text) if text else rows
    rows = rows.filter(category__in=codes_inside(category)) if category else rows
    return rows.order_by("sku")


@page("catalog.view")
def price_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the price list, and save what was changed in it."""
    text, category = request.GET.get("q", "").strip()[:100], request.GET.get("category", "")
    shown = Paginator(asked_for(text, category), PAGE_SIZE).get_page(request.GET.get("page"))
    today, levels = clock.today(company().timezone), [(row.code, row.called(language())) for row in price_levels()]
    posted = request.POST if request.method == "POST" else None
    form, status = Keyed(posted), 200
    lines = lines_of(list(shown), today, levels, posted)
    context: dict[str, Any] = {}
    if posted is not None:
        changed = wanted(lines, parse_date(posted.get("valid_from", "") or "") if posted.get("valid_from") else None)
        status = 422
        if form.is_valid() and not any(box.problem for line in lines for box in line.boxes):
            keys = [f"prices-{form.cleaned_data['key']}-{n}" for n in range(len(changed))]
            try:
                set_prices.batch(changed, actor=actor, keys=keys)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                count = len(changed)
                said = ngettext("%(count)s price saved.", "%(count)s prices saved.", count) % {"count": count}
                messages.success(request, said)
                return redirect(request.get_full_path())
    context |= {
        "form": form, "lines": lines, "levels": levels, "shown": shown, "text": text, "category": category,
        "categories": category_choices(), "today": today, "may": actor.may("catalog.set_prices"),
    }  # fmt: skip
    return render(request, "desk/catalog/prices.html", context, status=status)
