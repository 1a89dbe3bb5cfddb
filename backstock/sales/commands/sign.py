"""The customer signed for a parcel: from that day the windows count."""

from __future__ import annotations

from datetime import date

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.sales.delivery import recount_delivery
from backstock.sales.errors import SignedBeforeShipped
from backstock.sales.loading import LoadedSale, load_sales_by_id
from backstock.sales.models import Shipment, ShipmentLine


@typed(frozen=True, kw_only=True, config=STRICT)
class SignShipment(Input):
    """Which parcel was signed for, and when; without a day on the day of the event. A wrong day is told anew."""

    shipment: str
    signed_on: date | None = None


@command("sales.sign", SignShipment)
def sign_shipment(batch: Batch[SignShipment]) -> None:
    """Record the day on which parcels were signed for."""
    parcels = _parcels([item.input.shipment for item in batch.open])
    sales = load_sales_by_id({parcel.sale_id for parcel in parcels.values()})
    for item in batch.open:
        with batch.attempt(item):
            parcel, day = _parcel(parcels, item.input.shipment), item.input.signed_on or item.on
            if day < parcel.shipped_on:
                raise SignedBeforeShipped(
                    document=parcel.number, on=day.isoformat(), shipped_on=parcel.shipped_on.isoformat()
                )
            item.plan, item.document = (parcel, day), sales[parcel.sale_id].row.number
            item.answer = {"document": item.document, "shipment": parcel.number}
            item.emit("ParcelSigned")
    batch.log()
    for item in batch.open:
        signed, day = item.plan
        signed.signed_on = day
    Shipment.objects.bulk_update({i.plan[0].pk: i.plan[0] for i in batch.open}.values(), ["signed_on"])
    _recount(sales, {item.plan[0].pk for item in batch.open})


def _parcels(numbers: list[str]) -> dict[str, Shipment]:
    wanted: dict[str, int] = {}
    for number in numbers:
        try:
            wanted[number] = row_id("D", number)
        except UnknownDocument:
            continue
    found = Shipment.objects.in_bulk(wanted.values())
    return {number: found[pk] for number, pk in wanted.items() if pk in found}


def _parcel(parcels: dict[str, Shipment], number: str) -> Shipment:
    if number not in parcels:
        raise UnknownDocument(document=number[:60])
    return parcels[number]


def _recount(sales: dict[int, LoadedSale], shipment_ids: set[int]) -> None:
    inside = ShipmentLine.objects.filter(shipment_id__in=shipment_ids).values_list("sale_line_id", flat=True)
    touched = set(inside)
    recount_delivery(line.row for sale in sales.values() for line in sale.lines if line.row.pk in touched)
