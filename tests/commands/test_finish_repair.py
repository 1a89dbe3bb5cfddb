"""A repair ends: on the shelf with what it cost as far as that can be fetched, back at the customer, or away."""

import pytest

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.owing.models import OpeningItem
from backstock.returns.commands.finish_repair import finish_repair
from backstock.returns.models import ReturnPiece
from backstock.returns.queries import legal_actions, loaded_return, returnable
from tests import build, build_owing, build_recalls
from tests.build import e4
from tests.build_after import in_repair, repair, repaired
from tests.cast import JIN
from tests.commands.test_undo import state, undone
from tests.ledgers import on_account, refused, written


@pytest.mark.parametrize(
    ("to", "goods", "money"),
    [
        ("restock", "A 1 repair → sellable 60.00", "inventory / goods_in_repair 60.00"),
        ("send_back", "A 1 repair → customer 60.00", "cost_of_goods_sold / goods_in_repair 60.00"),
        ("scrap", "A 1 repair → scrap 60.00", "loss_on_returns / goods_in_repair 60.00"),
    ],
)
def test_goods_leave_repair_at_their_own_value(shop, to, goods, money):
    rma = in_repair()
    assert "returns.finish_repair" in legal_actions(loaded_return(rma))
    with written() as ledgers:
        repaired(rma, to=to)

    assert (ledgers.goods, ledgers.money) == ([goods], [money])
    assert on_account(Role.goods_in_repair) == "0.00"
    assert ReturnPiece.objects.get().in_repair_e4 == 0


@pytest.mark.parametrize(
    ("to", "cost", "money"),
    [
        ("restock", 25, ["inventory / cash 25.00"]),
        ("restock", 65, ["inventory / cash 40.00", "repair_cost / cash 25.00"]),
        ("send_back", 25, ["repair_cost / cash 25.00"]),
        ("scrap", 25, ["repair_cost / cash 25.00"]),
    ],
)
def test_the_cost_is_added_up_to_what_the_piece_can_fetch(shop, to, cost, money):
    with written() as ledgers:
        repaired(in_repair(), to=to, cost=cost)
    assert ledgers.money[-len(money) :] == money


def test_a_repairer_is_owed_the_cost(shop):
    with written() as ledgers:
        repaired(in_repair(), to="scrap", cost=10, repairer=JIN)
    assert ledgers.money[-1] == "repair_cost / payable 10.00"
    rma = in_repair()
    with refused("unknown_partner", partner="NOBODY"):
        repaired(rma, to="scrap", cost=10, repairer="NOBODY")


def test_what_was_sent_back_may_be_asked_back_again_and_brings_no_money(shop):
    number = build.sold(quantity=1)
    rma = repaired(in_repair(number=number), to="send_back")
    assert returnable(number, "A") == e4(1)
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_what_was_refunded_is_not_sent_back_too(shop):
    rma = in_repair()
    build.settled(rma)
    with refused("money_already_sent"):
        repaired(rma, to="send_back")


def test_what_is_called_back_does_not_leave_the_workshop_for_the_shelf(shop):
    build.product("L", tracking="lot")
    build.bought("L", 5, 40, lot="L-1")
    rma = in_repair(sku="L", number=build.sold("L", 1, lot="L-1"))
    build_recalls.blocked("L", "L-1")
    with refused("stock_blocked", sku="L"):
        repaired(rma, sku="L")
    repaired(rma, to="scrap", sku="L")


def test_no_more_than_is_in_repair(shop):
    rma = in_repair(2)
    with refused("quantity_exceeds_repair", asked_e4=e4(3), repair_e4=e4(2)):
        repaired(rma, 3)
    repaired(rma, 1)
    with refused("quantity_exceeds_repair", repair_e4=e4(1)):
        repaired(rma, 2)
    build.product("B")
    with refused("item_not_in_sale"):
        repaired(rma, 1, sku="B")


def test_what_a_repairer_is_owed_falls_with_the_undo_unless_it_was_paid(shop):
    rma = repaired(in_repair(), cost=10, repairer=JIN)
    debt = OpeningItem.objects.get()
    assert (debt.owed_cents, debt.reference) == (1_000, rma)
    undone(rma, "finish_repair")
    debt.refresh_from_db()
    assert debt.owed_cents == 0

    repaired(rma, cost=10, repairer=JIN)
    debt = OpeningItem.objects.get(owed_cents=1_000)
    build_owing.paid({"cash": 4}, settles={debt.number: 4})
    with refused("debt_paid", document=debt.number, paid_cents=400):
        undone(rma, "finish_repair")


@pytest.mark.parametrize("to", ["restock", "send_back", "scrap"])
def test_the_undo_restores_everything_exactly(shop, to):
    rma = in_repair(2)
    before = state()
    repaired(rma, 2, to, 10)
    with refused("insufficient_stock"):
        undone(rma, "dispose")
    undone(rma, "finish_repair")
    assert state() == before


def test_of_a_batch_each_gets_its_own_or_its_refusal(shop):
    rma = in_repair(2)
    outcomes = finish_repair.batch(
        [repair(rma), repair(rma, 2), repair(rma, to="scrap")], actor=SYSTEM, keys=["a", "b", "c"], mode="each"
    )
    assert [getattr(getattr(each, "error", None), "code", None) for each in outcomes] == [
        None, "quantity_exceeds_repair", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("to", "cost", "money"),
    [
        # A fetches 100 and is worth 60: of parts worth 30 and labour of 25 it takes up 40, of the parts first.
        ("restock", 25, ["inventory / cash 10.00", "repair_cost / cash 15.00"]),
        ("scrap", 25, ["repair_cost / inventory 30.00", "repair_cost / cash 25.00"]),
    ],
)
def test_parts_come_off_the_shelf_at_cost(shop, to, cost, money):
    build.product("FUSE", 20)
    build.bought("FUSE", 10, 10)
    rma = in_repair()
    before = state()
    with written() as ledgers:
        repaired(rma, 1, to, cost, parts=(GoodsLine(sku="FUSE", quantity_e4=e4(3)),))
    assert "FUSE 3 sellable → outside 30.00" in ledgers.goods
    assert ledgers.money[1:] == money
    undone(rma, "finish_repair")
    assert state() == before


def test_parts_that_are_not_there_are_refused(shop):
    build.product("FUSE", 20)
    rma = in_repair()
    with refused("insufficient_stock", sku="FUSE"):
        repaired(rma, parts=(GoodsLine(sku="FUSE", quantity_e4=e4(1)),))
