"""Beside the process: goods are called back from everybody who bought them, and what is here stays here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backstock.core.commands import Done
from backstock.core.models import User
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.cancel import CancelReturn, cancel_return
from backstock.returns.commands.recall import CloseRecall, close_recall
from backstock.returns.models import RecallAsk, Return
from backstock.returns.queries import loaded_return
from backstock.returns.recall import recalling
from backstock.returns.recall.progress import buyers_of, recall_of, standing_of, where_it_is
from tests import build, build_stock
from tests.build import DAY, e4
from tests.build_recalls import answered, asked_all, blocked, called_back, closed, lifted, ordered
from tests.build_requests import asked, line
from tests.cast import HE, SUN
from tests.ledgers import refused, written


@pytest.fixture
def lots(shop):
    """A product in two lots; SUN has two pieces of the first, HE one."""
    build.product("M", tracking="lot")
    build.bought("M", 5, 10, lot="L1")
    build.bought("M", 5, 10, lot="L2")
    build.sold("M", 2, lot="L1")
    build.sold("M", 1, lot="L1", customer=HE)


def progress(recall: str) -> int:
    found = recall_of(recall)
    standing = standing_of([found])[found.pk]
    assert standing.waiting_e4 == sum(each.waiting_e4 for each in buyers_of(found))
    return standing.percent


def test_it_says_who_has_what_and_what_is_where(lots):
    with written() as ledgers:
        recall = called_back("M", ("L1",))
    assert {each.customer.code: each.held_e4 for each in buyers_of(recall_of(recall))} == {SUN: e4(2), HE: e4(1)}
    assert where_it_is(recall_of(recall)) == {"sellable": e4(2), "customer": e4(3)}
    assert (progress(recall), ledgers.goods) == (0, [])


def test_blocked_pieces_are_not_sold_nor_moved_nor_put_back(lots):
    build_stock.second()
    rma = build.received(
        build.approved(asked(line("M", 1, lot="L1"), sale=build.sold("M", 1, lot="L1")).document), 1, "M", lot="L1"
    )
    build.inspected(rma, 1, "M")
    called_back("M", ("L1",))
    with refused("stock_blocked", sku="M"):
        build.sold("M", 1, lot="L1")
    with refused("stock_blocked", sku="M"):
        build_stock.transferred({"sku": "M", "quantity": 1, "lot": "L1"})
    with refused("stock_blocked", sku="M"):
        build.disposed(rma, 1, "M", lot="L1")
    build.disposed(rma, 1, "M", to="scrap", lot="L1")
    build.sold("M", 5)
    with refused("insufficient_stock", sku="M"):
        build.sold("M", 1)


def test_a_block_is_lifted_again(lots):
    blocked("M", "L1")
    with refused("stock_blocked", sku="M"):
        build.sold("M", 1, lot="L1")
    lifted("M", "L1")
    build.sold("M", 1, lot="L1")
    with refused("not_blocked", sku="M"):
        lifted("M", "L1")
    with refused("unknown_lot", sku="M", lot="L9"):
        blocked("M", "L9")
    with refused("quantity_required", sku="M"):
        blocked("M")


def test_everybody_is_asked_at_once_and_only_once(lots):
    build.policy(window_days=1, reasons={"unwanted": []})
    recall = called_back("M", ("L1",), on=DAY + timedelta(days=90))
    made = asked_all(recall)
    assert len(made) == 2
    assert asked_all(recall) == []
    assert {loaded_return(number).row.reference for number in made} == {recall}
    assert list(RecallAsk.objects.order_by("pk").values_list("state", "done", "total", "made")) == [
        ("done", 2, 2, 2),
        ("done", 0, 0, 0),
    ]


def test_who_did_not_send_their_goods_is_asked_again(lots):
    recall = called_back("M", ("L1",))
    first = asked_all(recall)
    cancel_return(CancelReturn(document=first[0], on=DAY), actor=SYSTEM)
    assert len(asked_all(recall)) == 1


def test_who_got_pieces_after_the_recall_began_is_asked_too(lots):
    recall = called_back("M", ("L1",), block=False)
    build.sold("M", 1, lot="L1", customer=HE)
    assert len(asked_all(recall)) == 3
    assert {each.customer.code: each.held_e4 for each in buyers_of(recall_of(recall))} == {SUN: e4(2), HE: e4(2)}


def test_a_worker_that_dies_while_asking_is_continued_by_the_next_one(lots, monkeypatch):
    monkeypatch.setattr(recalling, "CHUNK", 1)
    build.sold("M", 1, lot="L1")
    recall = called_back("M", ("L1",))
    ordered(recall)

    class PowerCut(BaseException):
        pass

    def cut(done: int, total: int) -> None:
        if done == 2:
            raise PowerCut

    with pytest.raises(PowerCut):
        recalling.work_off(cut)
    assert Return.objects.count() == 2
    with refused("recall_being_asked", document=recall):
        ordered(recall)
    recalling.recover()
    assert not recalling.work_off()
    RecallAsk.objects.update(touched_at=DAY.isoformat() + "T00:00:00Z")
    recalling.recover()
    assert recalling.work_off()
    ask = RecallAsk.objects.get()
    assert (ask.state, ask.done, ask.total, ask.made, Return.objects.count()) == ("done", 3, 3, 3, 3)


def test_asking_ends_with_a_reason_when_the_recall_was_closed_or_who_asked_may_no_longer(lots, people):
    recall = called_back("M", ("L1",))
    ordered(recall)
    closed(recall, "enough")
    assert recalling.work_off()
    other = called_back("M", ("L1",), block=False)
    ask = ordered(other, actor=people.wu)
    User.objects.filter(pk=people.wu.user_id).update(is_active=False)
    assert recalling.work_off()
    said = list(RecallAsk.objects.order_by("pk").values_list("state", "message_en"))
    assert [state for state, _ in said] == ["failed", "failed"]
    assert "is closed" in said[0][1]
    assert "may not" in said[1][1]
    assert (Return.objects.count(), ask.user_id) == (0, people.wu.user_id)


def test_it_comes_to_a_hundred_percent_piece_by_piece(lots):
    recall = called_back("M", ("L1",))
    made = asked_all(recall)
    build.approved(made[0])
    build.received(made[0], 2, "M", lot="L1")
    assert progress(recall) == 66
    with refused("recall_unfinished", document=recall, waiting_e4=e4(1)):
        closed(recall)
    answered(recall, HE, "contacted")
    assert progress(recall) == 66
    answered(recall, HE, "unreachable")
    assert progress(recall) == 100
    answered(recall, HE, "waiting")
    assert progress(recall) == 66
    answered(recall, HE, "refused")
    closed(recall)
    with refused("recall_over", document=recall):
        answered(recall, HE, "contacted")
    with refused("recall_over", document=recall):
        closed(recall)


def test_a_range_of_serial_numbers_and_a_whole_delivery(shop):
    build.product("S", tracking="serial")
    number = build.bought("S", 4, 10, serials=("N08", "N09", "N10", "N100"))
    build.sold("S", 3, serials=("N08", "N10", "N100"))
    assert [each.goods for each in buyers_of(recall_of(called_back("S", first="N09", last="N11")))] == [["S N10"]]
    assert buyers_of(recall_of(called_back(purchase=number)))[0].held_e4 == e4(3)


def test_refuses(lots):
    recall = called_back("M", ("L1",))
    for wanted in ({"sku": "M", "codes": ("L9",)}, {"sku": "M", "codes": ("L1", "L9")}, {"purchase": "P9"}, {}):
        with refused("nothing_to_recall"):
            called_back(**wanted)
    with refused("invalid_input", field="goods"):
        called_back("M", first="L1", last="L10")
    with refused("unknown_product", sku="NO"):
        called_back("NO", ("L1",))
    for number in ("RC9", "R000001"):
        with refused("unknown_document"):
            answered(number, SUN, "contacted")
    with refused("unknown_partner"):
        answered(recall, "NOBODY", "contacted")
    sale = build.sold("M", 1, lot="L2")
    with refused("not_recalled", document=recall, sku="M"):
        asked(line("M", 1, lot="L2"), sale=sale, recall=recall)
    with refused("unknown_document", document="RC9"):
        asked(line("M", 1, lot="L2"), sale=sale, recall="RC9")


def test_a_recall_ends_once_also_within_a_batch(lots):
    recall = called_back("M", ("L1",))
    ending = CloseRecall(document=recall, reason="enough", on=DAY)
    first, second = close_recall.batch([ending, ending], actor=SYSTEM, mode="each")
    assert isinstance(first, Done)
    assert second.error.code == "recall_over"
