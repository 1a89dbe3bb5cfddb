"""The real file: a bounded beginning of it into the books, and all of it through reading and matching."""

import gzip
import itertools
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from backstock.cli.verification import verify
from backstock.exchange_formats.online_retail.lines import Line, understand
from backstock.exchange_formats.online_retail.plan import plan_days
from backstock.exchange_formats.online_retail.reader import rows_of
from backstock.exchange_formats.online_retail.run import import_sales

SHARED = Path(__file__).resolve().parents[3] / "shared"
FILE = SHARED / "data" / "online_retail" / "online_retail_2010-12_2011-06.csv.gz"
pytestmark = pytest.mark.skipif(
    not FILE.exists(),
    reason=f"THE REAL FILE WAS NOT TRIED: {FILE} is absent; the made-up files of tests/imports were",
)


def test_the_first_8000_lines(company_db, tmp_path):
    beginning = tmp_path / "beginning.csv"
    with gzip.open(FILE, "rb") as stream:
        beginning.write_bytes(b"".join(itertools.islice(stream, 8_001)))
    found = import_sales(beginning, tmp_path / "report.csv").plain()
    assert (found["lines"], found["placed"] + found["reported"]) == (8_000, 8_000)
    sums = [Decimal(found[name]) for name in ("amount_file", "amount_placed", "amount_reported", "rounding")]
    assert sums[0] == sum(sums[1:])
    assert found["matched"] > 5 < found["unmatched"]
    assert verify().problems == []
    assert import_sales(beginning).plain()["new"] == 0


def test_the_whole_file_is_read_and_matched_as_its_readme_counts_it():
    latest, lines, reported = date(2012, 1, 1), [], []
    for row in rows_of(FILE):
        found = understand(row.number, row.fields, row.problem, latest)
        (lines if isinstance(found, Line) else reported).append(found)
    assert (len(lines), len(reported)) == (242_950, 2_953)
    everything = [*lines, *reported]
    assert sum(each.amount_e3 or 0 for each in everything) == 4_826_466_491 - 428_515_730
    assert sum(each.reason == "write_off" for each in reported) == 758
    cancellations = [each for day in plan_days(lines) for each in day.cancellations]
    assert sum(len(each.invoice.lines) for each in cancellations) == 4_195
    [huge] = [each for each in cancellations if each.invoice.number == "C541433"]
    assert [(part.pieces, part.sale.number) for part in huge.matched if part.sale] == [(74_215, "541431")]
    assert huge.blind == []
