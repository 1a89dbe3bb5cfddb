"""Recompute what was rolled up of gross profit and name every month that offends."""

from __future__ import annotations

from backstock.books.commands.post_vouchers import MONTHS as VOUCHER_MONTHS
from backstock.books.commands.post_vouchers import NUMBERS
from backstock.books.expecting import standing_estimate
from backstock.books.facts import Part, facts
from backstock.books.models import (
    Accrual,
    AccrualLine,
    BlueInvoice,
    Estimate,
    EstimateLine,
    NoteNumber,
    NoteYear,
    ProfitRollUp,
    RedInvoice,
)
from backstock.books.rollup import DIMENSIONS, FIGURES, KEYS, MONTHS, summed
from backstock.core.problems import Problem, found_by
from backstock.money.accounts import Role
from backstock.money.figures import TRANSFERS
from backstock.money.verify import account_totals
from backstock.refunds.models import CreditNote

NOTE_NUMBERS, YEARS, NOTES = (each._meta.db_table for each in (NoteNumber, NoteYear, CreditNote))
ACCRUALS, ACCRUAL_LINES = Accrual._meta.db_table, AccrualLine._meta.db_table
ESTIMATES, ESTIMATE_LINES = Estimate._meta.db_table, EstimateLine._meta.db_table
BLUES, REDS = BlueInvoice._meta.db_table, RedInvoice._meta.db_table


def check_books() -> list[Problem]:
    """Return the months of gross profit that are not their papers and ledger rows, and the vouchers that are misnumbered."""
    return [*_profit(), *_numbers(), *_reds(), *_notes(), *_accruals(), *_estimates()]


# A number belongs to something posted on its day, and the numbers of a month are 1, 2, 3 … up to the last one given.
UNPOSTED = f"""
SELECT log_id FROM {NUMBERS} AS known WHERE NOT EXISTS
(SELECT 1 FROM {TRANSFERS} AS posted WHERE posted.log_id = known.log_id AND posted.business_on = known.business_on)
"""
GAPS = f"""
SELECT kept.month, kept.last_number, COUNT(given.log_id), COALESCE(MAX(given.number), 0) FROM {VOUCHER_MONTHS} AS kept
LEFT JOIN {NUMBERS} AS given ON given.month = kept.month GROUP BY kept.month, kept.last_number
HAVING kept.last_number <> COUNT(given.log_id) OR kept.last_number <> COALESCE(MAX(given.number), 0)
"""


# What lapsed is free again by the clock; what is ready or issued never exceeds its blue invoice.
RED_OVER_BLUE = f"""
SELECT blue.number, SUM(red.net_cents) - blue.net_cents, SUM(red.tax_cents) - blue.tax_cents FROM {REDS} AS red
JOIN {BLUES} AS blue ON blue.id = red.blue_id WHERE red.status IN ('ready', 'issued')
GROUP BY blue.number, blue.net_cents, blue.tax_cents
HAVING SUM(red.net_cents) > blue.net_cents OR SUM(red.tax_cents) > blue.tax_cents
"""


