"""Four eyes between steps, and evidence that a step needs."""

import pytest

from backstock.returns.models import Return
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


def test_one_photo_shown_twice_is_one_photo(shop):
    build_flows.flow(evidence={"request": {"files": 2}, "inspect": {"files": 2}})
    sale = build.sold()
    with refused("evidence_required", step="request", needed=2, given=1):
        build.requested(sale, evidence=("a.jpg", "a.jpg"))

    rma = build.received(build.approved(build.requested(sale, evidence=("a.jpg", "b.jpg"))))
    for line in (0, 1):
        build_evidence.attached(rma, step="inspect", line=line)
    with refused("evidence_required", step="inspect", needed=2, given=1):
        build.inspected(rma)


def test_the_photos_of_an_inspection_are_those_that_its_flow_asks_for(shop):
    build_flows.flow(evidence={"inspect": {"files": 2, "note": True}}, papers=["file_inspect"])
    rma = build.received(build.approved(build.requested(build.sold())))
    build_evidence.attached(rma, step="inspect")
    same, other = (build_evidence.kept(build_evidence.picture(colour=colour)) for colour in ("red", "blue"))

    with refused("evidence_required", step="inspect", needed=2, given=1):
        build.inspected(rma, photos=(same.content_hash,), note="a scratch")
    with refused("evidence_required", step="inspect"):
        build.inspected(rma, photos=(other.content_hash,))
    build.disposed(build.inspected(rma, photos=(other.content_hash,), note="a scratch"))
    build.settled(rma)
    assert build_flows.closed(rma) == rma


def test_an_allowance_in_another_currency_is_measured_in_ours(people):
    terms = {"when": {"types": ["allowance"]}, "levels": build_flows.levels((0, "approver"), (300, "manager"))}
    build_flows.flow(
        "allowance", four_eyes=[{"steps": ["approve", "settle"], "above_cents": build.cents(300)}], **terms
    )
    sale = build.sold(currency="USD", rate_e9=7 * 10**9)
    rma = build.requested(sale, type="allowance", amount_cents=build.cents(50))

    build.approved(rma, actor=people.qian)
    assert Return.objects.get().status == "requested"
    build.approved(rma, actor=people.admin)
    with refused("four_eyes_required", done="approve", step="settle"):
        build.settled(rma, actor=people.admin)


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
