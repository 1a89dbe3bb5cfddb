"""Clocks: until when each step waits, what is late, and for whom."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from backstock.core import clock
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.edit import EditLine, EditReturn, edit_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.deciding.clocks import clocks_of, counts, late, late_count, queue, until_of
from backstock.returns.models import Return
from tests import build, build_flows
from tests.build import DAY

HOURS = {step: {"hours": n} for n, step in enumerate(("approve", "receive", "inspect", "dispose", "settle"), 1)}
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)


@contextmanager
def at(hours: float):
    with clock.frozen(NOON + timedelta(hours=hours)):
        yield


def waits(rma: str) -> dict[str, float]:
    """Return in how many hours after noon each step is due."""
    return {step: (until - NOON) / timedelta(hours=1) for step, until in clocks_of(int(rma[1:])).items()}


def test_each_step_starts_the_clock_of_the_next(shop):
    build_flows.flow(deadlines=HOURS)
    with at(0):
        rma = build.requested(build.sold())
    assert waits(rma) == {"approve": 1}
    with at(10):
        build.approved(rma)
    assert waits(rma) == {"receive": 12}
    with at(20):
        build.received(rma)
    assert waits(rma) == {"inspect": 23}
    with at(30):
        build.inspected(rma)
    assert waits(rma) == {"dispose": 34}
    with at(40):
        build.disposed(rma)
    assert waits(rma) == {"settle": 45}
    build.settled(rma)
    assert waits(rma) == {}


@pytest.mark.parametrize(("refund_when", "hour"), [("approved", 15), ("received", 25), ("inspected", 35)])
def test_money_falls_due_with_the_step_that_the_policy_names(shop, refund_when, hour):
    build.policy(refund_when=refund_when)
    build_flows.flow(deadlines=HOURS)
    with at(10):
        rma = build.approved(build.requested(build.sold()))
    with at(20):
        build.received(rma)
    with at(30):
        build.inspected(rma)
    assert waits(rma)["settle"] == hour


def test_where_nothing_is_inspected_placing_waits_from_the_receipt_on(shop):
    build.policy(inspection="none")
    build_flows.flow(deadlines=HOURS)
    with at(0):
        rma = build.received(build.approved(build.requested(build.sold())))
    assert waits(rma) == {"dispose": 4}


def test_a_step_that_is_taken_back_gives_the_clock_before_it_back(shop):
    build_flows.flow(deadlines=HOURS)
    with at(0):
        rma = build.received(build.approved(build.requested(build.sold())))
    with at(2):
        build.inspected(rma)
    undo_step(UndoStep(document=rma, what="inspect", on=DAY), actor=SYSTEM)
    assert waits(rma) == {"inspect": 3}


def test_two_parcels_wait_each_from_its_own_arrival(shop):
    build_flows.flow(deadlines=HOURS)
    with at(0):
        rma = build.received(build.approved(build.requested(build.sold(), 2)))
    assert waits(rma) == {"receive": 2, "inspect": 3}
    with at(1):
        build.received(rma)
    assert waits(rma) == {"inspect": 4}


def test_a_return_without_clocks_is_never_late(shop):
    build_flows.flow(deadlines={})
    build.requested(build.sold())
    assert not late(Return.objects.all(), NOON + timedelta(days=9000))


def test_everybody_sees_what_waits_for_them_the_latest_first(people):
    build_flows.flow(deadlines=HOURS)
    with at(5):
        second = build.requested(build.sold())
    with at(0):
        first = build.requested(build.sold())
        dock = build.received(build.approved(build.requested(build.sold())))
    now = NOON + timedelta(hours=2)

    assert [row.number for row in queue(people.qian.user_id, ["approve"])] == [first, second]
    assert [(row.number, until_of(row)) for row in queue(people.li.user_id, ["inspect"])] == [
        (dock, NOON + timedelta(hours=3))
    ]
    assert {step: (each.count, each.late) for step, each in counts(people.qian, now).items()} == {"approve": (2, 1)}
    assert (late_count(people.qian, now), late_count(people.li, now), late_count(people.chen, now)) == (1, 0, 0)
    assert [row.number for row in late(Return.objects.all(), now)] == [first]


def test_who_approved_waits_for_the_others_until_the_request_is_changed(people):
    build_flows.flow(levels=build_flows.levels((0, "approver"), (150, "manager")))
    rma = build.approved(build.requested(build.sold(), 2), actor=people.qian)
    assert (len(queue(people.qian.user_id, ["approve"])), len(queue(people.wang.user_id, ["approve"]))) == (0, 1)

    edit_return(EditReturn(document=rma, lines=(EditLine(sku="A", quantity_e4=10_000),), on=DAY), actor=people.wu)
    assert len(queue(people.qian.user_id, ["approve"])) == 1
