"""Read numbered vouchers: their numbers, what waits for one, and their lines in the order of the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from backstock.books.layouts import VoucherLine
from backstock.books.models import VoucherNumber
from backstock.core.models import Company
from backstock.core.spans import month_of
from backstock.money.figures import TRANSFERS, accounts
from backstock.money.vouchers import vouchers_of
from backstock.partners.queries import partners_by_id

CHUNK = 500
NUMBERS = VoucherNumber._meta.db_table


def numbers_of(log_ids: Iterable[int]) -> dict[int, int]:
    """Return the numbers of steps that have one."""
    return dict(VoucherNumber.objects.filter(pk__in=set(log_ids)).values_list("log_id", "number"))


def waiting(first: date, last: date) -> int:
    """Count the vouchers of some days that have no number yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(DISTINCT log_id) FROM {TRANSFERS} AS posted WHERE business_on >= %s AND business_on <= %s "
            f"AND NOT EXISTS (SELECT 1 FROM {NUMBERS} AS known WHERE known.log_id = posted.log_id)",
            [first, last],
        )
        return int(cursor.fetchone()[0])


def numbered_lines(first: date, last: date, language: str = "zh-hans") -> Iterator[VoucherLine]:
    """Give every line of the numbered vouchers of some days, month by month in the order of their numbers."""
    names, currency = accounts(language), Company.objects.values_list("currency", flat=True).get()
    found = VoucherNumber.objects.filter(business_on__range=(first, last)).order_by("month", "number")
    after = (month_of(first), 0)
    while chunk := list(_after(found, after)[:CHUNK]):
        after = (chunk[-1].month, chunk[-1].number)
        made = vouchers_of(each.log_id for each in chunk)
        partners = partners_by_id({line.partner_id for each in made.values() for line in each.lines} - {0})
        for row in chunk:
            voucher = made[row.log_id]
            for entry, line in enumerate(voucher.lines, 1):
                partner, account = partners.get(line.partner_id), names[line.account_id]
                yield VoucherLine(
                    day=row.business_on, number=row.number, entry=entry, document=voucher.document, account_code=account.code,
                    account_name=account.name, partner_code=partner.code if partner else "",
                    partner_name=partner.name if partner else "", currency=currency, debit_cents=line.debit_cents,
                    credit_cents=line.credit_cents, is_mirror=voucher.is_mirror,
                )  # fmt: skip


def _after(found: QuerySet[VoucherNumber], after: tuple[date, int]) -> QuerySet[VoucherNumber]:
    month, number = after
    return found.filter(Q(month__gt=month) | Q(month=month, number__gt=number))
