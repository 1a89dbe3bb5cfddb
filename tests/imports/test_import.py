"""Sales of a made-up file come into both ledgers once, however often and however brokenly the import runs."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Sum

from backstock.cli.verification import ledger_hash, verify
from backstock.core.models import CommandLog, Company
from backstock.core.permissions import SYSTEM
from backstock.exchange_formats.errors import NotThisFormat, OtherCompany
from backstock.exchange_formats.online_retail import sending
from backstock.exchange_formats.online_retail.run import import_sales
from backstock.money.accounts import Role
from backstock.money.queries import all_balances
from backstock.refunds.models import Refund
from backstock.returns.models import Return, ReturnLine
from backstock.sales.models import Sale
from backstock.stock.models import StockBalance
from backstock.warehouse.commands.found import FoundCompany, found_company
from tests.imports.made_up import BAD, NOT_UTF8, WEEK, row, written


@pytest.fixture
def week(tmp_path):
    return written(tmp_path, WEEK + BAD, more=NOT_UTF8 + b"\n")


def figures(file, report=None):
    return import_sales(file, report).plain()


def remarks(report):
    with report.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_made_up_week(company_db, week, tmp_path):
    found = figures(week, tmp_path / "report.csv")
    assert {name: value for name, value in found.items() if name != "seconds"} == {
        "lines": 44,
        "placed": 14,
        "reported": 30,
        "amount_file": "2561933723.760",
        "amount_placed": "-2.480",
        "amount_reported": "2561933726.250",
        "rounding": "-0.010",
        "sales": 6,
        "returns": 8,
        "returned_lines": 6,
        "matched": 3,
        "unmatched": 3,
        "moves": 5 + 8 + 2 * 6,  # opening, sold, received and restocked
        "transfers": 1 + 5 * 3 + 5 + 6 + 6 * 3,  # opening, sold, received, restocked, settled sale by sale
        "new": 6 + 5 + 1 + 6 + 8,  # products, partners, opening, sales, returns
        "amount_unmatched": "-13.500",
        "new_steps": 1 + 5 * 5,  # policy; approve, receive, dispose, settle, close
    }
    sums = [Decimal(found[f"amount_{name}"]) for name in ("file", "placed", "reported")]
    assert sums[0] == sums[1] + sums[2] + Decimal(found["rounding"])
    assert verify().problems == []


def test_the_books_say_what_the_figures_say(company_db, week):
    found = figures(week)
    sold = Sale.objects.aggregate(total=Sum("invoiced_cents"))["total"]
    given = Refund.objects.aggregate(total=Sum("amount_cents"))["total"]
    waiting = ReturnLine.objects.filter(sale_id=0).values_list("pieces__requested_e4", "unit_price_e6")
    claimed = sum(quantity_e4 * price_e6 for quantity_e4, price_e6 in waiting) // 10**8
    assert Decimal(sold - given - claimed) / 100 == Decimal(found["amount_placed"])
    assert all_balances()[Role.bank] == sold - given
    assert all_balances()[Role.receivable] == 0


def test_the_order_that_is_cancelled_within_minutes_is_sold_and_taken_back(company_db, week):
    figures(week)
    sale, rma = Sale.objects.get(reference="500003"), Return.objects.get(reference="C500004")
    assert (sale.paid_cents, sale.refunded_cents, rma.status) == (7_718_360, 7_718_360, "closed")
    assert (sale.ordered_on, rma.requested_on) == (rma.requested_on, rma.decided_on)
    at_home = StockBalance.objects.get(product_id=rma.lines.get().product_id, place_id__gt=100, quantity_e4__gt=0)
    assert at_home.quantity_e4 == 74_215 * 10**4


def test_what_fits_no_purchase_waits_for_a_person(company_db, week):
    figures(week)
    waiting = Return.objects.filter(status="requested").order_by("pk")
    assert [(each.reference, each.lines.get().sale_id) for each in waiting] == [
        ("C500008", 0),
        ("C500009", 0),
        ("C500010", 0),
    ]
    assert set(Return.objects.exclude(status="requested").values_list("status", flat=True)) == {"closed"}


def test_every_line_that_was_not_placed_is_in_the_report(company_db, week, tmp_path):
    report = tmp_path / "report.csv"
    found = figures(week, report)
    rows = remarks(report)
    counted = Counter((each["section"], each["reason"]) for each in rows)
    assert sum(count for (section, _), count in counted.items() if section == "reported") == found["reported"]
    assert {key: count for key, count in counted.items() if key[0] != "reported"} == {
        ("kept", "repeat"): 1,
        ("kept", "unmatched"): 3,
        ("difference", "price_difference"): 1,
    }
    money = sum(Decimal(each["amount"]) for each in rows if each["section"] != "kept" and each["amount"])
    assert money == Decimal(found["amount_reported"])
    postage = next(each for each in rows if each["StockCode"] == "POST")
    assert (postage["line"], postage["reason"], postage["InvoiceNo"], postage["amount"]) == (
        "9",
        "not_goods",
        "500005",
        "18.000",
    )
    assert all(each["explanation"] and each["说明"] for each in rows)


def test_no_cell_of_the_report_is_a_formula(company_db, week, tmp_path):
    report = tmp_path / "report.csv"
    figures(week, report)
    assert b"\0" not in report.read_bytes()
    cells = [cell for each in remarks(report) for cell in each.values() if isinstance(cell, str)]
    assert [cell for cell in cells if cell.startswith(("=", "@"))] == []
    assert "'=HYPERLINK(1)" in cells


def test_a_second_run_changes_nothing(company_db, week, tmp_path):
    first, before = figures(week), ledger_hash()
    logged = CommandLog.objects.count()
    again = figures(week)
    assert (again["new"], again["new_steps"], ledger_hash(), CommandLog.objects.count()) == (0, 0, before, logged)
    same = first.keys() - {"new", "new_steps", "seconds"}
    assert {name: again[name] for name in same} == {name: first[name] for name in same}


def test_a_longer_export_of_the_same_books_adds_only_what_is_new(company_db, week, tmp_path):
    figures(written(tmp_path, WEEK[:4], "first.csv"))
    found = figures(week)
    assert (found["sales"], Sale.objects.count(), found["reported"]) == (6, 6, 30)
    assert verify().problems == []
    assert figures(written(tmp_path, WEEK[:4], "first.csv"))["new"] == 0


def test_an_invoice_that_reads_differently_now_is_reported_and_not_sold_twice(company_db, tmp_path):
    figures(written(tmp_path, [WEEK[0], WEEK[3], WEEK[9]], "first.csv"))
    changed = [
        WEEK[0],
        row("500001", "22002", 1, "1.000"),
        WEEK[3],
        row("C500007", "22001", -6, "2.550", day="2011-01-06"),
    ]
    found = figures(written(tmp_path, changed, "second.csv"), tmp_path / "report.csv")
    assert (found["placed"], found["reported"], found["amount_reported"]) == (1, 3, "11.200")
    assert {each["reason"] for each in remarks(tmp_path / "report.csv")} == {"changed"}
    assert Sale.objects.filter(reference="500001").count() == 1
    assert verify().problems == []


class Stop(BaseException):
    """Not an error that anything catches."""


def stopping_after(monkeypatch, batches):
    left = iter(range(batches))
    send = sending.Command.batch

    def batch(*args, **kwargs):
        if next(left, None) is None:
            raise Stop
        return send(*args, **kwargs)

    monkeypatch.setattr(sending.Command, "batch", batch)


def test_stopped_after_any_number_of_batches_it_goes_on_to_the_same_ledgers(scratch, week, monkeypatch):
    with scratch.database():
        whole, hashed = figures(week), ledger_hash()
    batches = 0
    while True:
        with scratch.database(), monkeypatch.context() as patch:
            stopping_after(patch, batches)
            try:
                figures(week)
                break
            except Stop:
                patch.undo()
            found = figures(week)
            assert (ledger_hash(), verify().problems) == (hashed, []), f"stopped after {batches} batches"
            assert {**found, **dict.fromkeys(("new", "new_steps", "seconds"))} == {
                **whole, **dict.fromkeys(("new", "new_steps", "seconds"))
            }  # fmt: skip
        batches += 1
    assert batches > 20


KILLED = """
import os, signal, sys, django
django.setup()
from pathlib import Path
from backstock.core import commands
from backstock.exchange_formats.online_retail.run import import_sales
within, done = commands.Command._within, []
def dying(self, *args):
    within(self, *args)
    done.append(self)
    if len(done) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)  # before the transaction commits
