"""Minimum stock."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.warehouse.commands.set_minimum import set_minimum
from backstock.warehouse.models import ReorderPoint
from tests.build import e4
from tests.build_stock import minimum
from tests.ledgers import refused


def points():
    return list(ReorderPoint.objects.order_by("pk").values_list("warehouse_id", "minimum_e4", "target_e4"))


def test_is_set_changed_and_taken_away(shop):
    minimum("A", 5)
    minimum("A", 2, 4, "MAIN")
    minimum("A", 6, 12)
    assert points() == [(0, e4(6), e4(12)), (1, e4(2), e4(4))]
    minimum("A", 0)
    assert points() == [(1, e4(2), e4(4))]


def test_of_one_batch_the_last_word_counts(shop):
    given = [set_minimum.parse({"sku": "A", "minimum_e4": e4(n)}) for n in (1, 2)]
    set_minimum.batch(given, actor=SYSTEM)
    assert points() == [(0, e4(2), e4(2))]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"sku": "NO", "minimum_e4": 0}, "unknown_product"),
        ({"sku": "A", "minimum_e4": 5}, "invalid_quantity"),
        ({"sku": "A", "minimum_e4": 20_000, "target_e4": 10_000}, "invalid_quantity"),
        ({"sku": "A", "minimum_e4": 0, "warehouse": "WEST"}, "unknown_warehouse"),
    ],
)
def test_refuses(shop, wanted, code):
    given = set_minimum.parse(wanted)
    with refused(code):
        set_minimum(given, actor=SYSTEM)
