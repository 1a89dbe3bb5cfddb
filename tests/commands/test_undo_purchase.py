"""Documents of purchases are taken back by their mirror, while that is still possible."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.purchases.commands.undo import UndoPurchase, undo_purchase
from backstock.purchases.models import PurchaseLine, PurchaseOrderLine, PurchaseReceipt
from tests import build, build_owing
from tests.build import DAY
from tests.build_purchases import arrived, billed, ordered, sent_back, undone
from tests.commands.test_undo import state
from tests.ledgers import refused, written


def everything():
    papers = [list(model.objects.order_by("pk").values()) for model in (PurchaseLine, PurchaseOrderLine)]
    figures = ("pk", "gross_cents", "owed_cents", "returned_cents")
    return [state(), papers, list(PurchaseReceipt.objects.order_by("pk").values(*figures))]


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_a_receipt_is_taken_back_with_its_goods_its_debt_and_its_order(company_db, cost_method):
    build.company(quantity=7, cost="33.33", cost_method=cost_method)
    number = ordered("A", 5, 60, tax="0.13")
    before = state()
    receipt = arrived(number, 2)
    with written() as ledgers:
        undone(receipt)
    assert ledgers.goods == ["A 2 sellable → supplier 120.00"]
    assert ledgers.money == ["payable / inventory 120.00", "payable / input_tax 15.60"]
    assert state() == before
    assert PurchaseOrderLine.objects.get().received_e4 == 0
    row = PurchaseReceipt.objects.get(pk=int(receipt[1:]))
    assert (row.gross_cents, row.owed_cents, row.undone_log_id > 1) == (0, 0, True)
    for again in (lambda: undone(receipt), lambda: sent_back(receipt, 1), lambda: billed(receipt, 1)):
        with refused("transition_not_allowed", document=receipt, current="undone"):
            again()
    arrived(number, 5)


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_what_went_back_comes_again_exactly(company_db, cost_method):
    build.company(quantity=7, cost="33.33", cost_method=cost_method)
    receipt = build.bought("A", 3, "20.01", tax_cents=100)
    sent_back(receipt, 1)
    before = everything()
    number = sent_back(receipt, 2)
    undone(number)
    assert everything() == before
    with refused("transition_not_allowed", document=number, current="undone"):
        undone(number)


def test_an_invoice_is_taken_back_and_its_number_is_free_again(shop):
    receipt = build.bought("A", 3, 60, tax_cents=100)
    before = everything()
    number = billed(receipt, 200, 5)
    undone(number)
    assert everything() == before
    billed(receipt, 180, 1)


def test_refuses_a_receipt_on_which_something_stands(shop):
    receipt = build.bought("A", 3, 60)
    number = billed(receipt, 181)
    with refused("transition_not_allowed", document=receipt, current="invoiced", wanted="undo"):
        undone(receipt)
    returned = sent_back(receipt, 1)
    with refused("transition_not_allowed", document=number, current="sent back"):
        undone(number)
    undone(returned)
    undone(number)
    sent_back(receipt, 1)
    with refused("transition_not_allowed", document=receipt, current="sent back"):
        undone(receipt)


def test_refuses_a_receipt_that_was_paid(shop):
    receipt = build.bought("A", 3, 60)
    build_owing.paid({"bank": 1}, settles={receipt: 1})
    with refused("transition_not_allowed", document=receipt, current="paid"):
        undone(receipt)


def test_refuses_when_the_pieces_are_gone(shop):
    receipt = build.bought("A", 5, 60)
    build.sold(quantity=12)
    with refused("insufficient_stock", sku="A"):
        undone(receipt)


@pytest.mark.parametrize("number", ["P99", "PI99", "PR99", "PO1", "X", "", "P", "PRx"])
def test_refuses_what_is_no_such_document(shop, number):
    ordered()
    with refused("unknown_document"):
        undone(number)


def test_who_may_make_it_may_take_it_back(people):
    receipt = build.bought("A", 3, 60)
    number = billed(receipt, 180)
    with refused("permission_denied", actor="feng"):
        undone(number, actor=people.feng)
    undone(number, actor=people.zhao)
    with refused("permission_denied", actor="zhao"):
        undone(receipt, actor=people.zhao)
    undone(receipt, actor=people.feng)


def test_twice_in_one_batch_is_refused_and_a_key_counts_once(shop):
    receipt = build.bought("A", 3, 60)
    inputs = [UndoPurchase(document=receipt, on=DAY)] * 2
    outcomes = undo_purchase.batch(inputs, actor=SYSTEM, mode="each")
    assert [hasattr(each, "error") for each in outcomes] == [False, True]
    receipt = build.bought("A", 3, 60)
    first, second = (undo_purchase(UndoPurchase(document=receipt, on=DAY), actor=SYSTEM, key="K") for _ in range(2))
    assert (first.document, second.repeated) == (receipt, True)
