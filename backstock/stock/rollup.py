"""Roll moves up into months and years behind the commands, so that figures need only few rows and a short tail.

Like `money.rollup`, and in steps: no command waits for more than one of them.
"""

from __future__ import annotations

from django.db import connection, transaction

from backstock.core.sealing import horizon
from backstock.stock.models import StockMonth, StockMove, StockRollUp, StockYear

MOVES = StockMove._meta.db_table
SPANS = (("month", StockMonth._meta.db_table), ("year", StockYear._meta.db_table))
COLUMNS = "product_id, starts_on, source_id, target_id, paper, quantity_e4, source_value_cents, target_value_cents"
# Log rows in one transaction.
STEP = 50_000

# A move as figures count it: a mirror row below zero, in the direction of what it takes back; the values of pools only.
SOURCE = "CASE mirrors_log_id WHEN 0 THEN source_id ELSE target_id END"
TARGET = "CASE mirrors_log_id WHEN 0 THEN target_id ELSE source_id END"
PAPER = "SUBSTR(document, 1, 1)"
QUANTITY = "CASE mirrors_log_id WHEN 0 THEN quantity_e4 ELSE -quantity_e4 END"
LEFT = "CASE source_pool WHEN '' THEN 0 ELSE source_value_cents END"
ENTERED = "CASE target_pool WHEN '' THEN 0 ELSE target_value_cents END"
SOURCE_VALUE = f"CASE mirrors_log_id WHEN 0 THEN {LEFT} ELSE -({ENTERED}) END"
TARGET_VALUE = f"CASE mirrors_log_id WHEN 0 THEN {ENTERED} ELSE -({LEFT}) END"


def roll_up() -> int:
    """Add the moves since the watermark to their months and years; return the new watermark (a log id)."""
    end = horizon()
    while True:
        with transaction.atomic():
            through = StockRollUp.objects.select_for_update().get(pk=1).through_log_id
            if end <= through:
                return through
            _add(through, min(end, through + STEP))


def rebuild() -> int:
    """Make months and years afresh from the rows themselves, in one transaction; return the watermark."""
    end = horizon()
    with transaction.atomic():
        StockRollUp.objects.select_for_update().get(pk=1)
        StockMonth.objects.all().delete()
        StockYear.objects.all().delete()
        _add(0, end)
    return end


def starts_on(span: str) -> str:
    """Return the SQL of the first day of a move's month or year."""
    if connection.vendor == "sqlite":
        return f"date(business_on, 'start of {span}')"
    return f"CAST(date_trunc('{span}', business_on) AS date)"


def _add(after: int, through: int) -> None:
    keys = "product_id, starts_on, source_id, target_id, paper"
    with connection.cursor() as cursor:
        for span, table in SPANS:
            cursor.execute(
                f"INSERT INTO {table} ({COLUMNS}) "
                f"SELECT {keys}, SUM(q), SUM(sv), SUM(tv) FROM ("
                f"SELECT product_id, {starts_on(span)} AS starts_on, {SOURCE} AS source_id, {TARGET} AS target_id, "
                f"{PAPER} AS paper, {QUANTITY} AS q, {SOURCE_VALUE} AS sv, {TARGET_VALUE} AS tv "
                f"FROM {MOVES} WHERE log_id > {after} AND log_id <= {through}"
                f") AS moved WHERE TRUE GROUP BY {keys} ON CONFLICT (starts_on, product_id, source_id, target_id, paper) "
                f"DO UPDATE SET quantity_e4 = {table}.quantity_e4 + excluded.quantity_e4, "
                f"source_value_cents = {table}.source_value_cents + excluded.source_value_cents, "
                f"target_value_cents = {table}.target_value_cents + excluded.target_value_cents"
            )
    StockRollUp.objects.filter(pk=1).update(through_log_id=through)
