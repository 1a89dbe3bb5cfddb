"""Rows of a policy's table are added, copied, moved and taken out; what differs between two policies is told."""

import pytest
from django.utils.translation import override

from backstock.desk.policies import editing
from backstock.desk.policies.changes import compare
from backstock.desk.policies.names import Names
from tests.build_policies import ROWS, TABLE

pytestmark = pytest.mark.any_database

NAMES = Names({"category": {"phones": "Phones"}}, found={"reason": {}})


def ids(terms):
    return [row["id"] for row in editing.rows_of(terms)]


def told(old, new):
    with override("en"):
        return [(each.kind, each.where, each.before, each.after) for each in compare(old, new, NAMES)]


def test_rows_keep_their_ids_whatever_happens_to_the_others():
    terms = {"window_days": 7, "table": TABLE}
    added, made = editing.add(terms, "opened")
    assert (ids(added), made) == (["opened", "r1", "phones", "late"], "r1")
    copied, copy = editing.duplicate(added, "late")
    assert (ids(copied), copy, editing.rows_of(copied)[4]["then"]) == (
        ["opened", "r1", "phones", "late", "r2"],
        "r2",
        {"decision": "reject"},
    )
    assert ids(editing.move(terms, "late", -1)) == ["opened", "late", "phones"]
    assert ids(editing.move(terms, "late", 1)) == ids(editing.move(terms, "gone", 1)) == ids(terms)
    none = editing.delete(editing.delete(editing.delete(terms, "opened"), "phones"), "late")
    assert none == {"window_days": 7}
    assert editing.choose_hit(terms, "strictest")["table"]["hit"] == "strictest"
    assert terms == {"window_days": 7, "table": TABLE}
    full = {"table": {"rows": [{"id": f"x{n}"} for n in range(editing.MOST_ROWS)]}}
    assert editing.add(full) == (full, "")


def test_what_differs_is_told_in_words():
    rows = [
        ROWS[2],
        {**ROWS[0], "then": {"window_days": 15, "restocking_fee_e6": 100_000}},
        {"id": "new", "when": {"opened": {"yes": False}}, "then": {"decision": "approve"}},
    ]
    old = {
        "window_days": 30,
        "table": TABLE,
        "per_category": {"phones": {"approval": "auto"}},
        "reasons": {"a": {}},
        "reject_when": [{"reason": "a"}],
    }
    new = {
        "window_days": 30,
        "table": {"hit": "strictest", "rows": rows},
        "per_category": {},
        "reasons": {"b": {}},
        "gift_kept": "deduct",
    }

    assert told(old, new) == [
        ("changed", "Table", "the first row that fits counts", "the strictest row that fits counts"),
        ("moved", "Row 1", "Row 3", "days since delivery: 60 days or more"),
        ("changed", "Row 2, Days to return", "30 days", "15 days"),
        ("changed", "Row 2, Fee", "5 %", "10 %"),
        ("added", "Row 3", "", "opened: no → Decision: approve"),
        ("removed", "Row 2", "category: Phones → Days to return: 30 days", ""),
        ("added", "Base terms, Gift that stays with the customer", "", "is taken off the refund"),
        ("removed", "Category: Phones, Approval", "at once", ""),
        ("removed", "The policy turns down", "reason: a", ""),
        ("removed", "Reasons", "a", ""),
        ("added", "Reasons", "", "b"),
    ]
    assert told(new, new) == told({}, {}) == []
