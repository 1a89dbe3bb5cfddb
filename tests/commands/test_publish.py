"""Publish a version of the return policy."""

from datetime import date

import pytest

from backstock.core.permissions import SYSTEM
from backstock.policies.commands.publish import publish_policy
from backstock.policies.models import PolicyVersion
from backstock.policies.queries import policy_on
from tests.ledgers import refused


def published(valid_from=None, actor=SYSTEM, **terms):
    raw = {"terms": terms, "on": "2026-01-05"} | ({"valid_from": valid_from} if valid_from else {})
    return publish_policy(publish_policy.parse(raw), actor=actor)


def test_a_version_holds_from_its_day_until_the_next(shop):
    published("2026-01-01", window_days=7)
    published("2026-02-01", window_days=30)

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [policy_on(day).terms.get("window_days") for day in days] == [None, 7, 7, 30]


def test_of_two_versions_of_one_day_the_later_holds(people):
    published(window_days=7, publishing="alone")
    published(actor=people.wang, window_days=8)
    assert (policy_on(date(2026, 1, 5)).terms, PolicyVersion.objects.count()) == ({"window_days": 8}, 2)
    assert PolicyVersion.objects.order_by("-pk")[0].published_by_id == people.wang.user_id


def test_what_is_unset_is_not_kept(shop):
    published(per_sku={"A": {"approval": "auto"}}, reasons={"damaged": ["in_use"], "unwanted": {}})
    assert PolicyVersion.objects.get().terms == {
        "per_sku": {"A": {"approval": "auto"}}, "reasons": {"damaged": ["in_use"], "unwanted": {}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"window_days": -1}, "terms.window_days"),
        ({"approval": "maybe"}, "terms.approval"),
        ({"restocking_fee_e6": 1_000_001}, "terms.restocking_fee_e6"),
        ({"per_sku": {"A": {"nonsense": 1}}}, "terms.per_sku.A.nonsense"),
        ({"review_when": [{"weather": "rain"}]}, "terms.review_when.0.weather.[key]"),
        ({"reasons": {"a": 1}}, None),
        ({"reasons": {"a": float("nan")}}, None),
        ({"reasons": {"x" * 61: []}}, None),
    ],
)
def test_refuses_terms_that_do_not_exist(shop, terms, field):
    with refused("invalid_input", **({"field": field} if field else {})):
        published(**terms)
