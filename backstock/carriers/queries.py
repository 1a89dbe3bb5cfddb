"""Which carriers the company knows."""

from __future__ import annotations

from backstock.carriers.built_in import BUILT_IN
from backstock.carriers.known import Known
from backstock.carriers.models import Carrier


def every_carrier() -> list[Known]:
    """Return all carriers, the retired as well: the product's own first, then the company's; one statement."""
    found = {each.code: each for each in BUILT_IN}
    for row in Carrier.objects.order_by("pk"):
        found[row.code] = Known(row.code, row.words, row.tracking_url, tuple(row.prefixes), row.is_retired)
    return list(found.values())


def carriers_in_use() -> list[Known]:
    """Return the carriers that new parcels may have."""
    return [each for each in every_carrier() if not each.is_retired]
