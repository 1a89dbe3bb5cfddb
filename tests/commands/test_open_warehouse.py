"""Warehouses are opened with their places and shelves, and put away when they are empty."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.warehouse.commands.arrange_shelves import arrange_shelves
from backstock.warehouse.commands.open import (
    ArchiveWarehouse,
    OpenWarehouse,
    archive_warehouse,
    open_warehouse,
)
from backstock.warehouse.models import HomeShelf, Shelf, Warehouse
from tests import build, build_stock
from tests.build import DAY
from tests.ledgers import refused


def arranged(**wanted):
    arrange_shelves(arrange_shelves.parse({"warehouse": "MAIN", "on": DAY.isoformat(), **wanted}), actor=SYSTEM)


def test_a_new_warehouse_takes_goods_at_once(shop):
    build_stock.second("1-1", "1-2")
    build_stock.transferred(("A", 4))

    east = Warehouse.objects.get(code="EAST")
    assert [shelf.code for shelf in east.shelves.order_by("pk")] == ["1-1", "1-2"]


def test_refuses_a_code_that_is_taken_and_a_shelf_that_stands_twice(shop):
    with refused("duplicate_code", value="MAIN"):
        open_warehouse(OpenWarehouse(code="MAIN"), actor=SYSTEM)
    with refused("duplicate_line", sku="1"):
        open_warehouse(OpenWarehouse(code="EAST", shelves=("1", "2", "1")), actor=SYSTEM)


def test_two_of_one_batch_with_one_code_are_one_warehouse(shop):
    one, two = open_warehouse.batch([OpenWarehouse(code="EAST")] * 2, actor=SYSTEM, mode="each")
    assert (one.document, two.error.code) == ("EAST", "duplicate_code")


def test_an_empty_warehouse_is_put_away_and_one_in_use_is_not(shop):
    build_stock.second()
    with refused("warehouse_in_use", warehouse="MAIN"):
        archive_warehouse(ArchiveWarehouse(code="MAIN"), actor=SYSTEM)
    number = build_stock.dispatched(("A", 1))
    with refused("warehouse_in_use", warehouse="EAST", pieces_e4=0):
        archive_warehouse(ArchiveWarehouse(code="EAST"), actor=SYSTEM)
    build_stock.arrived(number, {"sku": "A", "quantity": 1, "found": "returned"})
    archive_warehouse(ArchiveWarehouse(code="EAST"), actor=SYSTEM)

    assert Warehouse.objects.get(code="EAST").archived_at is not None
    with refused("unknown_warehouse", warehouse="EAST"):
        archive_warehouse(ArchiveWarehouse(code="EAST"), actor=SYSTEM)


def test_products_get_a_home_and_lose_it_with_the_shelf(shop):
    build.product("B")
    arranged(add=["1-1", "1-2"], homes=[{"sku": "A", "shelf": "1-1"}, {"sku": "B", "shelf": "1-2"}])
    arranged(homes=[{"sku": "A", "shelf": "1-2"}])
    assert set(HomeShelf.objects.values_list("product_id", "shelf__code")) == {(1, "1-2"), (2, "1-2")}

    arranged(archive=["1-2"])
    assert HomeShelf.objects.count() == 0
    arranged(add=["1-2"])
    assert Shelf.objects.get(code="1-2").archived_at is None


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"homes": [{"sku": "A", "shelf": "9"}]}, "unknown_shelf"),
        ({"archive": ["9"]}, "unknown_shelf"),
        ({"add": ["9"], "archive": ["9"], "homes": [{"sku": "A", "shelf": "9"}]}, "unknown_shelf"),
        ({"homes": [{"sku": "NO", "shelf": ""}]}, "unknown_product"),
        ({"homes": [{"sku": "A", "shelf": ""}, {"sku": "A", "shelf": ""}]}, "duplicate_line"),
        ({"warehouse": "WEST"}, "unknown_warehouse"),
    ],
)
def test_refuses_shelves(shop, wanted, code):
    given = arrange_shelves.parse({"warehouse": "MAIN", **wanted})
    with refused(code):
        arrange_shelves(given, actor=SYSTEM)
