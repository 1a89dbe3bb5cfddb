"""Changes of terms while they are edited: each takes terms and gives new ones. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

type Terms = dict[str, Any]

GROUPS: Final = ("per_category", "per_reason", "per_sku", "per_customer")
MOST_ROWS: Final = 500


def rows_of(terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the table."""
    found: list[dict[str, Any]] = (terms.get("table") or {}).get("rows", [])
    return found


def row_at(terms: Mapping[str, Any], row_id: str) -> int | None:
    """Return where a row stands."""
    return next((n for n, row in enumerate(rows_of(terms)) if row["id"] == row_id), None)


def _with_rows(terms: Mapping[str, Any], rows: list[dict[str, Any]]) -> Terms:
    found = dict(terms)
    found["table"] = {"hit": "first", **(terms.get("table") or {}), "rows": rows}
    if not rows:
        del found["table"]
    return found


def _new_id(rows: list[dict[str, Any]]) -> str:
    taken = {row["id"] for row in rows}
    return next(f"r{n}" for n in range(1, len(rows) + 2) if f"r{n}" not in taken)


def add(terms: Mapping[str, Any], after: str = "") -> tuple[Terms, str]:
    """Put an empty row after another one, else to the end; gives its id."""
    rows = list(rows_of(terms))
    if len(rows) >= MOST_ROWS:
        return dict(terms), ""
    row_id, at = _new_id(rows), row_at(terms, after)
    rows.insert(len(rows) if at is None else at + 1, {"id": row_id, "when": {}, "then": {}})
    return _with_rows(terms, rows), row_id


def duplicate(terms: Mapping[str, Any], row_id: str) -> tuple[Terms, str]:
    """Put a copy of a row after it; gives its id."""
    at = row_at(terms, row_id)
    rows = list(rows_of(terms))
    if at is None or len(rows) >= MOST_ROWS:
        return dict(terms), ""
    made = {**deepcopy(rows[at]), "id": _new_id(rows)}
    rows.insert(at + 1, made)
    return _with_rows(terms, rows), made["id"]


def delete(terms: Mapping[str, Any], row_id: str) -> Terms:
    """Take a row out."""
    return _with_rows(terms, [row for row in rows_of(terms) if row["id"] != row_id])


def move(terms: Mapping[str, Any], row_id: str, step: int) -> Terms:
    """Move a row up (-1) or down (1)."""
    at, rows = row_at(terms, row_id), list(rows_of(terms))
    if at is None or not 0 <= at + step < len(rows):
        return dict(terms)
    rows.insert(at + step, rows.pop(at))
    return _with_rows(terms, rows)


def put_row(terms: Mapping[str, Any], row_id: str, parts: Mapping[str, Any]) -> Terms:
    """Give a row other tests, outcomes and notes."""
    rows = [{"id": row_id, **parts} if row["id"] == row_id else row for row in rows_of(terms)]
    return _with_rows(terms, rows)


def choose_hit(terms: Mapping[str, Any], hit: str) -> Terms:
    """Say which of several rows that fit counts."""
    if not rows_of(terms) or hit not in ("first", "strictest"):
        return dict(terms)
    return {**terms, "table": {**terms["table"], "hit": hit}}


def put_base(terms: Mapping[str, Any], names: Mapping[str, Any], values: Mapping[str, Any]) -> Terms:
    """Replace the base terms of these names."""
    kept = {name: value for name, value in terms.items() if name not in names}
    return {**kept, **{name: value for name, value in values.items() if value not in (None, [], ())}}


def put_exception(terms: Mapping[str, Any], group: str, key: str, values: Mapping[str, Any]) -> Terms:
    """Replace the terms of a category, reason, product or customer."""
    if group not in GROUPS or not key:
        return dict(terms)
    return {**terms, group: {**terms.get(group, {}), key: dict(values)}}


def drop_exception(terms: Mapping[str, Any], group: str, key: str) -> Terms:
    """Take an exception out."""
    found = {**terms, group: {name: value for name, value in terms.get(group, {}).items() if name != key}}
    if not found[group]:
        del found[group]
    return found


def drop_condition(terms: Mapping[str, Any], group: str, at: int) -> Terms:
    """Take out one of the conditions under which a person looks, or the policy turns down."""
    if group not in ("review_when", "reject_when"):
        return dict(terms)
    left = [each for n, each in enumerate(terms.get(group, ())) if n != at]
    found = {**terms, group: left}
    if not left:
        del found[group]
    return found
