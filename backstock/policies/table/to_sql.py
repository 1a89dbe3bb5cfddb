"""A policy table as an SQL expression (DuckDB): the same rows win as by the Python function."""

from __future__ import annotations

from backstock.policies.table.model import FIELDS, NONE, Table, Test


def case(table: Table) -> str:
    """Return the expression that gives the number of the row that counts, over columns named like FIELDS.

    `tag` is a list of texts; a fact that is not known is NULL.
    """
    whens = []
    for n in table.order:
        tests = [_condition(name, test) for name, test in table.rows[n].when.items()]
        whens.append(f"WHEN {' AND '.join(tests) or 'TRUE'} THEN {n}")
    return f"CASE {' '.join(whens)} ELSE {NONE} END" if whens else str(NONE)


def text(value: str) -> str:
    """Quote a text for SQL."""
    return "'" + value.replace("'", "''") + "'"


def _condition(name: str, test: Test) -> str:
    kind = FIELDS[name].kind
    if kind == "yesno":
        return name if test.yes else f"NOT {name}"
    if kind == "number":
        ends = [f"{name} >= {int(test.low)}"] if test.low is not None else []
        ends += [f"{name} <= {int(test.high)}"] if test.high is not None else []
        return " AND ".join(ends) or f"{name} IS NOT NULL"
    values = ", ".join(text(value) for value in test.values)
    if kind == "set":
        meets = f"COALESCE(list_has_any({name}, [{values}]::VARCHAR[]), FALSE)"
        return f"NOT {meets}" if test.negated else meets
    if not test.values:
        return "TRUE" if test.negated else "FALSE"
    return f"({name} IS NULL OR {name} NOT IN ({values}))" if test.negated else f"{name} IN ({values})"
