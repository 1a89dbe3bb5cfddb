"""The day on which a parcel was signed for."""

from datetime import date

from backstock.core.permissions import SYSTEM
from backstock.sales.commands.sign import SignShipment, sign_shipment
from backstock.sales.models import SaleLine
from tests import build, build_sales
from tests.build import DAY
from tests.ledgers import refused


def signed(parcel, day):
    sign_shipment(SignShipment(shipment=parcel, signed_on=day, on=day), actor=SYSTEM)


def days():
    line = SaleLine.objects.get()
    return line.delivered_first_on, line.delivered_last_on


def test_windows_start_when_the_last_parcel_of_a_line_was_signed_for(shop):
    sale = build_sales.ordered(quantity=3)
    first = build_sales.shipped(sale, 1)
    second = build_sales.shipped(sale, 1, on=date(2026, 1, 7), signed=False)
    assert days() == (None, None)
    build_sales.shipped(sale, 1, on=date(2026, 1, 8))
    assert days() == (None, None)

    signed(second, date(2026, 1, 20))
    assert days() == (DAY, date(2026, 1, 20))
    signed(first, date(2026, 1, 6))
    assert days() == (date(2026, 1, 6), date(2026, 1, 20))


def test_a_parcel_on_its_way_may_be_asked_back_and_never_is_too_late(shop):
    build.policy(window_days=7)
    late = date(2026, 3, 1)
    sale = build.sold(quantity=2, signed=False)
    assert build.requested(sale, 1, on=late)

    sign_shipment(SignShipment(shipment="D000001", signed_on=date(2026, 1, 8), on=late), actor=SYSTEM)
    with refused("return_window_expired", last_day="2026-01-15"):
        build.requested(sale, 1, on=late)


def test_refuses_a_day_before_it_left_and_an_unknown_parcel(shop):
    parcel = build_sales.on_its_way()
    with refused("signed_before_shipped", document=parcel, on="2026-01-04", shipped_on="2026-01-05"):
        signed(parcel, date(2026, 1, 4))
    with refused("unknown_document", document="D999"):
        signed("D999", DAY)


def test_several_parcels_in_one_batch(shop):
    parcels = [build_sales.on_its_way() for _ in range(3)]
    sign_shipment.batch([SignShipment(shipment=each, on=DAY) for each in parcels], actor=SYSTEM)
    assert set(SaleLine.objects.values_list("delivered_last_on", flat=True)) == {DAY}
