"""Roll what sales earned up into months behind the commands, like both ledgers."""

from __future__ import annotations

from django.db import connection, transaction

from backstock.books.facts import Part, facts
from backstock.books.models import ProfitMonth, ProfitRollUp
from backstock.core.sealing import horizon
from backstock.sales.models import Invoice

MONTHS = ProfitMonth._meta.db_table
DIMENSIONS = ("product", "customer", "salesperson")
KEYS = "dimension, starts_on, key"
FIGURES = ("quantity_e4", "revenue_cents", "returned_cents", "cost_cents")


def roll_up() -> int:
    """Add the facts since the watermark to their months; return the new watermark (a log id)."""
    end, invoice = horizon(), invoice_horizon()
    with transaction.atomic():
        state = ProfitRollUp.objects.select_for_update().get(pk=1)
        if end > state.through_log_id or invoice > state.through_invoice_id:
            _add(state, max(end, state.through_log_id), max(invoice, state.through_invoice_id))
        return state.through_log_id


def rebuild() -> int:
    """Make the months afresh, in one transaction; return the watermark."""
    end, invoice = horizon(), invoice_horizon()
    with transaction.atomic():
        state = ProfitRollUp.objects.select_for_update().get(pk=1)
        ProfitMonth.objects.all().delete()
        state.through_log_id = state.through_invoice_id = 0
        _add(state, end, invoice)
        return state.through_log_id


def invoice_horizon() -> int:
    """Return the id up to which every invoice is committed; their ids are given before those of their log rows."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {Invoice._meta.db_table} IN SHARE MODE")
        return Invoice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def month_of(column: str) -> str:
    """Return the SQL of the first day of a day's month."""
    if connection.vendor == "sqlite":
        return f"date({column}, 'start of month')"
    return f"CAST(date_trunc('month', {column}) AS date)"


def summed(dimension: str, source: str) -> str:
    """Return the SQL of the facts of a source by month and one dimension."""
    sums = ", ".join(f"SUM({name}) AS {name}" for name in FIGURES)
    return (
        f"SELECT '{dimension}' AS dimension, {month_of('on_day')} AS starts_on, {dimension}_id AS key, {sums} "
        f"FROM {source} GROUP BY 2, 3"
    )


def _add(state: ProfitRollUp, log_id: int, invoice_id: int) -> None:
    part = Part(
        after_log=state.through_log_id, through_log=log_id, after_invoice=state.through_invoice_id, through_invoice=invoice_id
    )  # fmt: skip
    every = " UNION ALL ".join(summed(dimension, "found") for dimension in DIMENSIONS)
    sets = ", ".join(f"{name} = {MONTHS}.{name} + excluded.{name}" for name in FIGURES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS ({facts(part)}) INSERT INTO {MONTHS} ({KEYS}, {', '.join(FIGURES)}) "
            f"SELECT * FROM ({every}) AS months WHERE TRUE ON CONFLICT ({KEYS}) DO UPDATE SET {sets}"
        )
    state.through_log_id, state.through_invoice_id = log_id, invoice_id
    state.save(update_fields=["through_log_id", "through_invoice_id"])
