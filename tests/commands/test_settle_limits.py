"""Limits of settling by amount and role, and four eyes whatever the currency and whoever of several approved."""

from backstock.core.permissions import SYSTEM
from tests import build, build_flows
from tests.ledgers import refused


def due(quantity, approver=SYSTEM, number=None):
    """A return whose money is due."""
    rma = build.approved(build.requested(number or build.sold(quantity=quantity), quantity), actor=approver)
    return build.disposed(build.inspected(build.received(rma, quantity), quantity), quantity)


def test_from_an_amount_on_a_role_must_settle_and_a_higher_one_may(people):
    build_flows.flow(settle_levels=build_flows.levels((50, "finance"), (150, "admin")))
    small, large = due(1), due(2)

    build.settled(small, actor=people.zhao)
    with refused("refund_limit_exceeded", role="admin", amount_cents=20_000):
        build.settled(large, actor=people.zhao)
    build.settled(large, actor=people.admin)


def test_a_large_refund_is_not_given_in_small_parts(people):
    build_flows.flow(settle_levels=build_flows.levels((150, "admin")))
    rma = due(2)
    build.settled(rma, actor=people.zhao, amount_cents=14_000)

    with refused("refund_limit_exceeded", amount_cents=15_000):
        build.settled(rma, actor=people.zhao, amount_cents=1_000)


def test_a_flow_names_only_roles_that_may_settle(shop):
    with refused("role_may_not", role="warehouse", permission="refunds.settle"):
        build_flows.flow(settle_levels=build_flows.levels((150, "warehouse")))


def test_four_eyes_measure_a_foreign_refund_in_our_currency(people):
    build.policy(four_eyes_above_cents=50_000)
    sale = build.sold(quantity=1, currency="USD", rate_e9=7 * 10**9)
    rma = due(1, people.admin, sale)

    with refused("four_eyes_required", limit_cents=50_000):
        build.settled(rma, actor=people.admin)
    build.settled(rma, actor=people.zhao)


def test_four_eyes_see_everybody_who_approved_not_only_the_last(people):
    build.policy(four_eyes_above_cents=0)
    build_flows.flow(levels=build_flows.levels((0, "approver"), (10, "manager")))
    rma = build.requested(build.sold(quantity=1))
    build.approved(rma, actor=people.admin)
    build.approved(rma, actor=people.wang)
    build.disposed(build.inspected(build.received(rma)))

    with refused("four_eyes_required", actor="admin", done="approve", step="settle"):
        build.settled(rma, actor=people.admin)
    build.settled(rma, actor=people.zhao)
