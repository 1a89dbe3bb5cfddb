"""Goods without an owner: worth nothing until matched, then exactly what a receipt of their return makes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.returns.commands.answer_finding import SendFindingBack, send_finding_back
from backstock.returns.commands.match_unclaimed import MatchLine, MatchUnclaimed, match_unclaimed
from backstock.returns.commands.place_unclaimed import UndoUnclaimed, undo_unclaimed
from backstock.returns.commands.set_dock_rules import EraseUnclaimed, SetDockRules, erase_unclaimed, set_dock_rules
from backstock.returns.commands.take_in import TakeIn, take_in
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.dock.candidates import candidates_for, sales_for
from backstock.returns.dock.unclaimed import load_unclaimed
from backstock.returns.models import FindingAnswer, ReturnEvent, ReturnPiece, Unclaimed, UnclaimedEvent, UnclaimedLine
from backstock.returns.queries import loaded_return, progress
from tests import build, build_dock
from tests.build import DAY, e4
from tests.ledgers import on_account, refused, written

LATER = DAY + timedelta(days=30)


def undone(number: str) -> None:
    undo_unclaimed(UndoUnclaimed(document=number, on=DAY), actor=SYSTEM)


def receipt_undone(rma: str) -> None:
    undo_step(UndoStep(document=rma, what="receive", on=DAY), actor=SYSTEM)


def here() -> list[int]:
    return [line.here_e4 // 10**4 for line in UnclaimedLine.objects.order_by("pk")]


def test_they_come_into_quarantine_worth_nothing(shop):
    build.sold(quantity=2)
    with written() as done:
        number = build_dock.taken_in(quantity=2, tracking_number="SF1", weight_grams=800)
    assert (number, done.goods, done.money) == ("UN000001", ["A 2 customer → quarantine 0.00"], [])
    assert here() == [2]


def test_what_is_personal_on_the_label_is_never_in_the_log_and_can_be_erased(shop):
    number = build_dock.taken_in(sender_name="刘芳", sender_phone="13800001234", route="杭州滨江", note="盒子上写着刘")
    assert not [
        text
        for text in ("刘", "13800001234", "滨江")
        if text in str(CommandLog.objects.get(name="returns.take_in").payload)
    ]
    erase_unclaimed(EraseUnclaimed(document=number, on=DAY), actor=SYSTEM)
    row = Unclaimed.objects.get()
    assert (row.sender_name, row.sender_phone, row.route, row.note) == ("", "", "", "")
    assert row.erased_at is not None
    assert here() == [1]


def test_a_match_is_the_receipt_of_the_return_at_the_cost_at_which_it_left(shop):
    rma, number = build_dock.waiting(2), build_dock.taken_in(quantity=3)
    with written() as done:
        assert build_dock.matched(number, rma, quantity=2, found="damaged") == rma
    assert done.goods == ["A 2 quarantine → customer 0.00", "A 2 customer → quarantine 120.00"]
    assert done.money == ["goods_in_quarantine / cost_of_goods_sold 120.00"]
    assert (progress(loaded_return(rma)), here()) == ("received", [1])
    assert ReturnEvent.objects.get().verdict == "damaged"
    build.disposed(build.inspected(rma, 2), 2)


def test_undoing_the_receipt_makes_them_nobodys_again(shop):
    rma, number = build_dock.waiting(2), build_dock.taken_in(quantity=2)
    build_dock.matched(number, rma)
    with refused("transition_not_allowed", document=number, current="matched"):
        undone(number)
    receipt_undone(rma)
    assert (progress(loaded_return(rma)), here()) == ("approved", [2])
    assert on_account(Role.goods_in_quarantine) == "0.00"
    build_dock.matched(number, rma)
    receipt_undone(rma)
    undone(number)
    assert here() == [0]


def test_a_serial_number_that_nobody_expected_finds_its_return(shop):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    sale = build.sold("S", 2, serials=("N1", "N2"))
    number = build_dock.taken_in("S", 1, serials=("N1",))
    with refused("serial_already_returned", sku="S", serial="N1"):
        build_dock.taken_in("S", 1, serials=("N1",))
    rma = build.approved(build.requested(sale, 1, "S", serials=("N1",)), sku="S")
    build_dock.matched(number, rma)
    assert ReturnPiece.objects.get().received_e4 == e4(1)
    receipt_undone(rma)
    build_dock.matched(number, rma)
    assert here() == [0]


def test_a_serial_number_nobody_could_read_is_named_at_the_match(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    rma = build.approved(build.requested(build.sold("S", 1, serials=("N1",)), 1, "S", serials=("N1",)), sku="S")
    number = build_dock.taken_in("S", 1)
    with refused("serial_required"):
        build_dock.matched(number, rma)
    build_dock.matched(number, rma, serials=("N1",))
    receipt_undone(rma)
    assert here() == [1]


def test_lots_go_with_them(shop):
    build.product("L", tracking="lot")
    build.bought("L", 4, 10, lot="L1")
    rma = build.approved(build.requested(build.sold("L", 2, lot="L1"), 2, "L", lot="L1"), sku="L")
    number = build_dock.taken_in("L", 2, lot="L1")
    build_dock.matched(number, rma)
    receipt_undone(rma)
    assert here() == [2]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"line": 2}, "not_here"),
        ({"line": 1, "quantity": 4}, "not_here"),
        ({"line": 1, "quantity": 3}, "quantity_exceeds_authorized"),
    ],
)
def test_refuses_more_than_there_is_or_than_is_expected(shop, line, code):
    rma, number = build_dock.waiting(2), build_dock.taken_in(quantity=3)
    with refused(code):
        build_dock.matched(number, rma, **line)


def test_refuses_a_return_that_expects_other_goods_or_none(shop):
    build.product("B")
    number = build_dock.taken_in("B")
    other = build_dock.waiting(1)
    with refused("item_not_in_sale"):
        build_dock.matched(number, other)
    rma = build.requested(build.sold())
    with refused("transition_not_allowed"):
        build_dock.matched(number, rma)
    with refused("unknown_document", document="UN9"):
        build_dock.matched("UN9", rma)


def test_matched_twice_the_second_finds_nothing(shop):
    first, second, number = build_dock.waiting(1), build_dock.waiting(1), build_dock.taken_in()
    build_dock.matched(number, first)
    with refused("quantity_required", document=number):
        build_dock.matched(number, second)
    other = build_dock.taken_in()
    wanted = [MatchUnclaimed(document=other, rma=second, lines=(MatchLine(line=1),), on=DAY)] * 2
    outcomes = match_unclaimed.batch(wanted, actor=SYSTEM, mode="each")
    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [None, "not_here"]


def test_nobody_claims_them_and_after_the_days_they_are_kept_at_a_stated_cost(shop):
    number = build_dock.taken_in(quantity=2)
    with refused("still_waiting", document=number, until="2026-02-04"):
        build_dock.placed(number, "restock", LATER - timedelta(days=1), cost=30)
    with refused("cost_required", sku="A"):
        build_dock.placed(number, "restock", LATER)
    with written() as done:
        build_dock.placed(number, "restock", LATER, quantity=1, cost=30)
    assert done.goods == ["A 1 quarantine → outside 0.00", "A 1 outside → sellable 30.00"]
    assert done.money == ["inventory / stock_differences 30.00"]
    build_dock.placed(number, "scrap", LATER)
    assert here() == [0]
    undone(number)
    undone(number)
    assert (here(), on_account(Role.stock_differences)) == ([2], "0.00")


@pytest.mark.parametrize("cost_method", ["fifo", "specific"])
def test_kept_goods_fit_every_way_of_costing(company_db, cost_method):
    build.company(cost_method=cost_method)
    build.product("L", tracking="lot")
    build.bought("L", 1, 10, lot="L1")
    build.sold("L", 1, lot="L1")
    number = build_dock.taken_in("L", 1, lot="L1")
    build_dock.placed(number, "restock", LATER, cost=5)
    undone(number)
    with written() as done:
        build_dock.placed(number, "donate", LATER)
    assert done.goods == ["L 1 quarantine → scrap 0.00"]
    assert on_account(Role.stock_differences) == "0.00"


def test_they_may_go_back_to_the_sender_at_any_time(shop):
    number = build_dock.taken_in()
    with written() as done:
        build_dock.placed(number, "send_back", DAY)
    assert done.goods == ["A 1 quarantine → customer 0.00"]


def test_what_was_kept_and_sold_again_cannot_be_undone(shop):
    build.product("B")
    number = build_dock.taken_in("B")
    build_dock.placed(number, "restock", LATER, cost=5)
    build.sold("B", 1, on=LATER)
    with refused("insufficient_stock", sku="B"):
        undone(number)


def test_only_who_may_value_goods_keeps_them(people):
    number = build_dock.taken_in()
    with refused("permission_denied", permission="returns.value_unclaimed"):
        build_dock.placed(number, "restock", LATER, cost=5, actor=people.zhou)
    build_dock.placed(number, "restock", LATER, cost=5, actor=people.wang)


def test_the_days_are_the_companys(shop):
    set_dock_rules(SetDockRules(unclaimed_days=0, on=DAY), actor=SYSTEM)
    number = build_dock.taken_in()
    assert here() == [1]
    build_dock.placed(number, "scrap", DAY)
    assert here() == [0]


def test_goods_that_were_too_many_become_goods_without_an_owner_and_their_receipt_stays(shop):
    rma = build_dock.waiting(1)
    build.received(rma)
    build.received(rma, 2, found="over")
    finding = ReturnEvent.objects.order_by("-pk")[0].pk
    number = take_in(TakeIn(finding=finding, on=DAY), actor=SYSTEM).document
    assert (here(), FindingAnswer.objects.get().document) == ([2], number)
    assert Unclaimed.objects.get().found_in_id == 1
    with refused("finding_answered"):
        take_in(TakeIn(finding=finding, on=DAY), actor=SYSTEM)
    with refused("transition_not_allowed", document=rma, current="later steps"):
        receipt_undone(rma)


def test_goods_that_went_straight_back_were_never_in_any_ledger(shop):
    rma = build_dock.waiting(1)
    build.received(rma, found="wrong_item")
    finding = ReturnEvent.objects.get().pk
    with written() as done:
        send_finding_back(SendFindingBack(document=rma, finding=finding, on=DAY), actor=SYSTEM)
    assert (done.goods, done.money) == ([], [])
    with refused("finding_answered", document=rma):
        send_finding_back(SendFindingBack(document=rma, finding=finding, on=DAY), actor=SYSTEM)


def test_a_finding_that_was_taken_back_is_none(shop):
    rma = build_dock.waiting(1)
    build.received(rma, found="over")
    finding = ReturnEvent.objects.get().pk
    receipt_undone(rma)
    with refused("finding_answered"):
        take_in(TakeIn(finding=finding, on=DAY), actor=SYSTEM)
    damaged = ReturnEvent.objects.order_by("-pk")[0].pk
    with refused("finding_answered"):
        take_in(TakeIn(finding=damaged, on=DAY), actor=SYSTEM)


def test_a_kit_comes_as_its_parts(shop):
    build.product("B")
    build.product("K", kit={"A": 2, "B": 1})
    build_dock.taken_in("K", 2)
    assert here() == [4, 2]
    assert UnclaimedEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"sku": "NO"}, "unknown_product"),
        ({"quantity": 0}, "quantity_required"),
        ({"warehouse": "MOON"}, "unknown_warehouse"),
    ],
)
def test_refuses_to_take_in(shop, wrong, code):
    with refused(code):
        build_dock.taken_in(**wrong)


def test_candidates_are_ranked_with_their_reasons(shop):
    build.customer("LIU", name="刘芳", phone="13800001234", address="浙江省杭州市滨江区")
    old = build_dock.waiting(1)
    mine = build.approved(build.requested(build.sold(quantity=2, customer="LIU"), 2))
    announced = build_dock.waiting(3)
    build_dock.announced(announced, number="SF7")
    loaded = load_unclaimed([build_dock.taken_in(quantity=2, sender_phone="138****1234", route="杭州")], lock=False)[
        "UN000001"
    ]
    ranked = [(each.rma.row.number, [code for code, _ in each.fit.reasons]) for each in candidates_for(loaded)]
    assert ranked == [(mine, ["phone_part", "route", "sku", "quantity"]), (old, ["sku"]), (announced, ["sku"])]

    by_waybill = load_unclaimed([build_dock.taken_in(tracking_number="SF7")], lock=False)["UN000002"]
    assert candidates_for(by_waybill)[0].rma.row.number == announced


def test_a_sale_whose_customer_has_not_asked_yet_is_found_by_serial_number(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    sale = build.sold("S", 1, serials=("N1",))
    loaded = load_unclaimed([build_dock.taken_in("S", 1, serials=("N1",))], lock=False)["UN000001"]
    assert candidates_for(loaded) == []
    assert [(each.number, each.by_code) for each in sales_for(loaded, [])] == [(sale, True)]
