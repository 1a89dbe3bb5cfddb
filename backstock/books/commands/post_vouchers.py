"""Vouchers (凭证) get their numbers: gapless within a month, in the order of business, when their batch is posted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db import connection
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.books.errors import NothingToPost
from backstock.books.models import VoucherMonth, VoucherNumber
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.spans import LAST_DAY, day_before, month_of, next_month
from backstock.money.figures import TRANSFERS

NUMBERS, MONTHS = VoucherNumber._meta.db_table, VoucherMonth._meta.db_table
# What was posted late, into a month whose vouchers have their numbers, goes on after them: a number never changes.
NUMBERED = f"""
INSERT INTO {NUMBERS} (log_id, business_on, month, number)
SELECT log_id, MIN(business_on), %s, %s + ROW_NUMBER() OVER (ORDER BY MIN(business_on), log_id)
FROM {TRANSFERS} AS posted WHERE business_on >= %s AND business_on <= %s
AND NOT EXISTS (SELECT 1 FROM {NUMBERS} AS known WHERE known.log_id = posted.log_id) GROUP BY log_id
"""


@typed(frozen=True, kw_only=True, config=STRICT)
class PostVouchers(Input):
    """Any day of the month whose vouchers are numbered."""

    month: Annotated[date, Field(le=LAST_DAY)]


@command("books.post_vouchers", PostVouchers, alone=True)
def post_vouchers(batch: Batch[PostVouchers]) -> None:
    """Number what a month holds and has no number yet, while nothing else is posted (`alone`); raise NothingToPost."""
    kept = {row.month: row for row in VoucherMonth.objects.all()}
    months: dict[date, VoucherMonth] = {}
    for item in batch.open:
        with batch.attempt(item):
            first = month_of(item.input.month)
            month = months.get(first) or kept.get(first) or VoucherMonth(month=first)
            posted = _number(month)
            if not posted:
                raise NothingToPost(month=f"{first:%Y-%m}")
            months[first] = month
            month.last_number += posted
            item.document = f"{first:%Y-%m}"
            item.answer = {"month": item.document, "posted": posted, "last_number": month.last_number}
    batch.log()
    fresh = [(first, month.last_number) for first, month in months.items() if first not in kept]
    rows.insert(VoucherMonth, ("month", "last_number"), fresh)
    VoucherMonth.objects.bulk_update([kept[first] for first in months if first in kept], ["last_number"])


def _number(month: VoucherMonth) -> int:
    first, last = month.month, day_before(next_month(month.month))
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED, [first, month.last_number, first, last])
        return int(cursor.rowcount)
