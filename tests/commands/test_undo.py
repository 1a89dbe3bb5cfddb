"""Take a step back by its mirror, while that is still possible."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.models import PartnerBalance
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.models import ReturnPiece
from backstock.returns.queries import returnable
from backstock.sales.models import SalePiece
from backstock.stock.models import PoolBalance, StockBalance
from tests import build
from tests.build import DAY, e4
from tests.ledgers import on_account, refused, written


def undone(rma, what):
    return undo_step(UndoStep(document=rma, what=what, on=DAY), actor=SYSTEM).document


def closed(rma):
    return close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM).document


def state():
    """Everything that an undo has to restore exactly."""
    goods = StockBalance.objects.exclude(quantity_e4=0).order_by("product_id", "lot_id", "place_id")
    pools = PoolBalance.objects.exclude(quantity_e4=0, value_cents=0).order_by("product_id", "pool", "ref")
    partners = PartnerBalance.objects.exclude(amount_cents=0).order_by("partner_id", "account_id")
    return [
        list(goods.values_list("product_id", "lot_id", "place_id", "quantity_e4")),
        list(pools.values_list("product_id", "pool", "ref", "quantity_e4", "value_cents")),
        list(partners.values_list("partner_id", "account_id", "amount_cents")),
        list(ReturnPiece.objects.order_by("pk").values()),
        list(SalePiece.objects.order_by("pk").values()),
        [on_account(role) for role in Role],
    ]


STEPS = {
    "receive": lambda rma: build.received(rma, 2),
    "inspect": lambda rma: build.inspected(rma, 2, accepted=False),
    "restock": lambda rma: build.disposed(rma, 2),
    "restock_discounted": lambda rma: build.disposed(rma, 2, to="restock_discounted", value_cents=1),
    "repair": lambda rma: build.disposed(rma, 2, to="repair"),
    "return_to_vendor": lambda rma: build.disposed(rma, 2, to="return_to_vendor"),
    "scrap": lambda rma: build.disposed(rma, 2, to="scrap"),
    "donate": lambda rma: build.disposed(rma, 2, to="donate"),
    "send_back": lambda rma: build.disposed(rma, 2, to="send_back"),
}


@pytest.mark.parametrize(
    ("cost_method", "today"),
    [
        ("average", None), ("average", 5), ("average", 95),
        *(pytest.param(method, today, marks=pytest.mark.any_database) for method, today in (("fifo", None), ("fifo", 95), ("specific", 5))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", STEPS)
def test_everything_is_as_it_was_before_the_step(company_db, step, cost_method, today):
    build.company(quantity=7, cost="33.33", cost_method=cost_method, return_cost="current" if today else "original")
    sale = build.sold(quantity=3)
    if today:
        build.bought("A", 9, today)
    rma = build.approved(build.requested(sale, 2))
    if step != "receive":
        build.received(rma, 2)
    if step not in ("receive", "inspect"):
        build.inspected(rma, 2, grade="B")
    before = state()
    STEPS[step](rma)

    undone(rma, step if step in ("receive", "inspect") else "dispose")

    assert state() == before


def test_the_mirror_is_the_opposite_row_in_both_ledgers(shop):
    rma = build.on_the_dock(2)
    with written() as ledgers:
        undone(rma, "receive")
    assert ledgers.goods == ["A 2 quarantine → customer 120.00"]
    assert ledgers.money == ["cost_of_goods_sold / goods_in_quarantine 120.00"]


def test_the_last_step_is_taken_back_first_then_the_one_before(shop):
    rma = build.approved(build.requested(build.sold(quantity=3), 3))
    build.received(rma, 1)
    build.received(rma, 2)
    for left in (1, 0):
        undone(rma, "receive")
        assert ReturnPiece.objects.get().received_e4 == e4(left)
    with refused("transition_not_allowed", document=rma, wanted="undo receive"):
        undone(rma, "receive")


def test_an_undone_step_may_be_done_again(shop):
    rma = build.back_on_the_shelf()
    undone(rma, "dispose")
    build.disposed(rma, to="scrap")
    undone(rma, "dispose")
    build.disposed(rma)
    assert on_account(Role.inventory) == "540.00"


@pytest.mark.parametrize("what", ["receive", "inspect"])
def test_refuses_while_a_later_step_stands_on_it(shop, what):
    rma = build.back_on_the_shelf()
    with refused("transition_not_allowed", document=rma, wanted=f"undo {what}"):
        undone(rma, what)


@pytest.mark.parametrize("what", ["receive", "inspect", "dispose"])
def test_refuses_what_was_never_done_and_an_unknown_return(shop, what):
    rma = build.approved(build.requested(build.sold()))
    with refused("transition_not_allowed", wanted=f"undo {what}"):
        undone(rma, what)
    with refused("unknown_document", document="R31"):
        undone("R31", what)


@pytest.mark.parametrize(("what", "when"), [("receive", "received"), ("inspect", "inspected")])
def test_refuses_once_the_pieces_were_paid_for(shop, what, when):
    build.policy(refund_when=when)
    rma = build.on_the_dock()
    if what == "inspect":
        build.inspected(rma)
    build.settled(rma)
    with refused("money_already_sent", document=rma, step=what):
        undone(rma, what)


def test_a_wrong_disposition_can_be_corrected_even_when_it_was_paid_for(shop):
    rma = build.settled(build.back_on_the_shelf())
    undone(rma, "dispose")
    with written() as ledgers:
        build.disposed(rma, to="scrap")
    assert ledgers.goods == ["A 1 quarantine → scrap 60.00"]


def test_refuses_when_the_pieces_are_gone(shop):
    rma = build.back_on_the_shelf(2)
    build.sold(quantity=9)
    with refused("insufficient_stock", sku="A", asked_e4=e4(2), available_e4=e4(1)):
        undone(rma, "dispose")


def test_refuses_when_the_pool_would_keep_value_without_pieces(shop):
    rma = build.back_on_the_shelf(1)
    build.bought("A", 1, 1_000)
    build.sold(quantity=9)
    with refused("insufficient_stock", sku="A"):  # the last piece is worth more than what would leave
        undone(rma, "dispose")


def test_of_two_returns_in_one_batch_the_second_finds_the_pieces_gone(shop):
    build.sold(quantity=6)
    first, second = build.back_on_the_shelf(2), build.back_on_the_shelf(2)
    build.sold(quantity=2)
    inputs = [UndoStep(document=rma, what="dispose", on=DAY) for rma in (first, second)]

    outcomes = undo_step.batch(inputs, actor=SYSTEM, mode="each")

    assert (outcomes[0].document, outcomes[1].error.facts()) == (
        first,
        {"sku": "A", "asked_e4": e4(2), "available_e4": 0},
    )


def test_one_step_twice_in_a_batch_is_taken_back_once(shop):
    rma = build.back_on_the_shelf()
    inputs = [UndoStep(document=rma, what="dispose", on=DAY)] * 2
    first, second = undo_step.batch(inputs, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == (rma, "transition_not_allowed")
    assert ReturnPiece.objects.get().disposed_e4 == 0


def test_pieces_of_a_closed_return_may_be_asked_for_again(shop):
    sale = build.sold(quantity=1)
    rma = closed(build.on_the_dock(number=sale))
    undone(rma, "receive")
    assert (returnable(sale, "A"), SalePiece.objects.get().open_e4) == (e4(1), 0)


def test_refuses_to_take_back_what_was_sent_back_and_asked_for_again(shop):
    sale = build.sold(quantity=1)
    rma = build.disposed(build.inspected(build.on_the_dock(number=sale)), to="send_back")
    build.requested(sale)
    with refused("transition_not_allowed", document=rma, wanted="undo dispose"):
        undone(rma, "dispose")


def test_what_was_missing_before_it_came_is_missing_again(shop):
    rma = build.approved(build.requested(build.sold()))
    build.received(rma, found="missing")
    build.received(rma)
    undone(rma, "receive")
    assert ReturnPiece.objects.get().missing_e4 == e4(1)


def test_a_serial_number_that_came_back_another_way_is_not_taken_back_twice(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    line = {"sku": "S", "quantity_e4": e4(1), "serials": ["N1"], "unit_price_e6": 1, "unit_cost_e6": 1}
    raw = {"customer": "HE", "lines": [line], "on": "2026-01-05"}
    build.sold("S", 1, serials=("N1",))
    first, second = (
        build.approved(build.request_return(build.request_return.parse(raw), actor=SYSTEM).document) for _ in "12"
    )
    build.inspected(build.received(first, 1, "S", serials=("N1",)), 1, "S", serials=("N1",))
    build.disposed(first, 1, "S", to="send_back", serials=("N1",))
    build.received(second, 1, "S", serials=("N1",))
    with refused("insufficient_stock", sku="S"):
        undone(first, "dispose")


@pytest.mark.parametrize(
    ("what", "who"), [("receive", "zhou"), ("inspect", "li"), ("dispose", "li"), ("dispose", "zhou")]
)
def test_whoever_may_do_a_step_may_undo_it(people, what, who):
    rma = build.on_the_dock()
    build.inspected(rma) if what != "receive" else None
    build.disposed(rma) if what == "dispose" else None
    with refused("permission_denied", actor="wu", permission=f"returns.{what}"):
        undo_step(UndoStep(document=rma, what=what, on=DAY), actor=people.wu)

    assert undo_step(UndoStep(document=rma, what=what, on=DAY), actor=getattr(people, who)).document == rma
