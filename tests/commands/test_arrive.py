"""Goods on the way arrive; more never does."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.warehouse.commands.arrive import arrive_transfer
from tests import build
from tests.build import e4
from tests.build_stock import arrival, arrived, dispatched, transferred
from tests.ledgers import refused, written


@pytest.fixture
def on_the_way(company_db):
    """Five pieces of A and two serials on their way."""
    build.company(warehouses=("MAIN", "EAST"))
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("S1", "S2"))
    return dispatched(("A", 5), {"sku": "S", "quantity": 2, "serials": ["S1", "S2"]})


def test_a_serial_arrives_by_its_name(on_the_way):
    with written() as ledgers:
        arrived(on_the_way, {"sku": "S", "quantity": 1, "serials": ["S2"]})
    assert ledgers.goods == ["S 1 transit → sellable 10.00"]
    with refused("not_on_the_way", sku="S", asked_e4=e4(1), on_the_way_e4=0):
        arrive_transfer(arrival(on_the_way, {"sku": "S", "quantity": 1, "serials": ["S2"]}), actor=SYSTEM)


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        (("A", 6), "not_on_the_way", {"sku": "A", "asked_e4": e4(6), "on_the_way_e4": e4(5)}),
        (("A", 0), "quantity_required", {}),
        (("NO", 1), "unknown_product", {}),
        ({"sku": "S", "quantity": 1, "serials": ["S3"]}, "not_on_the_way", {"sku": "S", "on_the_way_e4": 0}),
    ],
)
def test_refuses(on_the_way, line, code, facts):
    with refused(code, **facts):
        arrive_transfer(arrival(on_the_way, line), actor=SYSTEM)


def test_refuses_an_unknown_transfer_and_one_that_has_arrived(on_the_way):
    with refused("unknown_document", document="T999999"):
        arrive_transfer(arrival("T999999"), actor=SYSTEM)
    at_once = transferred(("A", 1))
    with refused("not_on_the_way", document=at_once):
        arrive_transfer(arrival(at_once), actor=SYSTEM)


def test_two_arrivals_of_one_batch_bring_what_is_on_the_way_once(on_the_way):
    first, second = arrive_transfer.batch([arrival(on_the_way, ("A", 3))] * 2, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == (on_the_way, "not_on_the_way")