commands.Command._within = dying
import_sales(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("batches", [5, 13])
def test_killed_inside_a_transaction_it_goes_on_to_the_same_ledgers(company_db, scratch, week, batches):
    with scratch.database():
        figures(week)
        hashed = ledger_hash()
    environment = {**os.environ, "DATABASE_URL": company_db}
    killed = subprocess.run([sys.executable, "-c", KILLED, week, str(batches)], env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert Company.objects.exists()
    assert figures(week)["new"] > 0
    assert (ledger_hash(), verify().problems) == (hashed, [])


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"\x1f\x8b broken", b"PK\x03\x04", bytes(range(256)) * 9], ids=range(5)
)
def test_a_file_of_another_format_is_refused_and_nothing_is_written(company_db, tmp_path, content):
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with pytest.raises(NotThisFormat):
        figures(file)
    assert (Company.objects.count(), CommandLog.objects.count()) == (0, 0)


def test_a_company_with_books_in_another_currency_is_left_alone(company_db, week):
    found_company(FoundCompany(name="Sun", currency="CNY"), actor=SYSTEM)
    with pytest.raises(OtherCompany):
        figures(week)
    assert (Sale.objects.count(), CommandLog.objects.count()) == (0, 1)


def test_a_file_of_which_no_line_can_be_placed_is_reported_whole(company_db, tmp_path):
    found = figures(written(tmp_path, BAD))
    assert (found["lines"], found["placed"], found["reported"], found["sales"]) == (25, 0, 25, 0)


