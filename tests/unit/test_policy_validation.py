"""What is odd in a policy table, each with a case that shows it."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from backstock.policies.table.boxes import box, example, left
from backstock.policies.table.compiling import compiled, fitting
from backstock.policies.table.model import Table
from backstock.policies.table.validating import oddities
from tests.unit.test_policy_table import DECISIONS, WHEN

SHOES, EARLY, OPENED = {"category": {"is": ["shoes"]}}, {"days_since_delivery": {"max": 7}}, {"opened": {"yes": True}}


def table(*rows, hit="first"):
    made = [
        {"id": chr(97 + n), "when": when, "then": {"decision": said} if said else {}}
        for n, (when, said) in enumerate(rows)
    ]
    return Table.load({"hit": hit, "rows": made})


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (table((SHOES, "reject"), ({}, "approve")), []),
        (table(({}, "approve"), (SHOES, "reject")), [("unreachable", ("b", "a"))]),
        (table(({}, "approve"), (SHOES, "reject"), hit="strictest"), []),
        (table(({"category": {"not": ["shoes"]}}, ""), (SHOES, ""), (EARLY, "")), [("unreachable", ("c", "a", "b"))]),
        (
            table((EARLY, ""), ({"days_since_delivery": {"min": 5, "max": 9}}, ""), ({"days_since_delivery": {"min": 2, "max": 8}}, ""), ({}, "")),
            [("unreachable", ("c", "a", "b"))],
        ),
        (table((SHOES, "approve"), (OPENED, "reject"), ({}, "review")), [("overlap", ("a", "b"))]),
        (table((SHOES, "approve"), (OPENED, "")), [("no_default", ())]),
        (table((OPENED, ""), ({"opened": {"yes": False}}, "")), [("no_default", ())]),
        (table(({"tag": {"is": ["x"]}}, ""), ({"tag": {"not": ["x", "y"]}}, ""), ({"tag": {"is": ["y"]}}, "")), []),
        (table(({"tag": {"is": ["x", "y"]}}, ""), ({"tag": {"is": ["y"]}}, ""), ({}, "")), [("unreachable", ("b", "a"))]),
        (table(), []),
    ],
)  # fmt: skip
def test_what_is_odd_is_named(made, found):
    assert [(each.kind, each.rows) for each in oddities(made)] == found


def test_a_row_below_the_law_is_named_with_its_article_on_cases_that_reach_it():
    made = table((EARLY, "approve"), (SHOES, "reject"), ({}, "approve"))
    few = [
        each
        for each in oddities(made, lambda facts, row: "Art. 25" if row.decision == "reject" else None)
        if each.stops
    ]
    assert [(each.rows, each.article, each.case["category"]) for each in few] == [(("b",), "Art. 25", "shoes")]
    assert few[0].case["days_since_delivery"] > 7


def test_no_case_is_said_to_have_no_row_where_the_last_row_takes_all():
    many, facts = Random(2), ("category", "reason", "country", "sku", "condition", "customer_level")
    rows = [({name: {"is": [many.choice("uvwxyz")]} for name in many.sample(facts, 3)}, "") for _ in range(40)]
    assert {each.kind for each in oddities(table(*rows, ({}, "")))} <= {"unreachable"}


@settings(max_examples=80, deadline=None)
@given(some.lists(some.tuples(WHEN, DECISIONS), min_size=1, max_size=5))
def test_every_case_shows_what_it_is_given_for(rows):
    made = Table.load({"rows": [{"id": str(n), "when": when, "then": then} for n, (when, then) in enumerate(rows)]})
    decide = compiled(made)
    for each in oddities(made):
        numbers = [int(row) for row in each.rows]
        if each.kind == "unreachable":
            assert decide(each.case) in numbers[1:]
        elif each.kind == "overlap":
            assert set(numbers) <= set(fitting(made, each.case))
        else:
            assert decide(each.case) == -1
    for n, row in enumerate(made.rows):
        for piece in left(box(row), map(box, made.rows[:n])):
            assert decide(example(piece)) == n
