"""Online customers keep what the law gives them on every way in: a window, a hearing, their first shipping."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.approve import RejectReturn, reject_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.deciding.clocks import late
from backstock.returns.deciding.deadlines import deadlines, legal_dues
from backstock.returns.models import Return
from backstock.returns.queries import events_of, loaded_return
from tests import build, build_flows
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


def running(rma):
    found = loaded_return(rma)
    return [
        (each.step, each.until.astimezone(ZoneInfo("Asia/Shanghai")).date() - DAY, each.by, each.binds)
        for each in deadlines(found, events_of(found.row.pk), "Asia/Shanghai")
    ]


def test_law_and_flow_are_one_list_of_deadlines_of_which_the_first_binds_and_is_late(chinese):
    build.policy(return_deadline_days=20)
    spans = {"approve": {"days": 3}, "receive": {"days": 30}, "inspect": {"days": 1}, "settle": {"days": 9}}
    build_flows.flow("online", when={"types": ["return_refund"], "channel": "online"}, deadlines=spans)
    days = [timedelta(days=n) for n in range(40)]
    rma = build.requested(build.sold(channel="online"))
    assert running(rma) == [
        ("approve", days[3], "flow", True), ("approve", days[15], "law", False),
    ]  # fmt: skip

    build.approved(rma)
    assert running(rma) == [("receive", days[20], "policy", True), ("receive", days[30], "flow", False)]

    build.inspected(build.received(rma, on=DAY + days[2]), on=DAY + days[2])
    assert running(rma) == [("settle", days[9], "law", True)]
    build.disposed(rma, on=DAY + days[4])
    assert running(rma) == [("settle", days[9], "law", True)]
    assert [row.number for row in late(Return.objects.all(), datetime(2026, 1, 15, tzinfo=UTC))] == [rma]
    assert not late(Return.objects.all(), datetime(2026, 1, 14, 15, 59, tzinfo=UTC))

    build.settled(rma, on=DAY + days[4])
    assert running(rma) == []


def test_the_law_counts_also_where_the_flow_has_no_clock_and_from_the_request_where_it_says_so(company_db):
    build.company(law="EU")
    build_flows.flow("online", when={"types": ["return_refund"], "channel": "online"}, deadlines={})
    build.policy(refund_when="received")
    rma = build.received(build.approved(build.requested(build.sold(channel="online"))))
    assert running(rma) == [("settle", timedelta(days=14), "law", True)]
    assert [row.number for row in late(Return.objects.all(), datetime(2026, 1, 20, tzinfo=UTC))] == [rma]
