"""Recompute what was rolled up of gross profit and name every month that offends."""

from __future__ import annotations

from django.db import connection

from backstock.books.facts import Part, facts
from backstock.books.models import ProfitRollUp
from backstock.books.rollup import DIMENSIONS, FIGURES, KEYS, MONTHS, summed
from backstock.core.problems import MOST, Problem


def check_books() -> list[Problem]:
    """Return the months of gross profit that are not their papers and ledger rows."""
    log_id, invoice_id = ProfitRollUp.objects.values_list("through_log_id", "through_invoice_id").first() or (0, 0)
    every = " UNION ALL ".join(summed(dimension, "found") for dimension in DIMENSIONS)
    minus = ", ".join(f"-{name}" for name in FIGURES)
    unequal = " OR ".join(f"SUM({name}) <> 0" for name in FIGURES)
    sums = ", ".join(f"SUM({name})" for name in FIGURES)
    part = Part(through_log=log_id, through_invoice=invoice_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS ({facts(part)}) SELECT {KEYS}, {sums} FROM (SELECT {KEYS}, {', '.join(FIGURES)} FROM ({every}) AS made "
            f"UNION ALL SELECT {KEYS}, {minus} FROM {MONTHS}) AS both_sides GROUP BY {KEYS} HAVING {unequal} LIMIT {MOST}"
        )
        found = list(cursor.fetchall())
    return [
        Problem("profit month equals its papers and moves", f"{row[0]} {row[2]} {row[1]}: off by {row[3:]}")
        for row in found
    ]
