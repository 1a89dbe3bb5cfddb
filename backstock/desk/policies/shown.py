"""A policy as it is shown: its table cell by cell, its base terms, exceptions and conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backstock.desk.parts import Text
from backstock.desk.policies.cells import fact_title, note_text, term_text, tested_text
from backstock.desk.policies.changes import CONDITIONS, GROUP_FACTS, HITS, condition_text, exception_label
from backstock.desk.policies.editing import GROUPS, rows_of
from backstock.desk.policies.findings import Finding
from backstock.desk.policies.names import Names
from backstock.desk.policies.terms import TERMS, said
from backstock.policies.engine import leaves
from backstock.policies.table.model import FIELDS


@dataclass(frozen=True, slots=True)
class Column:
    """A fact that rows ask, or a term that they say."""

    name: str
    label: Text
    is_test: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one row says in a column; empty: nothing. `target` names the field that a press leads to."""

    column: Column
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is shown."""

    id: str
    number: int
    cells: Sequence[Cell]
    note: str
    findings: Sequence[Finding]
    is_first: bool
    is_last: bool

    @property
    def is_empty(self) -> bool:
        """Whether it asks nothing, so that every return fits it."""
        return not any(cell.text for cell in self.cells if cell.column.is_test)


def columns_of(terms: Mapping[str, Any]) -> list[Column]:
    """Return the facts and terms that any row names; a new table begins with the usual ones."""
    rows = rows_of(terms)
    facts = {fact for row in rows for fact in row.get("when", {})} or {"category", "reason"}
    then = {name for row in rows for name, value in row.get("then", {}).items() if value is not None}
    then = then or {"decision", "window_days"}
    return [
        *(Column(fact, fact_title(fact), True) for fact in FIELDS if fact in facts),
        *(Column(name, TERMS[name].label, False) for name in TERMS if name in then),
    ]


def table_of(terms: Mapping[str, Any], names: Names, found: Sequence[Finding] = ()) -> list[Row]:
    """Return the rows with their cells."""
    columns, rows = columns_of(terms), rows_of(terms)
    return [
        Row(
            row["id"], n + 1, [_cell(column, row, names) for column in columns], note_text(row.get("note", {})),
            [each for each in found if each.row == row["id"]], n == 0, n == len(rows) - 1,
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def _cell(column: Column, row: Mapping[str, Any], names: Names) -> Cell:
    if column.is_test:
        test = row.get("when", {}).get(column.name)
        target = f"w_{column.name}" + ("_min" if FIELDS[column.name].kind == "number" else "")
        return Cell(column, tested_text(column.name, test, names) if test else "", target)
    value = row.get("then", {}).get(column.name)
    return Cell(column, term_text(column.name, value, names) if value is not None else "", column.name)


def parts_of(terms: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return everything beside the table."""
    return {
        "base": [(TERMS[name].label, term_text(name, value, names)) for name, value in said(terms).items()],
        "hit": terms.get("table", {}).get("hit", "first"),
        "hits": [*HITS.items()],
        "exceptions": [
            {
                "group": group, "key": key, "code": f"{group}|{key}", "label": exception_label(group, key, names),
                "terms": [(TERMS[name].label, term_text(name, value, names)) for name, value in said(each).items()],
            }
            for group in GROUPS
            for key, each in terms.get(group, {}).items()
        ],
        "conditions": [
            {"group": group, "label": label, "at": n, "code": f"{group}|{n}", "text": condition_text(each, names)}
            for group, label in CONDITIONS.items()
            for n, each in enumerate(terms.get(group, ()))
        ],
        "evidence_for": [names.of("reason", each) for each in terms.get("evidence_for", ())],
        "reasons": [names.of("reason", each) for each in leaves(terms.get("reasons") or ())],
        "groups": [(group, fact_title(fact), names.offered(fact)) for group, fact in GROUP_FACTS.items()],
    }  # fmt: skip
