"""Vouchers (凭证): what each step of each document posted, as debits and credits; the latest first, paged by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from backstock.money.figures import TRANSFERS, Key, day_of, instant
from backstock.money.models import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One side of a voucher: an account, its partner, and a debit or a credit."""

    account_id: int
    partner_id: int
    debit_cents: int = 0
    credit_cents: int = 0


@dataclass(frozen=True, slots=True)
class Voucher:
    """What one step of one document posted (凭证)."""

    key: Key
    document: str
    lines: list[Line]
    is_mirror: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchersWanted:
    """Which vouchers: of which days, document and accounts."""

    first: date
    last: date
    document: str = ""
    accounts: Sequence[int] = ()
    known: datetime | None = None


def vouchers(
    wanted: VouchersWanted, size: int, after: Key | None = None, until: Key | None = None
) -> tuple[list[Voucher], bool, bool]:
    """Return a page of vouchers, the latest first, and whether there are others before and after it."""
    keys = _heads(wanted, size + 1, after, until)
    more, keys = len(keys) > size, keys[:size]
    if until is not None:
        keys.reverse()
    found = vouchers_of(key.log_id for key in keys)
    made = [found[key.log_id] for key in keys]
    return (made, more, bool(keys)) if until is not None else (made, after is not None, more)


def vouchers_of(log_ids: Iterable[int]) -> dict[int, Voucher]:
    """Return what steps posted, by their log row."""
    found: dict[int, list[Transfer]] = {log_id: [] for log_id in log_ids}
    for row in Transfer.objects.filter(log_id__in=found).order_by("log_id", "position"):
        found[row.log_id].append(row)
    return {
        log_id: Voucher(Key(rows[0].business_on, log_id), rows[0].document, _lines(rows), bool(rows[0].mirrors_log_id))
        for log_id, rows in found.items()
        if rows
    }


def _heads(wanted: VouchersWanted, count: int, after: Key | None, until: Key | None) -> list[Key]:
    condition = f"business_on >= '{wanted.first}' AND business_on <= '{wanted.last}'"
    if wanted.known is not None:
        condition += f" AND recorded_at <= {instant(wanted.known)}"
    key, sign, down = (until, ">", "") if until is not None else (after, "<", " DESC")
    if key is not None:
        condition += (
            f" AND business_on {sign}= '{key.day}' AND (business_on {sign} '{key.day}' OR log_id {sign} {key.log_id})"
        )
    parameters = [wanted.document] if wanted.document else []
    condition += " AND document = %s" if wanted.document else ""
    order = f" ORDER BY business_on{down}, log_id{down} LIMIT {count}"
    if wanted.accounts:
        listed = ", ".join(str(each) for each in wanted.accounts)
        sides = " UNION ALL ".join(
            f"SELECT * FROM (SELECT DISTINCT business_on, log_id FROM {TRANSFERS} WHERE {side} IN ({listed}) AND {condition}{order}) AS {side}_side"
            for side in ("debit_id", "credit_id")
        )
        statement, parameters = (
            f"SELECT DISTINCT business_on, log_id FROM ({sides}) AS both_sides{order}",
            parameters * 2,
        )
    else:
        statement = f"SELECT DISTINCT business_on, log_id FROM {TRANSFERS} WHERE {condition}{order}"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return [Key(day_of(day), log_id) for day, log_id in cursor.fetchall()]


def _lines(rows: Sequence[Transfer]) -> list[Line]:
    """Add up the debits and credits of each account and partner; debits stand first."""
    sums: dict[tuple[bool, int, int], int] = {}
    for row in rows:
        for is_credit, account in ((False, row.debit_id), (True, row.credit_id)):
            key = (is_credit, account, row.partner_id)
            sums[key] = sums.get(key, 0) + row.amount_cents
    debits = [
        Line(account_id=a, partner_id=p, debit_cents=cents) for (credit, a, p), cents in sums.items() if not credit
    ]
    credits = [Line(account_id=a, partner_id=p, credit_cents=cents) for (credit, a, p), cents in sums.items() if credit]
    return debits + credits
