"""Roll transfers up into account months behind the commands, so that figures need only months and a short tail."""

from __future__ import annotations

from django.db import connection, transaction

from backstock.core.sealing import horizon
from backstock.money.models import AccountMonth, RollUp, Transfer

TRANSFERS, MONTHS = Transfer._meta.db_table, AccountMonth._meta.db_table


def roll_up() -> int:
    """Add the transfers since the watermark to their months; return the new watermark (a log id)."""
    end = horizon()
    month = (
        "date(business_on, 'start of month')"
        if connection.vendor == "sqlite"
        else "CAST(date_trunc('month', business_on) AS date)"
    )
    with transaction.atomic():
        state = RollUp.objects.select_for_update().get(pk=1)
        if end <= state.through_log_id:
            return state.through_log_id
        span = f"log_id > {state.through_log_id} AND log_id <= {end}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {MONTHS} (account_id, month, debit_cents, credit_cents) "
                f"SELECT account_id, month, SUM(d), SUM(c) FROM ("
                f"SELECT debit_id AS account_id, {month} AS month, amount_cents AS d, 0 AS c FROM {TRANSFERS} WHERE {span} "
                f"UNION ALL SELECT credit_id, {month}, 0, amount_cents FROM {TRANSFERS} WHERE {span}"
                f") AS moved WHERE TRUE GROUP BY account_id, month "
                f"ON CONFLICT (account_id, month) DO UPDATE SET "
                f"debit_cents = {MONTHS}.debit_cents + excluded.debit_cents, "
                f"credit_cents = {MONTHS}.credit_cents + excluded.credit_cents"
            )
        RollUp.objects.filter(pk=1).update(through_log_id=end)
        return end
