"""What will not be paid is given up: one person asks, another decides."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.owing.commands.write_off import DecideWriteOff, decide_write_off
from backstock.owing.models import WriteOff
from tests import build
from tests import build_owing as owing
from tests.build import DAY
from tests.commands.test_receive_money import open_of, receivable
from tests.ledgers import refused, written


def decided(document, approve=True, actor=SYSTEM):
    return decide_write_off(DecideWriteOff(document=document, approve=approve, on=DAY), actor=actor)


def test_asked_by_one_and_approved_by_another(people):
    sale = build.sold(quantity=1, paid={"cash": 30})
    number = owing.asked_off(sale, actor=people.admin)
    assert (number, open_of(sale)) == ("WO000001", 7_000)
    with refused("second_person_required", document=number, actor="admin"):
        decided(number, actor=people.admin)
    with written() as ledgers:
        decided(number, actor=people.wang)
    assert ledgers.money == ["bad_debts / receivable 70.00"]
    assert (open_of(sale), receivable()) == (0, 0)
    row = WriteOff.objects.get()
    assert (row.status, row.decided_by_id) == ("approved", people.wang.user_id)
    with refused("transition_not_allowed", document=number):
        decided(number)


def test_a_debt_that_we_need_not_pay_is_income(shop):
    debt = owing.owed(80, partner="JIN", side="payable")
    with written() as ledgers:
        decided(owing.asked_off(debt, "0.30"))
    assert ledgers.money == ["payable / other_income 0.30"]
    with written() as ledgers:
        decided(owing.asked_off(debt), approve=False)
    assert ledgers.money == []
    assert list(WriteOff.objects.order_by("pk").values_list("amount_cents", "status")) == [
        (30, "approved"),
        (7_970, "rejected"),
    ]


def test_goods_that_come_back_after_all_take_the_loss_back(shop):
    sale = build.sold(quantity=1, paid="none")
    decided(owing.asked_off(sale))
    with written() as ledgers:
        build.settled(build.back_on_the_shelf(number=sale))
    assert ledgers.money[-2:] == ["receivable / refunds_payable 100.00", "refunds_payable / bad_debts 100.00"]


def test_refuses_more_than_is_open_when_asked_and_when_decided(shop):
    sale = build.sold(quantity=1, paid="none")
    with refused("allocation_exceeds_open", document=sale, asked_cents=10_001, open_cents=10_000):
        owing.asked_off(sale, "100.01")
    number = owing.asked_off(sale)
    owing.received(1)
    with refused("allocation_exceeds_open", document=sale, asked_cents=10_000, open_cents=9_900):
        decided(number)
    owing.received(99)
    with refused("nothing_open", document=sale):
        owing.asked_off(sale)
    with refused("unknown_document", document="WO000099"):
        decided("WO000099")


@pytest.mark.parametrize("approve", [True, False])
def test_one_write_off_is_decided_once_in_a_batch(shop, approve):
    number = owing.asked_off(build.sold(quantity=1, paid="none"))
    wanted = DecideWriteOff(document=number, approve=approve, on=DAY)
    first, second = decide_write_off.batch([wanted, wanted], actor=SYSTEM, mode="each")
    assert first.document == number
    assert second.error.code == "transition_not_allowed"
