"""A return without a sale always needs a person once there are limits, and stays within that person's."""

from __future__ import annotations

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.commands.set_dock_rules import RoleLimit, SetDockRules, set_dock_rules
from backstock.returns.queries import loaded_return, progress
from tests import build
from tests.build import DAY, e4, e6
from tests.cast import SUN
from tests.ledgers import refused


def blind(quantity: int = 2, price: int = 100) -> str:
    line = RequestLine(sku="A", quantity_e4=e4(quantity), unit_price_e6=e6(price))
    return request_return(RequestReturn(customer=SUN, lines=(line,), on=DAY), actor=SYSTEM).document


def limits(**cents: int) -> None:
    rules = tuple(RoleLimit(role=role, limit_cents=100 * most) for role, most in cents.items())
    set_dock_rules(SetDockRules(blind_limits=rules, on=DAY), actor=SYSTEM)


def test_without_limits_the_policy_decides(people):
    build.policy(approval="auto")
    rma = build.received(blind())
    assert progress(loaded_return(rma)) == "part_received"


def test_with_any_limit_no_policy_approves_it_by_itself(people):
    build.policy(approval="auto")
    limits(approver=1000)
    rma = blind()
    with refused("transition_not_allowed", document=rma, current="requested"):
        build.received(rma)
    build.received(build.approved(rma, actor=people.qian))
    build.received(build.requested(build.sold()))  # with a sale the policy still decides


@pytest.mark.parametrize(("most", "may"), [(199, False), (200, True)])
def test_a_role_approves_up_to_its_limit(people, most, may):
    limits(approver=most, manager=5000)
    rma = blind()
    if may:
        build.approved(rma, actor=people.qian)
        return
    with refused("blind_limit_exceeded", document=rma, amount_cents=20000, limit_cents=19900, choices="admin, manager"):
        build.approved(rma, actor=people.qian)
    build.approved(rma, actor=people.wang)


def test_a_part_within_the_limit_may_be_approved(people):
    limits(approver=100)
    rma = build.approved(blind(), quantity=1, actor=people.qian)
    assert [piece.authorized_e4 for piece in loaded_return(rma).pieces] == [10_000]


def test_a_role_without_a_limit_has_none(people):
    limits(approver=0)
    rma = build.approved(blind(price=9999), actor=people.wang)
    assert loaded_return(rma).row.status == "approved"


def test_refuses_limits_of_nobody_and_two_for_one(people):
    for wrong in (("nobody",), ("approver", "approver")):
        rules = tuple(RoleLimit(role=role, limit_cents=1) for role in wrong)
        with refused("invalid_input", field="blind_limits"):
            set_dock_rules(SetDockRules(blind_limits=rules, on=DAY), actor=SYSTEM)
