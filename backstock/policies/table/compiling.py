"""A policy table as a Python function: facts in, number of the row out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from backstock.policies.table.model import FIELDS, NONE, Table, Test

type Facts = Mapping[str, Any]
type Decide = Callable[[Facts], int]
type Meets = Callable[[Any], bool]


def meets(name: str, test: Test) -> Meets:
    """Return the test of one fact as a function of its value; what is not known meets nothing but `not`."""
    kind, values, negated = FIELDS[name].kind, frozenset(test.values), test.negated
    if kind == "yesno":
        wanted = bool(test.yes)
        return lambda value: value is wanted
    if kind == "number":
        low = -(10**30) if test.low is None else test.low
        high = 10**30 if test.high is None else test.high
        return lambda value: value is not None and low <= value <= high
    if kind == "set":
        return lambda value: values.isdisjoint(value or ()) is negated
    if negated:
        return lambda value: value not in values
    return values.__contains__


def compiled(table: Table) -> Decide:
    """Return the function of a table: the number of the row that counts for some facts, -1 where none fits."""
    rows = [(n, tuple((name, meets(name, test)) for name, test in table.rows[n].when.items())) for n in table.order]

    def decide(facts: Facts) -> int:
        get = facts.get
        for n, tests in rows:
            for name, fits in tests:
                if not fits(get(name)):
                    break
            else:
                return n
        return NONE

    return decide


@lru_cache(maxsize=64)
def _kept(text: str) -> tuple[Table, Decide]:
    table = Table.load(json.loads(text))
    return table, compiled(table)


def kept(raw: Mapping[str, Any]) -> tuple[Table, Decide]:
    """Return a table as it is kept with a policy, and its function; both are made once for the same table."""
    return _kept(json.dumps(raw, sort_keys=True))


def fitting(table: Table, facts: Facts) -> list[int]:
    """Return every row that fits, in order: what `strictest` weighs, and what explains a decision."""
    return [
        n
        for n, row in enumerate(table.rows)
        if all(meets(name, test)(facts.get(name)) for name, test in row.when.items())
    ]
