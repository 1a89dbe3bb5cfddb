"""Accounts over any period, from rolled-up months, the days at both ends and the tail; ledgers and vouchers page by key.

`known` asks as of an instant: only rows recorded up to it count, read one by one. With it the answer never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from backstock.core.spans import EVER, Piece, cover, day_before
from backstock.money.models import Account, AccountMonth, RollUp, Transfer

TRANSFERS, MONTHS = Transfer._meta.db_table, AccountMonth._meta.db_table


class Turnover(NamedTuple):
    """What an account held before a period (debit less credit), and its debits and credits in it."""

    opening_cents: int
    debit_cents: int
    credit_cents: int

    @property
    def closing_cents(self) -> int:
        """Return what it held at the end."""
        return self.opening_cents + self.debit_cents - self.credit_cents


class Key(NamedTuple):
    """Where a row of the ledger stands in the order of business."""

    day: date
    log_id: int
    position: int = 0

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.log_id}.{self.position}"

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """Read a key from an address; None for anything else."""
        parts = text.split(".")
        try:
            return cls(date.fromisoformat(parts[0]), int(parts[1]), int(parts[2])) if len(parts) == 3 else None
        except ValueError:
            return None


def read(statement: Callable[[int], str]) -> list[tuple[Any, ...]]:
    """Run a statement that is made for a watermark; once more when the roll-up came in between."""
    while True:
        through = _through()
        with connection.cursor() as cursor:
            cursor.execute(statement(through))
            found = list(cursor.fetchall())
        if _through() == through:
            return found


def _through() -> int:
    return RollUp.objects.values_list("through_log_id", flat=True).first() or 0


def instant(known: datetime) -> str:
    return f"'{connection.ops.adapt_datetimefield_value(known)}'"


def _flows(first: date, last: date, through: int, known: datetime | None) -> str:
    """Return the SQL of what accounts moved (account_id, d, c) on the days from first to last."""
    days = f"business_on >= '{first}' AND business_on <= '{last}'"
    if known is not None:
        return _rows(f"{days} AND recorded_at <= {instant(known)}", "")
    pieces = [_piece(piece, through) for piece in cover(first, last)]
    return " UNION ALL ".join([*pieces, _rows(f"{days} AND log_id > {through}", "")])


def _piece(piece: Piece, through: int) -> str:
    minus = "" if piece.sign > 0 else "-"
    if piece.unit == "day":
        days = f"business_on >= '{piece.first}' AND business_on < '{piece.end}'"
        return _rows(f"{days} AND log_id <= {through}", minus)
    return (
        f"SELECT account_id, {minus}debit_cents AS d, {minus}credit_cents AS c FROM {MONTHS} "
        f"WHERE month >= '{piece.first}' AND month < '{piece.end}'"
    )


def _rows(condition: str, minus: str) -> str:
    return (
        f"SELECT debit_id AS account_id, {minus}amount_cents AS d, 0 AS c FROM {TRANSFERS} WHERE {condition} "
        f"UNION ALL SELECT credit_id, 0, {minus}amount_cents FROM {TRANSFERS} WHERE {condition}"
    )


def turnovers(first: date, last: date, known: datetime | None = None) -> dict[int, Turnover]:
    """Return what every account that ever moved held before a period, and its debits and credits in it."""

    def statement(through: int) -> str:
        before = _flows(EVER, day_before(first), through, known)
        within = _flows(first, last, through, known)
        return f"""
            SELECT account_id, SUM(o), SUM(d), SUM(c) FROM (
                SELECT account_id, d - c AS o, 0 AS d, 0 AS c FROM ({before}) AS b
                UNION ALL SELECT account_id, 0, d, c FROM ({within}) AS w
            ) AS moved GROUP BY account_id"""

    return {int(row[0]): Turnover(*(int(cents) for cents in row[1:])) for row in read(statement)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One row of an account's ledger: signed for the account, with what it held after it."""

    key: Key
    document: str
    other_id: int
    partner_id: int
    amount_cents: int
    after_cents: int
    is_mirror: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of an account's ledger, what there was before it, and whether rows come before and after."""

    rows: list[Posted]
    before_cents: int
    has_earlier: bool
    has_later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose ledger: accounts that are read as one (an account with its sub-accounts), and the days."""

    accounts: Sequence[int]
    first: date
    last: date
    known: datetime | None = None

    @property
    def listed(self) -> str:
        """Return the accounts for an SQL list."""
        return ", ".join(str(each) for each in self.accounts)

    @property
    def when(self) -> str:
        """Return the condition of an instant."""
        return f" AND recorded_at <= {instant(self.known)}" if self.known else ""


def ledger(wanted: Wanted, size: int, after: Key | None = None, until: Key | None = None) -> Ledger:
    """Return a page of an account's ledger (明细账): the first, the one after a row, or the one up to (and without) a row."""
    found = _page(wanted, size + 1, after, until)
    more, found = len(found) > size, found[:size]
    if until is not None:
        found.reverse()
    held = _before(wanted, Key(day_of(found[0][0]), *found[0][1:3]) if found else Key(wanted.first, 0))
    before, posted = held, []
    for day, log_id, position, document, other, partner, cents, mirrors in found:
        held += cents
        posted.append(
            Posted(
                key=Key(day_of(day), log_id, position), document=document, other_id=other, partner_id=partner,
                amount_cents=cents, after_cents=held, is_mirror=bool(mirrors),
            )
        )  # fmt: skip
    earlier, later = (more, bool(found)) if until is not None else (after is not None, more)
    return Ledger(posted, before, earlier, later)


