"""What the law of a market gives, whatever a policy says."""

from datetime import date

import pytest

from backstock.policies.engine import Decision, Finding, Outcome, Terms
from backstock.policies.law import dues, never_less, right_of, with_right

SIGNED = date(2026, 9, 4)
ASKED, ARRIVED = date(2026, 9, 6), date(2026, 9, 15)
REJECTED = Decision(Outcome.reject, (Finding("reject_when", Outcome.reject, {"sku": "A"}),))


@pytest.mark.parametrize(("law", "until"), [("CN", "2026-09-11"), ("EU", "2026-09-18"), ("UK", "2026-09-18")])
def test_whoever_bought_at_a_distance_may_withdraw_through_a_day(law, until):
    right = right_of(law, "return_refund", "online", SIGNED)
    assert right is not None
    assert right.until == date.fromisoformat(until)


@pytest.mark.parametrize(
    ("law", "type_", "channel", "delivered_on"),
    [
        ("none", "return_refund", "online", SIGNED),
        ("CN", "return_refund", "shop", SIGNED),
        ("CN", "return_refund", "online", None),
        ("CN", "allowance", "online", SIGNED),
        ("CN", "repair", "online", SIGNED),
        ("CN", "refund_only", "online", SIGNED),
    ],
)
def test_nobody_else_has_that_right(law, type_, channel, delivered_on):
    assert right_of(law, type_, channel, delivered_on) is None


def test_a_person_looks_at_what_the_policy_alone_would_turn_down():
    right = right_of("CN", "return_refund", "online", SIGNED)

    decision = never_less(REJECTED, right)

    assert decision.outcome is Outcome.review
    assert [finding.code for finding in decision.findings] == ["reject_when", "legal_right"]
    yes = Decision(Outcome.approve, ())
    assert never_less(yes, right) is yes


@pytest.mark.parametrize(
    ("law", "agreed", "shipping"),
    [("EU", "never", "full_return"), ("EU", "always", "always"), ("UK", "never", "never"), ("CN", "never", "never")],
)
def test_the_first_shipping_comes_back_with_everything_where_the_law_says_so(law, agreed, shipping):
    right = right_of(law, "return_refund", "online", SIGNED)
    terms = with_right(Terms(refund_shipping=agreed), right)
    assert (terms.refund_shipping, terms.law, terms.legal_until) == (shipping, law, right.until.isoformat())


@pytest.mark.parametrize(
    ("law", "arrived", "expected"),
    [
        (None, ARRIVED, {}),
        ("CN", None, {"decide": "2026-09-21"}),
        ("CN", ARRIVED, {"decide": "2026-09-21", "refund": "2026-09-22"}),
        ("EU", None, {"refund": "2026-09-20", "send_back": "2026-09-20"}),
        ("UK", ARRIVED, {"refund": "2026-09-29", "send_back": "2026-09-20"}),
    ],
)
def test_a_clock_counts_from_what_sets_it_going_and_names_its_article(law, arrived, expected):
    found = dues(law, ASKED, arrived)
    assert {due.what: due.on.isoformat() for due in found} == expected
    assert all(due.source for due in found)
