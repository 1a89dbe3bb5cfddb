"""The selects that reports share: warehouse, category, kind of stock; and the names of what figures are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.catalog.models import Category, Product
from backstock.core.models import User
from backstock.desk import words
from backstock.desk.reports.asking import Asked, Choice
from backstock.partners.models import Partner
from backstock.stock.figures import KINDS, OWNED, Scope
from backstock.warehouse.queries import warehouse_names


def warehouse_choice() -> Choice:
    """Offer the warehouses."""
    return Choice(
        "warehouse", _("Warehouse"), [("", _("All")), *((str(pk), name) for pk, name in warehouse_names().items())]
    )


def category_choice() -> Choice:
    """Offer the categories in use, by their names."""
    named, language = Category.objects.filter(code=OuterRef("category")), get_language() or "zh-hans"
    names = (Subquery(named.values("name_zh")), Subquery(named.values("name_en")))
    used = Product.objects.exclude(category="").values_list("category", *names).distinct().order_by("category")
    called = [(code, Category(code=code, name_zh=zh or "", name_en=en or "").called(language)) for code, zh, en in used]
    return Choice("category", _("Category"), [("", _("All")), *called])


def kind_choice() -> Choice:
    """Offer the kinds of stock."""
    return Choice(
        "kind",
        _("Kind of stock"),
        [("", _("All that is ours")), *((kind, words.word(words.PLACES, kind)) for kind in KINDS)],
    )


def scope_of(asked: Asked) -> Scope:
    """Return the places that were asked for."""
    kind = asked.chosen.get("kind")
    return Scope((kind,) if kind else OWNED, int(asked.chosen.get("warehouse") or 0))


def all_products() -> dict[int, Product]:
    """Return every product, with the few columns that reports show."""
    return Product.objects.only("sku", "name", "spec", "category", "unit").in_bulk()


def partner_names(ids: Iterable[int]) -> Mapping[int, str]:
    """Return what partners are called; those without a name, or erased, by their code."""
    found = Partner.objects.filter(pk__in=set(ids)).values_list("pk", "name", "code")
    return {pk: name or code for pk, name, code in found}


def person_names(ids: Iterable[int]) -> Mapping[int, str]:
    """Return what users are called."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=set(ids) - {0})}
