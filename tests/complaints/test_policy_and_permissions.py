"""Complaints about missing policy and inspection, unseen photos, and who may return and refund: ranks 9, 11 and 13."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backstock.core.permissions import SYSTEM
from backstock.refunds.counter import CounterLine, take_back
from backstock.returns.deciding.clocks import late_count, queue
from backstock.returns.models import Return
from tests import build, build_evidence, build_flows
from tests.build import e4
from tests.build_after import exchanging, replaced
from tests.ledgers import refused


def test_a_large_return_waits_at_the_dock_for_its_second_approval(people):
    """Rank 13: "sold 30, got 35 back: needs second approval"."""
    build_flows.flow(levels=build_flows.levels((0, "approver"), (150, "manager")))
    rma = build.approved(build.requested(build.sold(), 2), actor=people.qian)
    with refused("transition_not_allowed"):
        build.received(rma, 2)
    build.received(build.approved(rma, actor=people.wang), 2)


def test_who_may_book_a_return_is_not_who_may_pay_it(people):
    """Rank 13: "who may create and who may post refunds"."""
    build_flows.flow(four_eyes=[{"steps": ["request", "settle"]}, {"steps": ["approve", "settle"]}])
    rma = build.requested(build.sold(), actor=people.wu)
    with refused("permission_denied"):
        build.settled(rma, actor=people.wu)
    build.disposed(build.inspected(build.received(build.approved(rma, actor=people.admin))))
    with refused("four_eyes_required", done="approve", step="settle"):
        build.settled(rma, actor=people.admin)
    build.settled(rma, actor=people.zhao)


def test_a_cashier_pays_out_nothing_above_what_a_manager_approved(people):
    """Rank 13: refunds of any amount by anybody at the till."""
    build_flows.flow(
        "counter", when={"channel": "counter"}, levels=build_flows.levels((0, "approver"), (150, "manager"))
    )
    sale = build.sold(quantity=3)
    one, two = (CounterLine(sku="A", quantity_e4=e4(n)) for n in (1, 2))

    with refused("transition_not_allowed", current="requested"):
        take_back(sale, [two], "original", people.admin, "k")
    assert take_back(sale, [one], "original", people.admin, "k").total_cents == 10_000


def test_a_return_without_photos_is_not_taken_down_where_the_flow_wants_them(shop):
    """Rank 11: no photos on claims."""
    build_flows.flow("defects", when={"reason": "defect"}, evidence={"request": {"files": 1}, "receive": {"files": 1}})
    sale = build.sold()

    with refused("evidence_required", step="request"):
        build.requested(sale, reason="defect")
    rma = build.approved(build.requested(sale, reason="defect", evidence=("photo.jpg",)))
    with refused("evidence_required", step="receive"):
        build.received(rma)
    build_evidence.attached(rma, step="receive")
    build.received(rma)


def test_each_kind_of_return_is_handled_by_its_own_rules_without_new_code(shop):
    """Rank 9: no return policy by product, reason or amount."""
    build.product("SHOE", category="shoes")
    build.bought("SHOE")
    build_flows.flow("shoes", when={"category": "shoes"}, inspection="none")
    build_flows.flow("dear", when={"from_cents": 20_000}, papers=["note"])
    build.requested(build.sold())
    build.requested(build.sold("SHOE"), sku="SHOE")
    build.requested(build.sold(), 2)

    assert [row.flow_code for row in Return.objects.order_by("pk")] == ["return_refund", "shoes", "dear"]


def test_a_return_is_not_closed_while_its_papers_are_missing(shop):
    """Rank 9: a return is done on paper and nobody ever inspected it."""
    build_flows.flow(papers=["inspection", "disposition"])
    rma = build.received(build.approved(build.requested(build.sold())))

    with refused("papers_missing", papers="inspection, disposition"):
        build_flows.closed(rma)
    build.disposed(build.inspected(rma))
    build_flows.closed(rma)


def test_a_request_that_nobody_decides_does_not_lie_unseen(people):
    """Rank 11: nobody sees which returns wait, and for how long."""
    rma = build.requested(build.sold())
    noon = datetime(2026, 1, 5, 4, tzinfo=UTC)
    assert (late_count(people.qian, noon), late_count(people.qian, noon + timedelta(days=3))) == (0, 1)
    assert [row.number for row in queue(people.qian.user_id, ["approve"])] == [rma]


def test_goods_promised_in_exchange_have_a_clock_too(people):
    """Rank 6: an exchange is begun and the new goods never leave."""
    build.product("B", 100)
    build.bought("B", 5, 45)
    rma = build.received(build.approved(exchanging(build.sold(quantity=1))))
    assert [row.number for row in queue(people.zhou.user_id, ["replace"]) if row.until_replace] == [rma]

    replaced(rma)
    assert not queue(people.zhou.user_id, ["replace"])


@pytest.mark.parametrize("twice", [False, True])
def test_a_till_that_is_clicked_twice_pays_once(shop, twice):
    """Rank 10: the same refund twice."""
    sale, line = build.sold(quantity=2), CounterLine(sku="A", quantity_e4=e4(1))
    first = take_back(sale, [line], "original", SYSTEM, "k")
    if twice:
        assert take_back(sale, [line], "original", SYSTEM, "k").document == first.document
    assert (Return.objects.count(), first.total_cents, Return.objects.get().status) == (1, 10_000, "closed")
