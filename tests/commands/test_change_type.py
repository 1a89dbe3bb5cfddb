"""Beside the process: the customer wants something else than at first, and an authorisation is prolonged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backstock.core.models import CommandLog
from backstock.returns.commands.lapse import lapse_due
from backstock.returns.deciding.approving import CHANGED
from backstock.returns.models import ReturnApproval
from backstock.returns.queries import legal_actions, loaded_return, returnable
from tests import build, build_flows
from tests.build import DAY, e4
from tests.build_after import replaced, swapping
from tests.build_requests import LATER, changed, prolonged
from tests.ledgers import refused, written


def kind(rma: str) -> str:
    return loaded_return(rma).row.type


def test_a_return_becomes_a_refund_only_before_anything_moved_and_back(shop):
    sale = build.sold()
    rma = build.approved(build.requested(sale))
    with written() as ledgers:
        changed(rma, "refund_only")
    assert (kind(rma), returnable(sale, "A"), ledgers.goods, ledgers.money) == ("refund_only", e4(1), [], [])
    event = CommandLog.objects.get(name="returns.change_type").events[0]
    assert (event["before"], event["after"]) == ("return_refund", "refund_only")
    changed(rma, "return_refund")
    build.received(rma)


def test_an_exchange_becomes_a_return_after_the_goods_came(shop):
    rma = build.received(build.approved(build.requested(build.sold(), type="exchange")))
    changed(rma, "return_refund")
    assert build.settled(build.disposed(build.inspected(rma)))


def test_an_exchange_that_becomes_a_replacement_costs_nobody_anything(shop):
    rma = changed(swapping(2, price=130), "replacement")
    with written() as ledgers:
        replaced(rma, 2, "A")
    assert ledgers.money == ["cost_of_goods_sold / inventory 120.00"]


def test_what_moved_stands_against_what_contradicts_it(shop):
    here = build.on_the_dock()
    with refused("type_change_not_possible", current="return_refund", wanted="refund_only", step="receive"):
        changed(here, "refund_only")
    placed = build.back_on_the_shelf()
    with refused("type_change_not_possible", wanted="repair", step="dispose"):
        changed(placed, "repair")
    build.settled(placed)
    with refused("type_change_not_possible", wanted="exchange", step="settle"):
        changed(placed, "exchange")
    rma = build.requested(build.sold())
    with refused("type_change_not_possible", step="request"):
        changed(rma, "allowance")


def test_refuses_what_is_so_already_and_what_is_over(shop):
    rma = build.requested(build.sold())
    with refused("transition_not_allowed", document=rma, wanted="return_refund"):
        changed(rma, "return_refund")
    with refused("unknown_document", document="R404"):
        changed("R404", "exchange")


def test_the_policy_is_asked_about_the_other_type(shop):
    build.policy(approval="auto", review_when=[{"channel": "shop"}], reject_when=[{"type": "refund_only"}])
    rma = build.requested(build.sold())
    with refused("type_change_not_possible", document=rma, step="policy"):
        changed(rma, "refund_only")
    changed(rma, "exchange")
    assert [each["code"] for each in loaded_return(rma).lines[0].row.findings] == ["review_when", "approval_auto"]


def test_what_was_decided_is_changed_only_by_who_may_decide(shop, people):
    rma = build.requested(build.sold())
    changed(rma, "exchange", actor=people.wu)
    build.approved(rma)
    with refused("permission_denied", permission="returns.approve"):
        changed(rma, "return_refund", actor=people.wu)
    changed(rma, "return_refund", actor=people.qian)


def test_an_authorisation_is_prolonged_before_it_lapses(shop):
    build.policy(return_deadline_days=3)
    rma = build.approved(build.requested(build.sold()))
    assert "returns.prolong" in legal_actions(loaded_return(rma))
    prolonged(rma, DAY + timedelta(days=9))
    assert lapse_due(DAY + timedelta(days=8)) == 0
    build.received(rma, on=DAY + timedelta(days=9))
    assert "returns.prolong" not in legal_actions(loaded_return(rma))


@pytest.mark.parametrize("until", [DAY - timedelta(days=1)])
def test_prolonging_refuses_days_that_are_over_and_what_does_not_wait(shop, until):
    build.policy(return_deadline_days=3)
    rma = build.requested(build.sold())
    with refused("transition_not_allowed", document=rma, current="requested", wanted="prolonged"):
        prolonged(rma)
    build.approved(rma)
    with refused("invalid_input", field="until"):
        prolonged(rma, until)
    lapse_due(LATER)
    with refused("transition_not_allowed", document=rma, current="approved", wanted="prolonged"):
        prolonged(rma, LATER, on=LATER)
    with refused("unknown_document", document="R404"):
        prolonged("R404")


def test_an_undecided_return_takes_the_flow_of_its_new_type_and_a_decided_one_keeps_its_own(shop):
    build_flows.flow(levels=build_flows.levels((0, "approver")))
    build_flows.flow(
        "exchange",
        when={"types": ["exchange"]},
        levels=build_flows.levels((0, "manager")),
        deadlines={"approve": {"days": 2}},
    )
    undecided, decided = build.requested(build.sold()), build.approved(build.requested(build.sold()))
    build_flows.flow("exchange", valid_from=LATER.isoformat(), when={"types": ["exchange"]}, levels=[])

    for rma in (undecided, decided):
        changed(rma, "exchange")
    row, other = loaded_return(undecided).row, loaded_return(decided).row
    assert (row.flow_code, [level["role"] for level in row.flow["levels"]]) == ("exchange", ["manager"])
    assert row.due_at is not None
    assert ReturnApproval.objects.filter(rma_id=row.pk, level=CHANGED).count() == 1
    assert (other.flow_code, [level["role"] for level in other.flow["levels"]]) == ("return_refund", ["approver"])
