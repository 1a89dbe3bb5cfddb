"""Goods received from a supplier into sellable stock."""

import pytest

from backstock.catalog.models import Lot
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.purchases.commands.receive import ReceivePurchase, receive_purchase
from backstock.stock.models import PoolBalance
from tests import build
from tests.build import DAY, purchase
from tests.cast import JIN
from tests.ledgers import on_account, refused, written


def test_moves_goods_onto_the_shelf_and_owes_the_supplier(shop):
    with written() as ledgers:
        number = build.bought("A", "2", "59.995", tax_cents=1_560)

    assert number.startswith("P")
    assert ledgers.goods == ["A 2 supplier → sellable 119.99"]
    assert ledgers.money == ["inventory / payable 119.99", "input_tax / payable 15.60"]


def test_opening_stock_owes_nobody(shop):
    with written() as ledgers:
        build.bought("A", 1, 50, opening=True)
    assert ledgers.money == ["inventory / opening_balances 50.00"]


def test_a_box_is_its_pieces_at_the_price_of_the_box(shop):
    build.product("B", units={"box": 12})
    with written() as ledgers:
        build.bought("B", 2, 120, unit="box")
    assert ledgers.goods == ["B 24 supplier → sellable 240.00"]


def test_serial_numbers_share_the_value_to_the_cent(shop):
    build.product("S", tracking="serial")
    with written() as ledgers:
        build.bought("S", 3, "33.335", serials=("N1", "N2", "N3"))

    assert ledgers.goods == [f"S 1 supplier → sellable {cents}" for cents in ("33.33", "33.33", "33.35")]
    assert set(Lot.objects.values_list("code", flat=True)) == {"N1", "N2", "N3"}


def test_the_average_is_one_pool_and_fifo_keeps_layers(scratch):
    for method, pools in (
        ("average", [("new", 30_000, 25_000)]),
        ("fifo", [("layer", 20_000, 12_000), ("layer", 10_000, 13_000)]),
    ):
        with scratch.database():
            build.company(quantity=2, cost=60, cost_method=method)
            build.bought("A", 1, 130)
            found = PoolBalance.objects.order_by("pk").values_list("pool", "quantity_e4", "value_cents")
            assert list(found) == pools


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        ({"sku": "NO"}, "unknown_product", {"sku": "NO"}),
        ({"quantity": 0}, "quantity_required", {"sku": "A"}),
        ({"quantity": -1}, "invalid_quantity", {"sku": "A", "quantity": "-1"}),
        ({"quantity": "0.5"}, "invalid_quantity", {"sku": "A", "quantity": "0.5", "decimals": 0}),
        ({"quantity": 10**9 + 1}, "invalid_quantity", {"sku": "A"}),
        ({"quantity": 10**9, "cost": 10**9}, "invalid_amount", {"field": "unit_cost"}),
        ({"unit": "box"}, "unknown_product", {"sku": "A (box)"}),
        ({"warehouse": "MOON"}, "unknown_warehouse", {"warehouse": "MOON"}),
    ],
)
def test_refuses(shop, line, code, facts):
    with refused(code, **facts):
        build.bought(**line)


def test_refuses_a_supplier_nobody_knows_and_a_delivery_of_nothing(shop):
    with refused("unknown_partner", partner="WHO"):
        receive_purchase(ReceivePurchase(supplier="WHO", lines=purchase().lines, on=DAY), actor=SYSTEM)
    with refused("quantity_required"):
        receive_purchase(ReceivePurchase(supplier=JIN, lines=(), on=DAY), actor=SYSTEM)


@pytest.mark.parametrize(("serials", "given"), [((), 0), (("N1",), 1), (("N1", "N2", "N3"), 3)])
def test_refuses_pieces_without_one_serial_number_each(shop, serials, given):
    build.product("S", tracking="serial")
    with refused("serial_required", sku="S", needed_e4=20_000, given=given):
        build.bought("S", 2, 10, serials=serials)


def test_refuses_a_lot_without_its_number_and_a_serial_number_twice(shop):
    build.product("L", tracking="lot")
    build.product("S", tracking="serial")
    with refused("serial_required", sku="L"):
        build.bought("L", 2, 10)
    with refused("duplicate_line", sku="S"):
        build.bought("S", 2, 10, serials=("N1", "N1"))


def test_refuses_a_serial_number_that_came_before(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    with refused("serial_in_use", sku="S", serial="N1"):
        build.bought("S", 1, 10, serials=("N1",))


def test_one_by_one_only_the_delivery_with_the_known_serial_number_is_refused(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    inputs = [purchase("S", 1, 10, serials=(code,)) for code in ("N2", "N1", "N3", "N3")]

    outcomes = receive_purchase.batch(inputs, actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        None,
        "serial_in_use",
        None,
        "serial_in_use",
    ]
    assert on_account(Role.inventory) == "630.00"
