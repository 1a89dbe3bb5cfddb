"""Ask which products stand in documents or stock: what they are counted in cannot change any more."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from backstock.catalog.models import KitComponent

OWN = "catalog"


def products_in_use(ids: Iterable[int]) -> set[int]:
    """Return those of the products that any table above the catalogue names, whichever apps there are."""
    wanted = set(ids)
    if not wanted:
        return set()
    used = set(KitComponent.objects.filter(component_id__in=wanted).values_list("component_id", flat=True))
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        if model._meta.app_label != OWN and "product_id" in columns:
            named = model._default_manager.filter(product_id__in=wanted - used).order_by()
            used |= set(named.values_list("product_id", flat=True).distinct())
    return used
