"""Which columns a table has in a file, and what is said about a file that cannot be a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backstock.exchange_formats.errors import MeaningLost, NotThisFormat
from backstock.policies.table.model import FIELDS, Table

# What a row may say, in the order of the columns.
OUTCOMES = (
    "decision", "window_days", "restocking_fee_e6", "refund_percent_e6", "refund_to", "freight", "remedies",
    "evidence_required", "approval", "inspection", "refund_when", "refund_shipping", "window_from", "return_deadline_days",
    "exchange_fee_e6", "threshold_lost", "gift_kept", "usage_per_day_e6", "usage_free_days", "store_credit_after_days",
    "store_credit_days", "four_eyes_above_cents", "checklist", "cross_ship", "cross_ship_deadline_days",
    "restock_shelf_life_days", "scrap_needs",
)  # fmt: skip


def facts_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the facts that rows ask, in their order."""
    return [fact for fact in FIELDS if any(fact in row.get("when", {}) for row in rows)]


def outcomes_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the outcomes that rows name, in their order."""
    return [name for name in OUTCOMES if any(row.get("then", {}).get(name) is not None for row in rows)]


def first_hit(raw: Mapping[str, Any], format_: str) -> list[dict[str, Any]]:
    """Return the rows so that the first that fits counts, whichever hit policy they have; refuse what others cannot say.

    `strictest` is the same rows with the strictest decision first (ADR 38), so nothing of it is lost.
    """
    for row in raw.get("rows", ()):
        for fact in row.get("when", {}):
            if FIELDS[fact].kind == "set":
                raise MeaningLost(
                    format=format_, where=f"{row['id']}, {fact}", problem="a test of one of several values"
                )
    rows = list(raw.get("rows", ()))
    return [rows[n] for n in Table.load(raw).order]


def known(names: Iterable[str], what: str, file: str, format_: str) -> None:
    """Refuse columns that a policy's table does not have."""
    allowed: Iterable[str] = FIELDS if what == "input" else OUTCOMES
    for name in names:
        if name not in allowed:
            raise NotThisFormat(
                file=file, format=format_, problem=f"{what} {name}: a policy's table has no such column"
            )
