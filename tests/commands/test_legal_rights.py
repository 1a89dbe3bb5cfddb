"""Online customers keep what the law gives them on every way in: a window, a hearing, their first shipping."""

from datetime import date, timedelta

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.approve import RejectReturn, reject_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.deciding.deadlines import legal_dues
from backstock.returns.queries import events_of, loaded_return
from tests import build
from tests.build import DAY
from tests.ledgers import refused


@pytest.fixture
def chinese(company_db):
    build.company(law="CN")


def reject(rma, on):
    reject_return(RejectReturn(document=rma, reason="too late", on=on), actor=SYSTEM)


def clocks(rma):
    found = loaded_return(rma)
    return {due.what: due.on for due in legal_dues(found, events_of(found.row.pk))}


def test_a_shorter_window_does_not_bind_an_online_customer(chinese):
    build.policy(window_days=3)
    online, counter = build.sold(channel="online"), build.sold(channel="shop")
    fifth, last = DAY + timedelta(days=5), DAY + timedelta(days=7)
    with refused("return_window_expired", window_days=3):
        build.requested(counter, on=fifth)

    rma = build.requested(online, on=last)
    with refused("legal_right_not_waivable", document=rma, sku="A", until=last.isoformat()):
        reject(rma, last + timedelta(days=9))

    with refused("return_window_expired", last_day=last.isoformat()):
        build.requested(online, on=last + timedelta(days=1))


def test_after_the_legal_days_only_the_policy_counts(chinese):
    build.policy(window_days=30)
    rma = build.requested(build.sold(channel="online"), on=DAY + timedelta(days=8))
    reject(rma, DAY + timedelta(days=8))
    assert (loaded_return(rma).row.status, clocks(rma)) == ("rejected", {})


def test_a_policy_cannot_turn_down_by_itself_what_the_law_lets_come_back(chinese):
    build.policy(reject_when=[{"sku": "A"}])
    online, counter = build.sold(channel="online"), build.sold(channel="shop")
    assert loaded_return(build.requested(online)).lines[0].row.decision == "review"
    assert loaded_return(build.requested(counter)).lines[0].row.decision == "reject"


def test_the_clock_of_the_money_starts_when_the_goods_are_here_and_stops_when_they_were_not(chinese):
    rma = build.requested(build.sold(channel="online"))
    assert clocks(rma) == {"decide": DAY + timedelta(days=15)}
    build.approved(rma)
    build.received(rma, on=DAY + timedelta(days=3))
    assert clocks(rma)["refund"] == DAY + timedelta(days=10)

    undo_step(UndoStep(document=rma, what="receive", on=date(2026, 1, 20)), actor=SYSTEM)

    assert "refund" not in clocks(rma)
