"""The days on which lines were delivered: recounted from the parcels whenever one leaves or is signed for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Max, Min

from backstock.sales.models import SaleLine, ShipmentLine


def recount_delivery(lines: Iterable[SaleLine]) -> None:
    """Write the first and last day of signature of locked lines; empty while a parcel of them is on its way."""
    by_id = {line.pk: line for line in lines}
    found = (
        ShipmentLine.objects.filter(sale_line_id__in=by_id)
        .values("sale_line_id")
        .annotate(
            first=Min("shipment__signed_on"),
            last=Max("shipment__signed_on"),
            parcels=Count("pk"),
            signed=Count("shipment__signed_on"),
        )
    )
    for row in found:
        line, known = by_id[row["sale_line_id"]], row["parcels"] == row["signed"]
        line.delivered_first_on = row["first"] if known else None
        line.delivered_last_on = row["last"] if known else None
    SaleLine.objects.bulk_update(by_id.values(), ["delivered_first_on", "delivered_last_on"])
