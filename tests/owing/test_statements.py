"""Ages and statements: every table of a day adds up to the ledger of that day."""

from datetime import date, timedelta

from backstock.core.models import Company
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance, partner_balance_original
from backstock.money.statements import account_statement, currencies_of, own_accounts, partner_statement
from backstock.owing.ageing import ageing, column
from backstock.partners.models import Partner
from tests import build
from tests import build_owing as owing
from tests.build import DAY, e6
from tests.cast import SUN
from tests.commands.test_receive_money import USD

LATER = date(2026, 6, 30)


def sun():
    return Partner.objects.get(code=SUN).pk


def trade():
    """Old debts, sales of three months, money, a return, dollars."""
    owing.owed(300, on=DAY, invoiced_on=date(2025, 10, 1), due_on=date(2025, 11, 1))
    first = build.sold(quantity=1, paid="none", on=date(2026, 2, 1))
    build.sold(quantity=2, paid={"cash": 50}, on=date(2026, 3, 1))
    owing.received({"bank": 320}, on=date(2026, 3, 15))
    build.sold(quantity=1, paid="none", on=date(2026, 4, 1), unit_price_e6=e6(10), **USD)
    day = date(2026, 4, 2)
    rma = build.received(build.approved(build.requested(first, on=day), on=day), on=day)
    build.settled(build.disposed(build.inspected(rma, on=day), on=day), on=day)
    owing.received({"bank": 4}, currency="USD", rate_e9=7_100_000_000, on=date(2026, 5, 1))
    owing.received(500, on=date(2026, 5, 2))


def test_columns_end_at_thirty_sixty_and_ninety_days():
    assert [column(days) for days in (-5, 0, 1, 30, 31, 60, 61, 90, 91, 4000)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_every_day_adds_up_to_the_ledger_of_that_day(shop):
    trade()
    company, today = Company.objects.get(), LATER
    for n in range(0, 150, 5):
        on = DAY + timedelta(days=n)
        ledger = sum(
            partner_statement(sun(), Role.receivable, currency, None, on).closing_cents
            * (7 if currency == "USD" else 1)
            for currency in currencies_of(sun(), Role.receivable)
        )
        ages = [age for age in ageing(company, "receivable", on, today) if age.partner_id == sun()]
        assert sum(age.total_cents for age in ages) == ledger, on


def test_today_shows_the_open_documents_by_their_own_age(shop):
    owing.owed(300, invoiced_on=date(2025, 10, 1), due_on=date(2025, 11, 1))
    build.sold(quantity=1, paid="none", on=date(2026, 6, 1))
    owing.received(40, on=date(2026, 6, 2), settles="none")
    company = Company.objects.get()

    [age] = ageing(company, "receivable", date(2026, 6, 20), date(2026, 6, 20))
    assert (age.parts, age.ahead_cents, age.total_cents, age.overdue_cents) == (
        [0, 10_000, 0, 0, 30_000], 4_000, 36_000, 40_000,
    )  # fmt: skip
    [then] = ageing(company, "receivable", date(2026, 6, 1), date(2026, 6, 20))
    assert then.parts == [10_000, 0, 0, 0, 30_000]


def test_today_and_the_ledger_agree_for_both_sides(shop):
    trade()
    company = Company.objects.get()
    for side, sign in (("receivable", 1), ("payable", -1)):
        for age in ageing(company, side, LATER, LATER):
            assert age.total_cents == sign * partner_balance(age.partner_id, Role[side])


def test_a_statement_runs_from_its_opening_to_the_ledgers_balance(shop):
    trade()
    whole = partner_statement(sun(), Role.receivable, "CNY", None, LATER)
    assert whole.closing_cents == partner_balance_original(sun(), Role.receivable, "CNY")
    assert partner_statement(sun(), Role.receivable, "USD", None, LATER).closing_cents == 600

    part = partner_statement(sun(), Role.receivable, "CNY", date(2026, 3, 1), date(2026, 3, 31))
    assert part.opening_cents == 40_000
    assert [(e.document[:1], e.debit_cents, e.credit_cents, e.balance_cents) for e in part.entries] == [
        ("S", 20_000, 5_000, 55_000),
        ("C", 0, 32_000, 23_000),
    ]
    assert part.opening_cents + part.total("debit_cents") - part.total("credit_cents") == part.closing_cents


def test_an_account_has_its_journal(shop):
    owing.account("ICBC", opening=1_000)
    owing.moved("ICBC", "cash", 100, fee=1, on=date(2026, 2, 1))
    owing.booked("income", 5, account="ICBC", on=date(2026, 2, 2))
    [icbc] = [each for each in own_accounts() if each.code == "ICBC"]
    found = account_statement(icbc.id, date(2026, 2, 1), LATER)
    assert [(e.document, e.debit_cents, e.credit_cents, e.balance_cents) for e in found.entries] == [
        ("AT000001", 0, 10_000, 90_000),
        ("EX000001", 500, 0, 90_500),
    ]
    assert (found.opening_cents, found.closing_cents, icbc.balance_cents) == (100_000, 90_500, 90_500)
