"""A flow as a function of facts: which one is taken, and what it asks."""

from datetime import UTC, date, datetime

import pytest

from backstock.flows.built_in import BUILT_IN
from backstock.flows.engine import Facts, Flow, choose, due, level_for, levels_needed

FACTS = Facts(
    type="return_refund", channel="online", categories=frozenset({"shoes"}), reasons=frozenset({"damaged"}), amount_cents=50_000
)  # fmt: skip
CONDITIONS = [
    ("types", ["return_refund"]), ("channel", "online"), ("sale", "shipped"), ("category", "shoes"), ("reason", "damaged"),
    ("from_cents", 50_000),
]  # fmt: skip


@pytest.mark.parametrize("strongest", range(1, len(CONDITIONS)))
def test_one_stronger_condition_beats_all_weaker_ones_together(strongest):
    weak = Flow("a", 1, {"when": dict(CONDITIONS[:strongest])})
    strong = Flow("b", 2, {"when": dict([CONDITIONS[strongest]])})

    assert choose([weak, strong], FACTS) is strong


def test_of_two_amounts_the_higher_one_that_is_reached_wins():
    low, high, beyond = (
        Flow(code, 1, {"when": {"from_cents": cents}}) for code, cents in zip("abc", (1, 50_000, 50_001), strict=True)
    )

    assert choose([low, high, beyond], FACTS) is high


def test_a_retired_flow_is_taken_by_nobody():
    assert choose([Flow("a", 1, {"retired": True})], FACTS).code == "plain"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts(), "return_refund"),
        (Facts(type="refund_only"), "refund_only"),
        (Facts(type="refund_only", sale="not_shipped"), "refund_unshipped"),
        (Facts(type="exchange"), "exchange"),
        (Facts(type="replacement"), "replacement"),
        (Facts(type="repair"), "repair"),
        (Facts(type="rejected_delivery"), "rejected_delivery"),
        (Facts(type="allowance"), "allowance"),
        (Facts(sale="none"), "blind"),
        (Facts(channel="unclaimed"), "unclaimed"),
        (Facts(channel="counter"), "counter"),
    ],
)
def test_every_type_of_return_has_a_flow_of_its_own(facts, code):
    assert choose(BUILT_IN.values(), facts).code == code


def test_the_flows_the_product_ships_with_stop_nobody():
    asking = {"levels", "evidence", "papers", "four_eyes", "inspection", "refund_when"}

    assert [flow.code for flow in BUILT_IN.values() if asking & flow.terms.keys()] == []


def test_an_amount_needs_every_level_that_it_reaches():
    asks = {"levels": [{"from_cents": 500, "role": "manager"}, {"from_cents": 0, "role": "approver"}]}

    assert levels_needed(asks, 499) == ["approver"]
    assert levels_needed(asks, 500) == ["approver", "manager"]


@pytest.mark.parametrize(
    ("given", "roles", "level"),
    [
        ((), ["approver"], 0),
        ((), ["manager"], 1),
        ((1,), ["manager"], 0),
        ((0,), ["approver"], None),
        ((), ["finance"], None),
    ],
)
def test_a_higher_role_stands_in_for_a_lower_one_and_never_the_other_way_round(given, roles, level):
    every = ["approver", "manager"]

    assert level_for(every, every, given, roles) == level


def test_a_deadline_in_days_ends_with_the_day_of_the_company_and_one_in_hours_with_the_hour():
    asks = {"deadlines": {"inspect": {"days": 2}, "settle": {"hours": 4}}}
    at, on = datetime(2026, 1, 5, 2, tzinfo=UTC), date(2026, 1, 5)

    assert due(asks, "inspect", on, at, "Asia/Shanghai") == datetime(2026, 1, 7, 15, 59, 59, tzinfo=UTC)
    assert due(asks, "settle", on, at, "Asia/Shanghai") == datetime(2026, 1, 5, 6, tzinfo=UTC)
    assert due(asks, "approve", on, at, "Asia/Shanghai") is None
