"""More or fewer goods than the books say."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.stock.queries import worth
from backstock.warehouse.commands.adjust import adjust_stock
from backstock.warehouse.models import AdjustmentLine
from tests import build
from tests.build import e4
from tests.build_stock import adjusted, adjustment
from tests.ledgers import refused, written


def test_what_is_missing_leaves_at_its_issue_cost(shop):
    with written() as ledgers:
        number = adjusted(("A", -2), reason="broken")

    assert number == "A000001"
    assert ledgers.goods == ["A 2 sellable → outside 120.00"]
    assert ledgers.money == ["stock_differences / inventory 120.00"]
    line = AdjustmentLine.objects.get()
    assert (line.quantity_e4, line.value_cents, line.adjustment.reason) == (-e4(2), -12_000, "broken")


def test_what_is_found_comes_in_at_todays_average(shop):
    build.bought("A", 10, 70)
    with written() as ledgers:
        adjusted(("A", 2))

    assert ledgers.goods == ["A 2 outside → sellable 130.00"]
    assert ledgers.money == ["inventory / stock_differences 130.00"]


def test_an_empty_shelf_takes_the_cost_of_the_last_delivery_then_the_stated_one(shop):
    build.bought("A", 2, 75)
    adjusted(("A", -12))
    with written() as ledgers:
        adjusted(("A", 1))
    assert ledgers.goods == ["A 1 outside → sellable 75.00"]

    build.product("NEW")
    with refused("cost_required", sku="NEW"):
        adjust_stock(adjustment(("NEW", 1)), actor=SYSTEM)
    with written() as ledgers:
        adjusted({"sku": "NEW", "quantity": 2, "cost": "3.50"})
    assert ledgers.goods == ["NEW 2 outside → sellable 7.00"]


def test_fifo_brings_a_new_layer_and_takes_the_oldest(company_db):
    build.company(quantity=2, cost_method="fifo")
    build.bought("A", 2, 70)
    adjusted(("A", 2))
    with written() as ledgers:
        adjusted(("A", -5))

    assert ledgers.goods == [
        "A 2 sellable → outside 120.00",
        "A 2 sellable → outside 140.00",
        "A 1 sellable → outside 65.00",
    ]


def test_a_lot_under_specific_cost_keeps_its_own(company_db):
    build.company(cost_method="specific")
    build.product("L", tracking="lot")
    build.bought("L", 2, 10, lot="L1")
    build.bought("L", 2, 30, lot="L2")
    with written() as ledgers:
        adjusted({"sku": "L", "quantity": 1, "lot": "L2"}, {"sku": "L", "quantity": -1, "lot": "L1"})

    assert ledgers.goods == ["L 1 outside → sellable 30.00", "L 1 sellable → outside 10.00"]
    assert ledgers.money == ["inventory / stock_differences 30.00", "stock_differences / inventory 10.00"]


@pytest.mark.parametrize("cost_method", ["average", "specific"])
def test_a_label_that_nobody_knew_is_written_down(company_db, cost_method):
    build.company(cost_method=cost_method)
    build.product("S", tracking="serial")
    adjusted({"sku": "S", "quantity": 2, "serials": ["S1", "S2"], "cost": 5})
    adjusted({"sku": "S", "quantity": -1, "serials": ["S2"]})
    adjusted({"sku": "S", "quantity": 1, "serials": ["S2"]})

    assert worth(2, "sellable") == 1_000


def test_a_serial_number_that_is_somewhere_already_is_refused(shop):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("S1", "S2"))
    build.sold("S", 1, serials=("S2",))
    for serial in ("S1", "S2"):
        with refused("serial_in_use", serial=serial):
            adjust_stock(adjustment({"sku": "S", "quantity": 1, "serials": [serial]}), actor=SYSTEM)


@pytest.mark.parametrize(
    ("line", "more", "code", "facts"),
    [
        (("A", -11), {}, "insufficient_stock", {"sku": "A", "asked_e4": e4(11), "available_e4": e4(10)}),
        (("A", 0), {}, "quantity_required", {"sku": "A"}),
        (("A", "0.5"), {}, "invalid_quantity", {"sku": "A"}),
        (("NO", 1), {}, "unknown_product", {"sku": "NO"}),
        (("A", 1), {"warehouse": "WEST"}, "unknown_warehouse", {"warehouse": "WEST"}),
        (("L", 1), {}, "serial_required", {"sku": "L"}),
        ({"sku": "A", "quantity": 1, "grade": "B"}, {}, "cost_required", {"sku": "A"}),
    ],
)
def test_refuses(shop, line, more, code, facts):
    build.product("L", tracking="lot")
    given = adjustment(line, **more)
    with refused(code, **facts):
        adjust_stock(given, actor=SYSTEM)


def test_refuses_an_adjustment_of_nothing(shop):
    given = adjustment()
    with refused("quantity_required"):
        adjust_stock(given, actor=SYSTEM)


def test_a_refused_item_leaves_its_new_labels_to_nobody(shop):
    from backstock.catalog.models import Lot

    build.product("S", tracking="serial")
    new = {"sku": "S", "quantity": 1, "serials": ["N1"], "cost": 5}
    wrong, good = adjust_stock.batch(
        [adjustment({**new, "serials": ["N2"]}, ("NO", 1)), adjustment(new)], actor=SYSTEM, mode="each"
    )

    assert (wrong.error.code, good.document) == ("unknown_product", "A000001")
    assert list(Lot.objects.values_list("code", flat=True)) == ["N1"]
