"""Orders to suppliers: ordered, changed, closed. Nothing moves."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.purchases.commands.order import OrderPurchase, order_purchase
from backstock.purchases.models import PurchaseOrderLine
from backstock.purchases.orders import load_orders
from tests import build
from tests.build import DAY, e4, e6
from tests.build_purchases import arrived, closed, order, ordered, revised
from tests.cast import JIN
from tests.ledgers import refused, written


def loaded(number):
    return load_orders([number], lock=False)[number]


def test_an_order_is_kept_in_its_own_unit_and_moves_nothing(shop):
    build.product("B", tax="0.13", units={"box": 12})
    with written() as ledgers:
        number = order_purchase(
            OrderPurchase(
                supplier=JIN,
                lines=(order("B", 2, 120, unit="box").lines[0], order("A", 5, "9.5").lines[0]),
                expected_on=DAY,
                on=DAY,
            ),
            actor=SYSTEM,
        ).document

    assert number == "PO000001"
    assert (ledgers.goods, ledgers.money) == ([], [])
    lines = loaded(number).lines
    assert [(x.product.sku, x.quantity_e4, x.unit, x.unit_quantity_e4) for x in lines] == [
        ("B", e4(24), "box", e4(2)),
        ("A", e4(5), "", e4(5)),
    ]
    assert loaded(number).status == "open"


def test_the_tax_rate_is_the_products_where_none_is_said(shop):
    build.product("T", tax="0.09")
    line = {"sku": "T", "quantity_e4": e4(1), "unit_cost_e6": e6(1)}
    order_purchase(order_purchase.parse({"supplier": JIN, "lines": [line], "on": DAY.isoformat()}), actor=SYSTEM)
    assert PurchaseOrderLine.objects.get().tax_rate_e6 == 90_000


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"sku": "NO"}, "unknown_product"),
        ({"quantity": 0}, "quantity_required"),
        ({"quantity": "0.5"}, "invalid_quantity"),
        ({"unit": "box"}, "unknown_product"),
        ({"quantity": 10**9, "cost": 10**9}, "invalid_amount"),
        ({"supplier": "WHO"}, "unknown_partner"),
        ({"warehouse": "MOON"}, "unknown_warehouse"),
        ({"lines": ()}, "quantity_required"),
    ],
)
def test_refuses_an_order(shop, wanted, code):
    with refused(code):
        ordered(**wanted)


def test_lines_are_changed_added_and_dropped_until_the_order_is_closed(shop):
    build.product("B")
    number = ordered("A", 10, 60)
    revised(number, {"sku": "B", "quantity_e4": e4(3), "unit_cost_e6": e6(7)}, reference="R-9")
    revised(number, {"line": 1, "sku": "A", "quantity_e4": e4(8), "unit_cost_e6": e6(55)})
    revised(number, {"line": 2, "sku": "B", "quantity_e4": 0})

    order_now = loaded(number)
    assert [(x.position, x.product.sku, x.quantity_e4, x.unit_cost_e6) for x in order_now.lines] == [
        (1, "A", e4(8), e6(55))
    ]
    assert order_now.row.reference == "R-9"

    revised(number, {"sku": "B", "quantity_e4": e4(1)})
    assert [x.position for x in loaded(number).lines] == [1, 3]  # a number is not given twice

    closed(number)
    with refused("transition_not_allowed", document=number, current="closed"):
        revised(number, {"line": 1, "sku": "A", "quantity_e4": e4(9)})


def test_never_below_what_came(shop):
    number = ordered("A", 10)
    arrived(number, 4)
    with refused("quantity_below_received", sku="A", asked_e4=e4(3), received_e4=e4(4)):
        revised(number, {"line": 1, "sku": "A", "quantity_e4": e4(3)})
    with refused("quantity_below_received", asked_e4=0):
        revised(number, {"line": 1, "sku": "A", "quantity_e4": 0})
    revised(number, {"line": 1, "sku": "A", "quantity_e4": e4(4)})
    assert loaded(number).status == "received"


def test_refuses_a_change_of_what_is_not_there_or_stands_twice_or_leaves_nothing(shop):
    number = ordered("A", 10)
    line = {"line": 1, "sku": "A", "quantity_e4": e4(3)}
    with refused("item_not_in_order", sku="A", document=number):
        revised(number, line | {"line": 2})
    with refused("duplicate_line", sku="A"):
        revised(number, line, line)
    with refused("quantity_required", document=number):
        revised(number, line | {"quantity_e4": 0})
    with refused("unknown_document", document="PO99"):
        revised("PO99", line)


def test_closing_says_that_the_rest_will_not_come(shop):
    number = ordered("A", 10)
    arrived(number, 4)
    assert loaded(number).status == "part_received"
    closed(number)
    assert loaded(number).status == "closed"
    with refused("transition_not_allowed", document=number, current="closed", wanted="received"):
        arrived(number, 1)
    with refused("transition_not_allowed", document=number, current="closed", wanted="closed"):
        closed(number)
    with refused("unknown_document", document="PO99"):
        closed("PO99")


def test_the_same_key_orders_once_and_one_by_one_only_the_wrong_one_is_refused(shop):
    first, second = (order_purchase(order(), actor=SYSTEM, key="K") for _ in range(2))
    assert (first.document, second.repeated) == (second.document, True)
    outcomes = order_purchase.batch([order(), order(supplier="WHO"), order()], actor=SYSTEM, mode="each")
    assert [hasattr(each, "error") for each in outcomes] == [False, True, False]
