"""Where goods came from."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.purchases.models import PurchaseLine


def last_suppliers(product_ids: Iterable[int]) -> dict[int, int]:
    """Return the supplier of the last purchase of each product."""
    found = PurchaseLine.objects.filter(product_id__in=set(product_ids)).order_by("pk")
    return dict(found.values_list("product_id", "receipt__supplier_id"))
