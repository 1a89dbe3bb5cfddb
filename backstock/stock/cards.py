"""The stock card (库存明细账): every move of a product or lot that touches a scope, in the order of business, with its balance.

Pages go by key (day, log row, position), and the balance before a page comes from the figures: page 2,000 is as quick as 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from backstock.core.spans import EVER, day_before
from backstock.stock import rollup
from backstock.stock.figures import TABLES, WAY, Held, Scope, Way, instant, movements, read

MOVES = TABLES["day"]


class Key(NamedTuple):
    """Where a row of the ledger stands in the order of business."""

    day: date
    log_id: int
    position: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.log_id}.{self.position}"

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """Read a key from an address; None for anything else."""
        day, _, rest = text.partition(".")
        log_id, _, position = rest.partition(".")
        try:
            return cls(date.fromisoformat(day), int(log_id), int(position))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a card: what it changed, and what there was after it."""

    key: Key
    document: str
    way: Way
    lot_id: int
    source_id: int
    target_id: int
    # Signed: what it added. Pieces that moved inside the scope change no quantity; `moved_e4` says how many they were.
    change: Held
    moved_e4: int
    after: Held
    is_mirror: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose card, of which days and places."""

    product_id: int
    first: date
    last: date
    scope: Scope
    lot_id: int = 0
    known: datetime | None = None

    @property
    def where(self) -> str:
        """Return the condition of its rows, but for their days."""
        lot = f" AND lot_id = {self.lot_id}" if self.lot_id else ""
        known = f" AND recorded_at <= {instant(self.known)}" if self.known else ""
        return f"product_id = {self.product_id}{lot}{known}"


@dataclass(frozen=True, slots=True)
class Card:
    """A page of a card, what there was before it, and whether rows come before and after."""

    entries: list[Entry]
    before: Held
    has_earlier: bool
    has_later: bool


def _day(value: object) -> date:
    """SQLite gives days as text when a statement has no columns of a table's own."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def card(wanted: Wanted, size: int, after: Key | None = None, until: Key | None = None) -> Card:
    """Return a page of a card: the first, the one after a row, or the one up to (and without) a row."""
    rows = _rows(wanted, size + 1, after, until)
    more = len(rows) > size
    rows = rows[:size]
    if until is not None:
        rows.reverse()
    before = _before(wanted, Key(_day(rows[0][0]), *rows[0][1:3])) if rows else held_before(wanted, wanted.first)
    entries, held = [], before
    for day, log_id, position, document, way, lot_id, source, target, quantity, cents, moved, mirrors in rows:
        change = Held(quantity, cents)
        held = Held(held.quantity_e4 + quantity, held.value_cents + cents)
        entries.append(
            Entry(
                key=Key(_day(day), log_id, position), document=document, way=Way(way), lot_id=lot_id, source_id=source,
                target_id=target, change=change, moved_e4=moved, after=held, is_mirror=bool(mirrors),
            )
        )  # fmt: skip
    earlier, later = (more, bool(rows)) if until is not None else (after is not None, more)
    return Card(entries, before, earlier, later)


def held_before(wanted: Wanted, day: date) -> Held:
    """Return what there was at the start of a day."""
    if wanted.lot_id:
        return _summed(wanted, f"business_on < '{day}'")
    ways = movements(EVER, day_before(day), wanted.scope, wanted.known, wanted.product_id).get(wanted.product_id, {})
    return Held(sum(held.quantity_e4 for held in ways.values()), sum(held.value_cents for held in ways.values()))


def _before(wanted: Wanted, key: Key) -> Held:
    start = held_before(wanted, key.day)
    row = f"(log_id < {key.log_id} OR (log_id = {key.log_id} AND position < {key.position}))"
    same_day = _summed(wanted, f"business_on = '{key.day}' AND {row}")
    return Held(start.quantity_e4 + same_day.quantity_e4, start.value_cents + same_day.value_cents)


def _signed(wanted: Wanted, condition: str) -> str:
    scope = wanted.scope
    return f"""
        SELECT business_on, log_id, position, document, lot_id, mirrors_log_id, 1 AS phase, source_id, target_id, paper,
            q, sv, tv, {scope.sql("source_id")} AS s, {scope.sql("target_id")} AS t FROM (
            SELECT business_on, log_id, position, document, lot_id, mirrors_log_id, {rollup.SOURCE} AS source_id,
                {rollup.TARGET} AS target_id, {rollup.PAPER} AS paper, {rollup.QUANTITY} AS q,
                {rollup.SOURCE_VALUE} AS sv, {rollup.TARGET_VALUE} AS tv
            FROM {MOVES} WHERE {wanted.where} AND {condition}
        ) AS moved"""


def _summed(wanted: Wanted, condition: str) -> Held:
    [(quantity_e4, cents)] = read(
        lambda _: f"SELECT SUM(q * (t - s)), SUM(t * tv - s * sv) FROM ({_signed(wanted, condition)}) AS seen"
    )
    return Held(int(quantity_e4 or 0), int(cents or 0))


def _rows(wanted: Wanted, count: int, after: Key | None, until: Key | None) -> list[tuple[Any, ...]]:
    days = f"business_on >= '{wanted.first}' AND business_on <= '{wanted.last}'"
    order, beyond = "", ""
    key, sign = (until, "<") if until is not None else (after, ">")
    if key is not None:
        # The day alone is an index condition; the rest settles its order within the day.
        beyond = (
            f" AND business_on {sign}= '{key.day}' AND (business_on {sign} '{key.day}' OR log_id {sign} {key.log_id} "
            f"OR (log_id = {key.log_id} AND position {sign} {key.position}))"
        )
    if until is not None:
        order = " DESC"
    return read(
        lambda _: (
            f"""
        SELECT business_on, log_id, position, document, {WAY}, lot_id, source_id, target_id, q * (t - s), t * tv - s * sv, q,
            mirrors_log_id
        FROM ({_signed(wanted, days + beyond)}) AS seen WHERE s + t > 0
        ORDER BY business_on{order}, log_id{order}, position{order} LIMIT {count}"""
        )
    )