def day_of(value: object) -> date:
    """SQLite gives days as text when a statement has no columns of a table's own."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _sides(wanted: Wanted, condition: str, tail: str = "") -> str:
    """Read both sides of the accounts, each by its own index, so that neither reads more than it gives."""
    sides = []
    for own, other, sign in (("debit_id", "credit_id", ""), ("credit_id", "debit_id", "-")):
        sides.append(
            f"SELECT * FROM (SELECT business_on, log_id, position, document, {other} AS other, partner_id, "
            f"{sign}amount_cents AS cents, mirrors_log_id FROM {TRANSFERS} "
            f"WHERE {own} IN ({wanted.listed}){wanted.when} AND {condition}{tail}) AS {own}_side"
        )
    return " UNION ALL ".join(sides)


def _page(wanted: Wanted, count: int, after: Key | None, until: Key | None) -> list[tuple[Any, ...]]:
    condition = f"business_on >= '{wanted.first}' AND business_on <= '{wanted.last}'"
    key, sign, down = (until, "<", " DESC") if until is not None else (after, ">", "")
    if key is not None:
        condition += f" AND {beyond(key, sign)}"
    order = f" ORDER BY business_on{down}, log_id{down}, position{down} LIMIT {count}"
    return read(lambda _: f"SELECT * FROM ({_sides(wanted, condition, order)}) AS both_sides{order}")


def beyond(key: Key, sign: str) -> str:
    """Return the condition of the rows on one side of a key; the day alone is for the index."""
    return (
        f"business_on {sign}= '{key.day}' AND (business_on {sign} '{key.day}' OR log_id {sign} {key.log_id} "
        f"OR (log_id = {key.log_id} AND position {sign} {key.position}))"
    )


def _before(wanted: Wanted, key: Key) -> int:
    held = turnovers(key.day, key.day, wanted.known)
    start = sum(held[each].opening_cents for each in wanted.accounts if each in held)
    condition = f"business_on = '{key.day}' AND (log_id < {key.log_id} OR (log_id = {key.log_id} AND position < {key.position}))"
    [(cents,)] = read(lambda _: f"SELECT SUM(cents) FROM ({_sides(wanted, condition)}) AS both_sides")
    return start + int(cents or 0)


@dataclass(frozen=True, slots=True)
class AccountName:
    """An account of the chart as reports name it; `parent_id` is itself for a main account."""

    id: int
    code: str
    name: str
    parent_id: int


def accounts(language: str) -> dict[int, AccountName]:
    """Return every account of the chart in the order of its codes."""
    name = "name_zh" if language.startswith("zh") else "name_en"
    return {
        each.pk: AccountName(each.pk, each.code, getattr(each, name), each.parent_id or each.pk)
        for each in Account.objects.order_by("code", "pk")
    }
