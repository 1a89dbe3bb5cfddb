"""Figures are rolled-up months plus the tail behind them; rolling up changes no figure."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backstock.cli.verification import verify
from backstock.money.models import AccountMonth, RollUp, Transfer
from backstock.money.queries import all_balances
from backstock.money.rollup import roll_up
from backstock.money.verify import account_totals
from tests import build


def by_rows():
    """Add every account up from the rows themselves."""
    totals = account_totals()
    return {role: totals.get(role, 0) for role in all_balances()}


def test_a_figure_is_the_same_before_and_after_and_with_a_tail(shop):
    seen = []
    for month in (1, 2, 3):
        build.sold(on=date(2026, month, 28))
        seen.append(all_balances() == by_rows())
        roll_up()
        seen.append(all_balances() == by_rows())
        build.bought(on=date(2026, month, 1))  # recorded later, for an earlier day
        seen.append(all_balances() == by_rows())
    assert seen == [True] * 9


def test_each_month_holds_its_own_rows_once(shop):
    build.sold(on=date(2026, 2, 28))
    build.sold(on=date(2026, 3, 1))
    roll_up()
    before = list(AccountMonth.objects.order_by("pk").values())

    assert roll_up() == RollUp.objects.get().through_log_id
    assert list(AccountMonth.objects.order_by("pk").values()) == before
    assert set(AccountMonth.objects.values_list("month", flat=True)) == {date(2026, n, 1) for n in (1, 2, 3)}


def test_after_it_figures_are_read_from_the_months(shop):
    build.sold()
    roll_up()
    figures = all_balances()
    tail = Transfer.objects.filter(log_id__gt=RollUp.objects.get().through_log_id)
    assert (tail.count(), any(figures.values())) == (0, True)


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize("damage", [{"debit_cents": 1}, {"credit_cents": 1}, {"month": date(1999, 1, 1)}])
def test_a_changed_month_shows(shop, damage):
    build.sold()
    roll_up()
    month = AccountMonth.objects.order_by("pk")[0]
    AccountMonth.objects.filter(pk=month.pk).update(**damage)
    assert "account month equals its transfers" in " ".join(map(str, verify().problems))


@settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.none(), st.dates(date(2025, 11, 1), date(2026, 2, 28))), max_size=8))
def test_rolling_up_at_any_time_changes_no_figure(scratch, steps):
    with scratch.database():
        build.company(quantity=20)
        for on in steps:
            if on is None:
                roll_up()
            else:
                build.sold(quantity=1, on=on)
            assert all_balances() == by_rows()
        assert verify().problems == []
