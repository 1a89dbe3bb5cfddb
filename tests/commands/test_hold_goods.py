"""Goods wished for wait on the shelf: nobody else takes them, until they leave, the exchange ends, or a supervisor lets go."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.after.reserving import check_reserved
from backstock.returns.commands.cancel import CancelReturn, cancel_return
from backstock.returns.commands.change_type import ChangeType, change_type
from backstock.returns.commands.hold_goods import HoldGoods, hold_goods
from backstock.sales.commands.pick import MakePick, make_pick
from backstock.sales.commands.ship import Ship, ShipLine, ship
from backstock.sales.models import PickLine
from backstock.stock.reserving import all_reserved
from backstock.warehouse.commands.transfer import TransferredLine, TransferStock, transfer_stock
from tests import build, build_stock
from tests.build import e4
from tests.build_after import exchanging, replaced, taken_back
from tests.commands.test_undo import undone
from tests.ledgers import refused


@pytest.fixture
def waiting(shop) -> str:
    """An authorised exchange of two A for two B, of which three are on the shelf."""
    build.product("B", 80)
    build.bought("B", 3, 30)
    return build.approved(exchanging(build.sold(quantity=2), 2))


def released(rma: str, hold: bool = False) -> str:
    return hold_goods(HoldGoods(document=rma, hold=hold), actor=SYSTEM).document


def reserved() -> int:
    assert check_reserved() == []
    return sum(each.quantity_e4 for each in all_reserved())


def test_nobody_else_takes_what_waits_for_an_exchange(waiting):
    order = build.sold("B", 2, shipped="none", invoiced=False, paid="none")
    other = build_stock.second()
    with refused("stock_reserved", free_e4=e4(1), reserved_e4=e4(2)):
        build.sold("B", 2)
    with refused("stock_reserved", asked_e4=e4(2)):
        ship(Ship(sale=order, lines=(ShipLine(sku="B", quantity_e4=e4(2)),)), actor=SYSTEM)
    with refused("stock_reserved"):
        transfer_stock(
            TransferStock(target=other, lines=(TransferredLine(sku="B", quantity_e4=e4(2)),)), actor=SYSTEM
        )  # fmt: skip
    build.product("C", 90)
    with refused("stock_reserved"):
        build_stock.assembled("C", 1, ("B", 2))
    with refused("insufficient_stock"):
        build.sold("B", 4)
    make_pick(MakePick(sales=(order,)), actor=SYSTEM)
    assert PickLine.objects.get().quantity_e4 == e4(1)
    build.sold("B", 1)
    replaced(build.received(waiting, 2), 2)
    assert reserved() == 0


def test_what_waits_follows_the_exchange(waiting):
    assert reserved() == e4(2)
    replaced(build.received(waiting, 2), 1)
    assert reserved() == e4(1)
    taken_back(waiting)
    assert reserved() == e4(2)
    build.inspected(waiting, 1, accepted=False)
    assert reserved() == e4(1)
    undone(waiting, "inspect")
    assert reserved() == e4(2)


@pytest.mark.parametrize("ends", ["cancel", "return_refund", "replacement", "part"])
def test_an_exchange_that_ends_lets_go(shop, ends):
    build.product("B", 80)
    build.bought("B", 3, 30)
    rma = exchanging(build.sold(quantity=2), 2)
    assert reserved() == 0
    build.approved(rma, 1 if ends == "part" else 2)
    assert reserved() == e4(1 if ends == "part" else 2)
    if ends == "cancel":
        cancel_return(CancelReturn(document=rma), actor=SYSTEM)
    elif ends != "part":
        change_type(ChangeType(document=rma, type=ends), actor=SYSTEM)
    assert reserved() == (e4(1) if ends == "part" else 0)


def test_a_supervisor_releases_the_goods_and_holds_them_again(waiting):
    released(waiting)
    assert reserved() == 0
    with refused("transition_not_allowed"):
        released(waiting)
    released(waiting, hold=True)
    assert reserved() == e4(2)
    released(waiting)
    build.sold("B", 3)
    other = build.requested(build.sold(quantity=1))
    with refused("transition_not_allowed"):
        released(other)
    with refused("unknown_document"):
        released("R999999")


def test_an_exchange_approved_by_the_policy_holds_its_goods_and_of_a_kit_the_parts(shop):
    build.policy(approval="auto")
    build.product("T", 10)
    build.product("K", 60, kit={"T": 5})
    build.bought("T", 12, 4)
    exchanging(build.sold(quantity=2), 2, wish="K")
    assert reserved() == e4(10)
    with refused("stock_reserved", free_e4=e4(2)):
        build.sold("T", 3)
    build.sold("T", 2)
