"""The policy as a table: which row counts, as a function of Python and as SQL."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from backstock.core.errors import InvalidInput
from backstock.policies.table.checking import check_form
from backstock.policies.table.compiling import compiled, fitting, kept
from backstock.policies.table.model import FIELDS, Table
from backstock.policies.table.to_sql import case, decided, text

ROWS = [
    {"id": "shoes", "when": {"category": {"is": ["shoes"]}}, "then": {"decision": "approve", "window_days": 30}},
    {"id": "late", "when": {"days_since_delivery": {"min": 8}, "opened": {"yes": True}}, "then": {"decision": "reject"}},
    {"id": "not vip", "when": {"customer_level": {"not": ["VIP"]}, "tag": {"is": ["fragile", "new"]}}, "then": {"decision": "review"}},
    {"id": "rest", "when": {}, "then": {"restocking_fee_e6": 50_000}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "first", "strictest"),
    [
        ({"category": "shoes", "days_since_delivery": 9, "opened": True}, "shoes", "late"),
        ({"category": "hats", "days_since_delivery": 8, "opened": True}, "late", "late"),
        ({"category": "hats", "days_since_delivery": 8}, "rest", "rest"),
        ({"days_since_delivery": 0, "opened": True, "tag": ["new"]}, "not vip", "not vip"),
        ({"customer_level": "VIP", "tag": ["new"]}, "rest", "rest"),
        ({"category": "shoes", "tag": ["fragile"]}, "shoes", "not vip"),
        ({}, "rest", "rest"),
    ],
)
def test_the_row_that_counts(facts, first, strictest):
    for hit, wanted in (("first", first), ("strictest", strictest)):
        table, decide = kept({"hit": hit, "rows": ROWS})
        assert table.rows[decide(facts)].id == wanted


def test_nothing_fits_where_no_row_does():
    table = Table.load({"rows": ROWS[:3]})
    assert (compiled(table)({}), fitting(table, {})) == (-1, [])
    assert compiled(Table.load({}))({"sku": "A"}) == -1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"when": {"opened": {"is": ["yes"]}}}, "terms.table.rows.0.when.opened"),
        ({"when": {"sku": {"min": 1}}}, "terms.table.rows.0.when.sku"),
        ({"when": {"sku": {}}}, "terms.table.rows.0.when.sku"),
        ({"when": {"amount_cents": {"min": 9, "max": 1}}}, "terms.table.rows.0.when.amount_cents"),
        ({"when": {"amount_cents": {}}}, "terms.table.rows.0.when.amount_cents"),
        ({"when": {"sku": {"is": ["a"], "not": ["b"]}}}, "terms.table.rows.0.when.sku"),
        ({"when": {"tag": {"is": ["a"]}}}, "terms.table.rows.0.when.tag"),
    ],
)
def test_a_test_that_does_not_fit_its_fact_is_refused(row, field):
    with pytest.raises(InvalidInput) as caught:
        check_form({"rows": [{"id": "r"} | row]})
    assert caught.value.facts()["field"] == field


def test_two_rows_of_one_id_are_refused():
    with pytest.raises(InvalidInput):
        check_form({"rows": [{"id": "r"}, {"id": "r"}]})


TEXTS = ["a", "b'", "", "长 --", '"c"']
KINDS = {
    "text": some.sampled_from(TEXTS),
    "set": some.lists(some.sampled_from(TEXTS), max_size=3),
    "number": some.integers(-3, 9),
    "yesno": some.booleans(),
}
VALUES = some.lists(some.sampled_from(TEXTS), min_size=1, max_size=3)
ENDS = some.tuples(some.integers(-3, 9), some.integers(-3, 9)).map(sorted)
TESTS = {
    "text": some.one_of(VALUES.map(lambda v: {"is": v}), VALUES.map(lambda v: {"not": v})),
    "number": some.one_of(
        ENDS.map(lambda e: {"min": e[0], "max": e[1]}),
        ENDS.map(lambda e: {"min": e[0]}),
        ENDS.map(lambda e: {"max": e[1]}),
    ),
    "yesno": some.booleans().map(lambda v: {"yes": v}),
}
TESTS["set"] = TESTS["text"]
FACTS = some.fixed_dictionaries({name: some.none() | KINDS[field.kind] for name, field in FIELDS.items()})
WHEN = some.fixed_dictionaries({}, optional={name: TESTS[field.kind] for name, field in FIELDS.items()})
DECISIONS = some.sampled_from([{}, {"decision": "approve"}, {"decision": "review"}, {"decision": "reject"}])
SQL_TYPES = {"text": "VARCHAR", "set": "VARCHAR[]", "number": "BIGINT", "yesno": "BOOLEAN"}


def literal(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(text, value)) + "]"
    return text(value) if isinstance(value, str) else str(value)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.tuples(WHEN, DECISIONS), max_size=6),
    some.sampled_from(["first", "strictest"]),
    some.lists(FACTS, min_size=1, max_size=4),
)
def test_python_and_sql_choose_the_same_row_and_it_fits(rows, hit, many):
    table = Table.load(
        {"hit": hit, "rows": [{"id": str(n), "when": when, "then": then} for n, (when, then) in enumerate(rows)]}
    )
    decide = compiled(table)
    columns = ", ".join(f"CAST({{}} AS {SQL_TYPES[field.kind]}) AS {name}" for name, field in FIELDS.items())
    for facts in many:
        values = ["NULL" if facts[name] is None else literal(facts[name]) for name in FIELDS]
        source = f"(SELECT {columns.format(*values)}) AS facts"
        [(found,)] = duckdb.sql(f"SELECT {case(table)} FROM {source}").fetchall()
        [(_, same)] = duckdb.sql(decided(table, source, ["sku"])).fetchall()
        fits = fitting(table, facts)
        assert decide(facts) == found == same
        assert (found == -1) == (not fits)
        assert found == -1 or found in fits
        assert hit == "strictest" or found == min(fits, default=-1)
