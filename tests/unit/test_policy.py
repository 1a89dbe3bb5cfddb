"""The policy as a function of facts and terms."""

from datetime import date

import pytest

from backstock.policies.engine import Facts, Outcome, Terms, decide, leaves, terms_for, window_closes_on

FACTS = Facts(customer="SUN", sku="A", category="shoes", reason="damaged", channel="online")


@pytest.mark.parametrize(
    ("groups", "days"),
    [
        ([], 30),
        (["per_category"], 1),
        (["per_category", "per_reason"], 2),
        (["per_category", "per_reason", "per_sku"], 3),
        (["per_category", "per_reason", "per_sku", "per_customer"], 4),
        (["per_category", "per_customer"], 4),
        (["per_sku", "per_reason"], 3),
    ],
)
def test_the_more_specific_term_wins(groups, days):
    keys = {"per_category": ("shoes", 1), "per_reason": ("damaged", 2), "per_sku": ("A", 3), "per_customer": ("SUN", 4)}
    policy = {"window_days": 30} | {group: {keys[group][0]: {"window_days": keys[group][1]}} for group in groups}

    assert terms_for(policy, FACTS).window_days == days


def test_a_specific_term_leaves_the_others_as_they_are():
    policy = {"window_days": 30, "approval": "auto", "per_sku": {"A": {"approval": "manual"}, "B": {"window_days": 1}}}

    assert terms_for(policy, FACTS) == Terms(window_days=30, approval="manual")


def test_terms_that_are_kept_load_as_they_were():
    terms = Terms(window_days=0, approval="auto", restocking_fee_e6=50_000)

    assert terms.kept() == {"window_days": 0, "approval": "auto", "restocking_fee_e6": 50_000}
    assert Terms.load(terms.kept() | {"reasons": {}}) == terms
    assert Terms().kept() == {}


@pytest.mark.parametrize(
    ("policy", "outcome", "codes"),
    [
        ({}, "review", ["approval_manual"]),
        ({"approval": "auto"}, "approve", ["approval_auto"]),
        ({"approval": "auto", "review_when": [{"sku": "A"}]}, "review", ["review_when", "approval_auto"]),
        ({"approval": "auto", "review_when": [{"sku": "B"}]}, "approve", ["approval_auto"]),
        ({"approval": "auto", "reject_when": [{"reason": "damaged"}]}, "reject", ["reject_when", "approval_auto"]),
        (
            {"reject_when": [{"customer": "SUN"}], "review_when": [{"channel": "online"}]},
            "reject",
            ["reject_when", "review_when", "approval_manual"],
        ),
        ({"approval": "auto", "reject_when": [{"sku": "A", "channel": "shop"}]}, "approve", ["approval_auto"]),
        ({"approval": "auto", "reject_when": [{}]}, "approve", ["approval_auto"]),
        ({"approval": "auto", "reject_when": [{"sku": "B"}, {"category": "shoes"}]}, "reject", ["reject_when", "approval_auto"]),
    ],
)  # fmt: skip
def test_the_strictest_finding_decides_and_every_finding_is_kept(policy, outcome, codes):
    decision = decide(policy, terms_for(policy, FACTS), FACTS)

    assert (decision.outcome, [finding.code for finding in decision.findings]) == (Outcome[outcome], codes)


def test_a_finding_tells_what_it_matched():
    decision = decide({"reject_when": [{"sku": "A", "channel": "online"}]}, Terms(), FACTS)

    assert decision.kept()[0] == {
        "code": "reject_when",
        "outcome": "reject",
        "facts": {"sku": "A", "channel": "online"},
    }


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ({"damaged": ["in_transit", "in_use"], "unwanted": []}, ["in_transit", "in_use", "unwanted"]),
        ({"a": {"b": {"c": []}, "d": ["e"]}}, ["c", "e"]),
        (["x", "y"], ["x", "y"]),
        ({}, []),
    ],
)
def test_only_the_finest_reasons_are_leaves(tree, found):
    assert list(leaves(tree)) == found


@pytest.mark.parametrize(
    ("terms", "delivered", "last_day"),
    [
        (Terms(), date(2026, 1, 10), None),
        (Terms(window_days=7), date(2026, 1, 10), date(2026, 1, 17)),
        (Terms(window_days=0), date(2026, 1, 10), date(2026, 1, 10)),
        (Terms(window_days=7), None, None),
        (Terms(window_days=7, window_from="order"), date(2026, 1, 10), date(2026, 1, 8)),
        (Terms(window_days=7, window_from="order"), None, date(2026, 1, 8)),
    ],
)
def test_the_window_is_open_through_its_last_day(terms, delivered, last_day):
    assert window_closes_on(terms, date(2026, 1, 1), delivered) == last_day
