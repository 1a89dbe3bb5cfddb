"""Goods go back to the supplier from our shelf: at cost, while we owe less by their price."""

import pytest

from backstock.catalog.models import Lot
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.purchases.commands.receive_order import receive_order
from backstock.purchases.commands.send_back import send_back
from backstock.purchases.models import PurchaseReceipt
from tests import build
from tests.build import e4
from tests.build_purchases import arrival, arrived, billed, credited, ordered, sending, sent_back, undone
from tests.commands.test_undo import undone as step_undone
from tests.ledgers import on_account, refused, written


def owed(receipt):
    return PurchaseReceipt.objects.get(pk=int(receipt[1:])).owed_cents


def test_price_and_tax_are_owed_less_and_the_goods_leave_at_cost(shop):
    receipt = build.bought("A", 10, 80, tax_cents=10_400)  # beside ten at 60: the average is 70
    with written() as ledgers:
        number = sent_back(receipt, 3)
    assert number == "PR000001"
    assert ledgers.goods == ["A 3 sellable → supplier 210.00"]
    assert ledgers.money == [
        "payable / inventory 210.00",
        "payable / purchase_differences 30.00",
        "payable / input_tax 31.20",
    ]
    assert owed(receipt) == 90_400 - 27_120


def test_at_fifo_and_specific_cost(scratch):
    for method, cost in (("fifo", "60.00"), ("specific", "80.00")):
        with scratch.database():
            build.found(cost_method=method)
            build.supplier("JIN")
            build.product("L", tracking="lot")
            build.bought("L", 2, 60, lot="L1")
            receipt = build.bought("L", 2, 80, lot="L2")
            with written() as ledgers:
                sent_back(receipt, 1, "L")
            assert ledgers.goods == [f"L 1 sellable → supplier {cost}"]


def test_parts_add_up_to_the_cent_and_never_more_than_came(shop):
    receipt = build.bought("A", 3, "33.335", tax_cents=1_000)
    for _ in range(3):
        sent_back(receipt, 1)
    assert owed(receipt) == 0
    with refused("quantity_exceeds_receipt", document=receipt, sku="A", asked_e4=e4(1), kept_e4=0):
        sent_back(receipt, 1)


def test_what_was_billed_counts(shop):
    receipt = build.bought("A", 2, 60)
    billed(receipt, 130)
    with written() as ledgers:
        sent_back(receipt, 2)
    assert ledgers.money == ["payable / inventory 120.00", "payable / purchase_differences 10.00"]
    assert (owed(receipt), on_account(Role.purchase_differences)) == (0, "0.00")


def test_what_is_not_on_the_shelf_cannot_go_back(shop):
    receipt = build.bought("A", 5, 60)
    build.sold(quantity=12)
    with refused("insufficient_stock", sku="A", asked_e4=e4(4), available_e4=e4(3)):
        sent_back(receipt, 4)
    sent_back(receipt, 3)


def test_serial_numbers_go_back_with_their_own_receipt(shop):
    build.product("S", tracking="serial")
    receipt = build.bought("S", 2, 10, serials=("N1", "N2"))
    other = build.bought("S", 1, 10, serials=("N3",))
    with refused("serial_required", sku="S"):
        sent_back(receipt, 1, "S")
    with refused("lot_not_in_receipt", document=receipt, lot="N3"):
        sent_back(receipt, 1, "S", serials=("N3",))
    with refused("lot_not_in_receipt", document=other, lot="N9"):
        sent_back(other, 1, "S", serials=("N9",))
    with written() as ledgers:
        sent_back(receipt, 1, "S", serials=("N2",))
    assert ledgers.goods == ["S 1 sellable → supplier 10.00"]
    with refused("insufficient_stock"):
        sent_back(receipt, 1, "S", serials=("N2",))


def test_refuses_what_did_not_come_with_it(shop):
    build.product("B")
    build.product("L", tracking="lot")
    receipt, lot = build.bought("A", 2, 60), build.bought("L", 2, 60, lot="L1")
    with refused("item_not_in_receipt", sku="B", document=receipt):
        sent_back(receipt, 1, "B")
    with refused("item_not_in_receipt", document=receipt):
        sent_back(receipt, 1, line=2)
    with refused("lot_not_in_receipt", document=lot, lot="L2"):
        sent_back(lot, 1, "L", lot="L2")
    with refused("unknown_document", document="P77"):
        sent_back("P77", 1)
    with refused("quantity_required", document=receipt):
        sent_back(receipt, lines=())
    with refused("unknown_warehouse", warehouse="MOON"):
        sent_back(receipt, 1, warehouse="MOON")


@pytest.mark.parametrize("mode", ["each"])
def test_one_by_one_and_a_key_counts_once(shop, mode):
    receipt = build.bought("A", 3, 60)
    inputs = [sending(receipt, 2), sending(receipt, 2), sending(receipt, 1)]
    outcomes = send_back.batch(inputs, actor=SYSTEM, mode=mode)
    assert [hasattr(each, "error") for each in outcomes] == [False, True, False]
    receipt = build.bought("A", 3, 60)
    first, second = (send_back(sending(receipt, 1), actor=SYSTEM, key="K") for _ in range(2))
    assert (first.document, second.repeated) == (second.document, True)


def test_a_serial_number_that_went_back_is_received_again(shop):
    build.product("S", tracking="serial")
    receipt = build.bought("S", 2, 10, serials=("N1", "N2"))
    with refused("serial_in_use", serial="N1"):
        build.bought("S", 1, 10, serials=("N1",))
    back = sent_back(receipt, 1, "S", serials=("N1",))
    with refused("serial_in_use", serial="N2"):
        build.bought("S", 2, 10, serials=("N1", "N2"))

    with written() as ledgers:
        again = build.bought("S", 1, 12, serials=("N1",))

    assert ledgers.goods == ["S 1 supplier → sellable 12.00"]
    with refused("serial_in_use", serial="N1"):
        build.bought("S", 1, 10, serials=("N1",))
    with refused("insufficient_stock", sku="S"):
        undone(back)  # it is here again already
    sent_back(again, 1, "S", serials=("N1",))
    assert Lot.objects.filter(code="N1").count() == 1


def test_a_serial_number_comes_again_with_an_order_and_once_in_a_batch(shop):
    build.product("S", tracking="serial")
    sent_back(build.bought("S", 1, 10, serials=("N1",)), 1, "S", serials=("N1",))
    order = ordered("S", 2, 10)
    outcomes = receive_order.batch(
        [arrival(order, 1, "S", serials=("N1",)), arrival(order, 1, "S", serials=("N1",))], actor=SYSTEM, mode="each"
    )
    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [None, "serial_in_use"]
    sale = build.sold("S", 1, serials=("N1",))
    with refused("serial_in_use", serial="N1"):
        arrived(order, 1, "S", serials=("N1",))
    assert sale


def test_what_a_supplier_credited_comes_back_repaired(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    own = {"serials": ("N1",)}
    rma = build.approved(build.requested(build.sold("S", 1, **own), 1, "S", **own), 1, "S")
    build.inspected(build.received(rma, 1, "S", **own), 1, "S")
    build.disposed(rma, 1, "S", to="return_to_vendor")
    with refused("serial_in_use", serial="N1"):
        build.bought("S", 1, 10, serials=("N1",))  # on its way: the claim is open
    credited(rma, 10)
    build.bought("S", 1, 10, serials=("N1",))
    with refused("insufficient_stock", sku="S"):
        step_undone(rma, "vendor_credit")
