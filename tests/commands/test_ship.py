"""A later shipment of a sale."""

from datetime import date

import pytest

from backstock.core.permissions import SYSTEM
from backstock.sales.commands.ship import ship
from backstock.sales.models import SaleLine, SalePiece, Shipment
from backstock.sales.queries import sale_figures
from tests import build
from tests.build import e4
from tests.ledgers import refused, written


def parcel(sale, *lines, **more):
    """A parcel with lines given as (sku, quantity) or as whole lines."""
    rows = [line if isinstance(line, dict) else {"sku": line[0], "quantity_e4": e4(line[1])} for line in lines]
    return ship.parse({"sale": sale, "lines": rows, "on": "2026-01-07", **more})


def test_sends_what_the_order_still_has_to_deliver(shop):
    sale = build.sold(quantity=3, shipped="none", invoiced=False, paid="none")
    with written() as ledgers:
        ship(parcel(sale, ("A", 2), tracking_number="SF123"), actor=SYSTEM)

    assert ledgers.goods == ["A 2 sellable → customer 120.00"]
    assert ledgers.money == ["cost_of_goods_sold / inventory 120.00"]
    assert (sale_figures(sale).status, SalePiece.objects.get().cost_cents) == ("part_shipped", 12_000)
    assert Shipment.objects.get().tracking_number == "SF123"


def test_windows_count_from_the_day_the_parcel_was_signed_for(shop):
    sale = build.sold(quantity=3, shipped="none")
    for day in ("2026-01-20", "2026-01-10"):
        ship(parcel(sale, ("A", 1), signed_on=day), actor=SYSTEM)

    line = SaleLine.objects.get()
    assert (line.delivered_first_on, line.delivered_last_on) == (date(2026, 1, 10), date(2026, 1, 20))


def test_one_product_on_two_lines_fills_one_after_the_other_or_the_one_that_is_named(shop):
    lines = [{"sku": "A", "quantity_e4": e4(2)}] * 2
    sale = build.sell(
        build.sell.parse({"customer": "SUN", "lines": lines, "shipped": "none", "on": "2026-01-05"}), actor=SYSTEM
    )
    ship(parcel(sale.document, {"sku": "A", "quantity_e4": e4(1), "line": 2}), actor=SYSTEM)
    ship(parcel(sale.document, ("A", 3)), actor=SYSTEM)

    assert list(SalePiece.objects.order_by("line__position").values_list("shipped_e4", flat=True)) == [e4(2), e4(2)]


def test_the_same_item_twice_in_a_parcel_counts_twice(shop):
    sale = build.sold(quantity=3, shipped="none")
    ship(parcel(sale, ("A", 1), ("A", 2)), actor=SYSTEM)
    assert SalePiece.objects.get().shipped_e4 == e4(3)


def test_lots_that_nobody_foresaw_get_their_own_counters(shop):
    build.product("L", tracking="lot")
    for lot in ("L1", "L2"):
        build.bought("L", 2, 10, lot=lot)
    sale = build.sold("L", 4, shipped="none")
    named = [{"sku": "L", "quantity_e4": e4(1), "lot": lot} for lot in ("L2", "L2", "L1")]
    ship.batch([parcel(sale, *named[:2]), parcel(sale, named[2])], actor=SYSTEM)

    assert sorted(SalePiece.objects.exclude(lot_id=0).values_list("shipped_e4", flat=True)) == [e4(1), e4(2)]


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        (("A", 4), "shipment_exceeds_order", {"sku": "A", "asked_e4": e4(4), "left_e4": e4(3)}),
        (("A", 0), "quantity_required", {"sku": "A"}),
        (("A", -1), "invalid_quantity", {"sku": "A", "quantity": "-1"}),
        (("B", 1), "item_not_in_sale", {"sku": "B"}),
        (("NO", 1), "unknown_product", {"sku": "NO"}),
    ],
)
def test_refuses(shop, line, code, facts):
    build.product("B")
    sale = build.sold(quantity=3, shipped="none")
    with refused(code, **facts):
        ship(parcel(sale, line), actor=SYSTEM)


def test_refuses_a_parcel_of_nothing_an_unknown_sale_and_an_empty_shelf(shop):
    sale = build.sold(quantity=30, shipped="none")
    with refused("quantity_required", document=sale):
        ship(parcel(sale), actor=SYSTEM)
    with refused("unknown_document", document="S999"):
        ship(parcel("S999", ("A", 1)), actor=SYSTEM)
    with refused("insufficient_stock", sku="A", available_e4=e4(10)):
        ship(parcel(sale, ("A", 11)), actor=SYSTEM)


def test_two_parcels_of_one_batch_never_send_more_than_was_ordered(shop):
    sale = build.sold(quantity=3, shipped="none")
    first, second = ship.batch([parcel(sale, ("A", 2))] * 2, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == (sale, "shipment_exceeds_order")
    assert SalePiece.objects.get().shipped_e4 == e4(2)
