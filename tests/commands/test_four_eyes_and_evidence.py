"""Four eyes between steps, and evidence that a step needs."""

import pytest

from tests import build, build_evidence, build_flows
from tests.ledgers import refused


def test_who_approved_does_not_pay_out(people):
    build_flows.flow(four_eyes=[{"steps": ["approve", "settle"]}])
    rma = build.approved(build.requested(build.sold()), actor=people.admin)
    build.disposed(build.inspected(build.received(rma)))

    with refused("four_eyes_required", actor="admin", done="approve", step="settle"):
        build.settled(rma, actor=people.admin)
    build.settled(rma, actor=people.zhao)


@pytest.mark.parametrize("above", [100, 99])
def test_four_eyes_are_asked_for_above_an_amount(people, above):
    build_flows.flow(four_eyes=[{"steps": ["inspect", "dispose"], "above_cents": build.cents(above)}])
    rma = build.inspected(build.received(build.approved(build.requested(build.sold()))), actor=people.li)

    if above == 99:
        with refused("four_eyes_required", done="inspect", step="dispose", limit_cents=9_900):
            build.disposed(rma, actor=people.li)
    build.disposed(rma, actor=people.zhou if above == 99 else people.li)


def test_a_request_without_its_photo_is_refused(shop):
    build_flows.flow(evidence={"request": {"files": 2}})
    sale = build.sold()

    with refused("evidence_required", step="request", needed=2, given=1):
        build.requested(sale, evidence=("a.jpg",))
    build.requested(sale, evidence=("a.jpg", "b.jpg"))


def test_a_request_without_its_note_is_refused(shop):
    build_flows.flow(evidence={"request": {"note": True}})
    sale = build.sold()

    with refused("evidence_required", step="request"):
        build.requested(sale)
    build.requested(sale, note="the box was open")


STEPS = {"approve": build.approved, "receive": build.received, "inspect": build.inspected, "dispose": build.disposed}


@pytest.mark.parametrize("step", ["receive", "inspect", "dispose"])
def test_a_step_without_its_evidence_is_refused(shop, step):
    build_flows.flow(evidence={step: {"files": 1}})
    rma = build.requested(build.sold())
    for name, take in STEPS.items():
        if name == step:
            with refused("evidence_required", step=step, needed=1, given=0):
                take(rma)
            build_evidence.attached(rma, step=step)
        take(rma)