# The numbers of a year's credit notes are 1, 2, 3 … up to the last one given, and each belongs to a note.
NOTE_GAPS = f"""
SELECT kept.year, kept.last_number, COUNT(given.note_id), COALESCE(MAX(given.number), 0) FROM {YEARS} AS kept
LEFT JOIN {NOTE_NUMBERS} AS given ON given.year = kept.year GROUP BY kept.year, kept.last_number
HAVING kept.last_number <> COUNT(given.note_id) OR kept.last_number <> COALESCE(MAX(given.number), 0)
"""
NOTELESS = f"""
SELECT given.year, given.number FROM {NOTE_NUMBERS} AS given
WHERE NOT EXISTS (SELECT 1 FROM {NOTES} AS note WHERE note.id = given.note_id)
"""
# An accrual is what it posted, line by line, and what its opposite took back.
POSTED_OTHERWISE = f"""
SELECT accrual.id, lines.cents FROM {ACCRUALS} AS accrual
JOIN (SELECT accrual_id, SUM(amount_cents) AS cents FROM {ACCRUAL_LINES} GROUP BY accrual_id) AS lines ON lines.accrual_id = accrual.id
WHERE lines.cents <> (SELECT COALESCE(SUM(amount_cents), 0) FROM {TRANSFERS} AS posted WHERE posted.log_id = accrual.log_id)
OR (accrual.reversed_log_id <> 0 AND lines.cents <>
    (SELECT COALESCE(SUM(amount_cents), 0) FROM {TRANSFERS} AS back WHERE back.log_id = accrual.reversed_log_id))
"""
ESTIMATED_OTHERWISE = f"""
SELECT estimate.id FROM {ESTIMATES} AS estimate
LEFT JOIN (SELECT estimate_id, SUM(liability_cents) AS liability, SUM(asset_cents) AS asset FROM {ESTIMATE_LINES} GROUP BY estimate_id)
AS lines ON lines.estimate_id = estimate.id
WHERE COALESCE(lines.liability, 0) <> estimate.liability_cents OR COALESCE(lines.asset, 0) <> estimate.asset_cents
"""


def _notes() -> list[Problem]:
    gaps = [Problem("credit note numbers of a year have no gap", f"{row[0]}: {row[1:]}") for row in found_by(NOTE_GAPS)]
    return gaps + [
        Problem("a credit note number belongs to a note", f"{row[0]}-{row[1]}") for row in found_by(NOTELESS)
    ]


def _accruals() -> list[Problem]:
    return [Problem("an accrual is what it posted", f"YT{row[0]:06d}: {row[1]}") for row in found_by(POSTED_OTHERWISE)]


def _estimates() -> list[Problem]:
    """Compare the last estimate with its two accounts."""
    found = [Problem("an estimate is the sum of its lines", f"RL{row[0]:06d}") for row in found_by(ESTIMATED_OTHERWISE)]
    last = standing_estimate()
    if last is None:
        return found
    totals = account_totals()
    stands = -totals.get(Role.refund_liability, 0), totals.get(Role.return_asset, 0)
    if stands != (last.liability_cents, last.asset_cents):
        found.append(Problem("the last estimate stands on its accounts", f"{last.number}: {stands}"))
    return found


def _reds() -> list[Problem]:
    return [
        Problem("red invoices stay within their blue one", f"{row[0]}: {row[1:]}") for row in found_by(RED_OVER_BLUE)
    ]


def _numbers() -> list[Problem]:
    unposted = [
        Problem("a voucher number belongs to what was posted on its day", f"step {row[0]}")
        for row in found_by(UNPOSTED)
    ]
    return unposted + [
        Problem("voucher numbers of a month have no gap", f"{row[0]}: {row[1:]}") for row in found_by(GAPS)
    ]


def _profit() -> list[Problem]:
    log_id, invoice_id = ProfitRollUp.objects.values_list("through_log_id", "through_invoice_id").first() or (0, 0)
    every = " UNION ALL ".join(summed(dimension, "found") for dimension in DIMENSIONS)
    minus = ", ".join(f"-{name}" for name in FIGURES)
    unequal = " OR ".join(f"SUM({name}) <> 0" for name in FIGURES)
    sums = ", ".join(f"SUM({name})" for name in FIGURES)
    part = Part(through_log=log_id, through_invoice=invoice_id)
    found = found_by(
        f"WITH found AS ({facts(part)}) SELECT {KEYS}, {sums} FROM (SELECT {KEYS}, {', '.join(FIGURES)} FROM ({every}) AS made "
        f"UNION ALL SELECT {KEYS}, {minus} FROM {MONTHS}) AS both_sides GROUP BY {KEYS} HAVING {unequal}"
    )
    return [
        Problem("profit month equals its papers and moves", f"{row[0]} {row[2]} {row[1]}: off by {row[3:]}")
        for row in found
    ]
