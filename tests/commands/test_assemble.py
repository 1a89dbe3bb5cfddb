"""Parts become a product, and a product its parts again."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.stock.queries import worth
from backstock.warehouse.commands.assemble import assemble
from backstock.warehouse.models import AssemblyPart
from tests import build, build_recalls
from tests.build import e4
from tests.build_stock import assembled, assembly
from tests.ledgers import refused, written


@pytest.fixture
def bench(shop):
    """Ten of A at 60, twenty of B at 5; BOX is made of them; K is a kit; S has serials."""
    build.product("B")
    build.bought("B", 20, 5)
    build.product("BOX")
    build.product("S", tracking="serial")
    build.product("K", kit={"A": 1})
    return shop


def test_a_product_is_worth_its_parts_and_the_work(bench):
    with written() as ledgers:
        number = assembled("BOX", 2, ("A", 2), ("B", 6), work_cents=500)

    assert number == "B000001"
    assert ledgers.goods == [
        "A 2 sellable → outside 120.00",
        "B 6 sellable → outside 30.00",
        "BOX 2 outside → sellable 155.00",
    ]
    assert ledgers.money == ["inventory / expenses 5.00"]


def test_without_parts_it_is_made_as_the_last_time(bench):
    assembled("BOX", 2, ("A", 2), ("B", 6))
    with written() as ledgers:
        assembled("BOX", 3)
    assert ledgers.goods[:2] == ["A 3 sellable → outside 180.00", "B 9 sellable → outside 45.00"]


def test_taken_apart_its_value_is_shared_by_what_the_parts_cost_today(bench):
    assembled("BOX", 2, ("A", 2), ("B", 6), work_cents=500)
    with written() as ledgers:
        assembled("BOX", 1, taken_apart=True)

    # 77.50 by 60 : 15
    assert ledgers.goods == [
        "BOX 1 sellable → outside 77.50",
        "A 1 outside → sellable 62.00",
        "B 3 outside → sellable 15.50",
    ]
    assert ledgers.money == []
    assert AssemblyPart.objects.count() == 4


def test_parts_without_a_cost_share_by_quantity(bench):
    build.product("X")
    build.product("Y")
    with written() as ledgers:
        assembled("A", 1, ("X", 1), ("Y", 2), taken_apart=True)
    assert ledgers.goods[1:] == ["X 1 outside → sellable 20.00", "Y 2 outside → sellable 40.00"]


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_serials_come_out_and_go_in_by_name(company_db, cost_method):
    build.company(cost_method=cost_method)
    build.product("S", tracking="serial")
    assembled("S", 3, ("A", 1), serials=["S1", "S2", "S3"])
    assembled("S", 1, ("A", 1), serials=["S2"], taken_apart=True)

    assert worth(2, "sellable") == 4_000
    with refused("serial_in_use", serial="S1"):
        assemble(assembly("S", 1, ("A", 1), serials=["S1"]), actor=SYSTEM)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("BOX", 1, ("A", 11)), "insufficient_stock"),
        (("BOX", 1), "recipe_required"),
        (("BOX", 0, ("A", 1)), "quantity_required"),
        (("BOX", 1, ("NO", 1)), "unknown_product"),
        (("NO", 1, ("A", 1)), "unknown_product"),
        (("BOX", 1, ("BOX", 1)), "duplicate_line"),
        (("BOX", 1, ("A", 1), ("A", 1)), "duplicate_line"),
        (("K", 1, ("A", 1)), "kit_is_not_stocked"),
        (("BOX", 1, ("K", 1)), "kit_is_not_stocked"),
        (("S", 1, ("A", 1)), "serial_required"),
    ],
)
def test_refuses(bench, given, code):
    wanted = assembly(*given)
    with refused(code):
        assemble(wanted, actor=SYSTEM)


def test_refuses_work_on_taking_apart_a_foreign_warehouse_and_a_recipe_that_does_not_come_out_whole(bench):
    assembled("BOX", 2, ("A", 1))
    for quantity, more, code in (
        (2, {"taken_apart": True, "work_cents": 1}, "invalid_input"),
        (2, {"warehouse": "WEST"}, "unknown_warehouse"),
        (1, {}, "invalid_quantity"),
    ):
        wanted = assembly("BOX", quantity, **more)
        with refused(code):
            assemble(wanted, actor=SYSTEM)


def test_two_of_one_batch_take_what_is_there_once(bench):
    one, two = assemble.batch([assembly("BOX", 1, ("A", 6))] * 2, actor=SYSTEM, mode="each")
    assert (one.document, two.error.code, two.error.facts()["available_e4"]) == (
        "B000001",
        "insufficient_stock",
        e4(4),
    )


def test_blocked_goods_do_not_leave_under_another_name(bench):
    build.product("L", tracking="lot")
    build.bought("L", 4, 10, lot="L1")
    build_recalls.blocked("L", "L1")
    with refused("stock_blocked", sku="L"):
        assemble(assembly("BOX", 1, {"sku": "L", "quantity": 1, "lot": "L1"}), actor=SYSTEM)
