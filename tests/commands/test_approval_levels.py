"""Approval in levels: who may approve up to what, each level another person."""

from backstock.returns.commands.approve import approve_return
from backstock.returns.commands.edit import EditLine, EditReturn, edit_return
from backstock.returns.models import Return
from tests import build, build_flows
from tests.ledgers import refused

LEVELS = build_flows.levels((0, "approver"), (150, "manager"))


def status(rma):
    return Return.objects.get(pk=int(rma[1:])).status


def test_a_small_amount_needs_one_approval(people):
    build_flows.flow(levels=LEVELS)

    rma = build.approved(build.requested(build.sold(), 1), actor=people.qian)

    assert status(rma) == "approved"


def test_a_large_amount_needs_the_next_level_too(people):
    build_flows.flow(levels=LEVELS)
    rma = build.requested(build.sold(), 2)

    answer = approve_return(build.approval(rma), actor=people.qian).answer
    assert (answer["status"], answer["level"], status(rma)) == ("requested", 1, "requested")

    build.approved(rma, actor=people.wang)
    assert status(rma) == "approved"


def test_the_order_of_the_levels_does_not_matter(people):
    build_flows.flow(levels=LEVELS)
    rma = build.requested(build.sold(), 2)

    build.approved(rma, actor=people.wang)
    assert status(rma) == "requested"
    build.approved(rma, actor=people.qian)
    assert status(rma) == "approved"


def test_nobody_gives_two_levels(people):
    build_flows.flow(levels=LEVELS)
    rma = build.approved(build.requested(build.sold(), 2), actor=people.wang)

    with refused("four_eyes_required", actor="wang", done="approve"):
        build.approved(rma, actor=people.wang)


def test_a_lower_role_is_told_who_must_approve(people):
    build_flows.flow(levels=LEVELS)
    rma = build.approved(build.requested(build.sold(), 2), actor=people.qian)

    with refused("approval_level_required", role="manager", amount_cents=20_000):
        build.approved(rma, actor=people.qian)


def test_a_part_is_authorised_by_who_approves_last(people):
    build_flows.flow(levels=LEVELS)
    rma = build.requested(build.sold(), 2)

    with refused("invalid_input", field="lines"):
        build.approved(rma, 1, actor=people.qian)
    build.approved(rma, actor=people.qian)
    build.approved(rma, 1, actor=people.wang)
    assert status(rma) == "approved"


def test_a_request_that_is_changed_is_approved_anew(people):
    build_flows.flow(levels=LEVELS)
    rma = build.approved(build.requested(build.sold(quantity=3), 2), actor=people.qian)

    edit_return(EditReturn(document=rma, lines=(EditLine(sku="A", quantity_e4=30_000),), on=build.DAY), actor=people.wu)
    build.approved(rma, actor=people.wang)

    assert status(rma) == "requested"


def test_the_policy_does_not_approve_by_itself_what_needs_two_levels(people):
    build.policy(approval="auto")
    build_flows.flow(levels=LEVELS)

    assert status(build.requested(build.sold(), 1)) == "approved"
    assert status(build.requested(build.sold(), 2)) == "requested"


def test_a_batch_says_of_each_return_what_became_of_it(people):
    build_flows.flow(levels=LEVELS)
    small, large = build.requested(build.sold(), 1), build.requested(build.sold(), 2)
    approved = build.approved(build.requested(build.sold(), 1))

    found = approve_return.batch(
        [build.approval(each) for each in (small, approved, large)], actor=people.qian, mode="each"
    )

    assert [getattr(each, "error", None) and each.error.code for each in found] == [
        None,
        "transition_not_allowed",
        None,
    ]
    assert (status(small), status(large)) == ("approved", "requested")
