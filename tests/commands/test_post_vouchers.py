"""Vouchers get gapless numbers month by month, and leave as the ledger has them."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from backstock.books.commands.post_vouchers import PostVouchers, post_vouchers
from backstock.books.layouts import LAYOUTS
from backstock.books.models import VoucherNumber
from backstock.books.numbering import numbered_lines, waiting
from backstock.cli.books import vouchers_command
from backstock.cli.verification import verify
from backstock.core.permissions import SYSTEM
from backstock.money.commands.choose_chart import ChooseChart, ReviseAccount, choose_chart, revise_account
from backstock.money.queries import all_balances
from tests import build
from tests.build import DAY
from tests.ledgers import refused

FIRST, LAST = DAY.replace(day=1), DAY.replace(day=31)


def numbered(on: date = DAY):
    return post_vouchers(PostVouchers(month=on, on=DAY), actor=SYSTEM).answer


def test_numbers_are_given_once_without_gaps_and_late_ones_go_on(shop):
    build.settled(build.back_on_the_shelf(quantity=1))
    before = waiting(FIRST, LAST)
    first = numbered()
    assert (first["posted"], first["last_number"], waiting(FIRST, LAST)) == (before, before, 0)
    kept = [(line.number, line.document) for line in numbered_lines(FIRST, LAST)]

    with refused("nothing_to_post", month="2026-01"):
        numbered()
    build.sold("A", 1, on=FIRST)
    assert numbered()["last_number"] > first["last_number"]
    assert [(line.number, line.document) for line in numbered_lines(FIRST, LAST)][: len(kept)] == kept
    assert sorted({line.number for line in numbered_lines(FIRST, LAST)}) == list(range(1, numbered_last() + 1))


def numbered_last() -> int:
    return max(line.number for line in numbered_lines(FIRST, LAST))


def test_what_leaves_adds_up_to_the_trial_balance(shop):
    build.settled(build.back_on_the_shelf(quantity=1))
    numbered()
    sums: dict[str, int] = {}
    for line in numbered_lines(FIRST, LAST):
        sums[line.account_code] = sums.get(line.account_code, 0) + line.debit_cents - line.credit_cents
    assert sum(sums.values()) == 0
    assert sorted(cents for cents in sums.values() if cents) == sorted(c for c in all_balances().values() if c)


def test_each_layout_has_a_cell_for_each_head(shop):
    numbered()
    line = next(numbered_lines(FIRST, LAST))
    for layout in LAYOUTS.values():
        assert len(layout.row(line)) == len(layout.heads)


def test_a_chart_is_chosen_and_changed_without_touching_what_was_posted(shop):
    build.sold("A", 1)
    before = all_balances()
    choose_chart(ChooseChart(chart="enterprise", on=DAY), actor=SYSTEM)
    numbered()
    assert {"6001", "6401"} <= {line.account_code for line in numbered_lines(FIRST, LAST)}
    revise_account(
        ReviseAccount(account="inventory", code="1406", name_zh="存货", name_en="Goods", on=DAY), actor=SYSTEM
    )
    lines = list(numbered_lines(FIRST, LAST, "en"))
    assert ("1406", "Goods") in {(line.account_code, line.account_name) for line in lines}
    with refused("unknown_account", account="none"):
        revise_account(ReviseAccount(account="none", code="1", name_zh="无", name_en="None", on=DAY), actor=SYSTEM)
    assert (all_balances(), verify().problems) == (before, [])


def test_the_console_writes_a_month_and_no_cell_is_a_formula(company_db, tmp_path):
    build.company()
    build.customer("=1+1")
    build.sold("A", 1, customer="=1+1")
    file = tmp_path / "v.csv"
    done = CliRunner().invoke(vouchers_command, ["2026-01", "--number", "--out", str(file), "--json"])
    assert (done.exit_code, json.loads(done.output.splitlines()[-1])["lines"]) == (
        0,
        len(file.read_text().splitlines()) - 1,
    )
    assert ",'=1+1," in file.read_text()
    assert ",=1+1," not in file.read_text()


@pytest.mark.breaks_ledgers
def test_a_lost_or_moved_number_is_named(shop):
    numbered()
    row = VoucherNumber.objects.order_by("-number")[0]
    VoucherNumber.objects.filter(pk=row.pk).update(business_on=date(2026, 1, 31))
    assert "a voucher number belongs to what was posted on its day" in {each.check for each in verify().problems}
    VoucherNumber.objects.filter(pk=row.pk).delete()
    assert {each.check for each in verify().problems} == {"voucher numbers of a month have no gap"}