def test_what_the_books_refuse_is_reported_with_the_refusal(company_db, week, tmp_path):
    closed = FoundCompany(name="Closed", currency="GBP", timezone="Europe/London")
    found_company(closed, actor=SYSTEM)
    Company.objects.update(closed_through="2011-01-05")
    report = tmp_path / "report.csv"
    found = figures(week, report)
    assert found["placed"] + found["reported"] == found["lines"]
    refused = [each for each in remarks(report) if each["reason"] == "refused"]
    assert any("period_closed" in each["detail"] for each in refused)
    assert any("the sale it takes back" in each["detail"] for each in refused)
    assert verify().problems == []
    assert figures(week)["new"] == 0


def console(*arguments, url, home):
    command = [sys.executable, "-m", "backstock.config.console", "import", "sales", *map(str, arguments)]
    environment = {**os.environ, "DATABASE_URL": url, "BACKSTOCK_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.any_database
def test_the_console_tells_where_and_how_far_and_ends_with_one_object(company_db, week, tmp_path):
    report = tmp_path / "out" / "report.csv"
    run = console(week, "--format", "online-retail", "--json", "--report", report, url=company_db, home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("database ")
    assert "100%" in run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert (found["lines"], found["report"], report.exists()) == (44, str(report), True)


@pytest.mark.any_database
def test_the_console_refuses_in_words_and_as_json(company_db, tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("hello\n")
    run = console(file, "--format", "online-retail", "--json", url=company_db, home=tmp_path)
    assert (run.returncode, json.loads(run.stdout.splitlines()[-1])["refused"]) == (1, "not_this_format")
    run = console(file, "--format", "online-retail", url=company_db, home=tmp_path)
    assert (run.returncode, "Nothing was imported" in run.stderr, "未导入" in run.stderr) == (1, True, True)
    run = console(tmp_path / "none.csv", "--format", "online-retail", url=company_db, home=tmp_path)
    assert run.returncode == 2
