"""Tills and bank accounts: open them, route means of payment to them, move money, book income and expenses, take back."""

import pytest

from backstock.cli.verification import ledger_hash
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.commands.open_account import AssignTenders, OpenAccount, assign_tenders, open_account
from backstock.money.commands.take_back import TakeBack, take_back
from backstock.money.models import Account
from backstock.money.queries import all_balances
from tests import build
from tests import build_owing as owing
from tests.build import DAY
from tests.ledgers import on_account, refused, written


def back(document):
    return take_back(TakeBack(document=document, on=DAY), actor=SYSTEM)


def test_an_account_opens_with_what_it_holds(shop):
    with written() as ledgers:
        owing.account("ICBC", opening="1000.50")
        owing.account("SAFE", "cash", opening=-20)
    assert ledgers.money == ["bank.ICBC / opening_balances 1000.50", "opening_balances / cash.SAFE 20.00"]
    assert (on_account(Role.bank), on_account(Role.cash)) == ("1000.50", "-20.00")
    assert list(Account.objects.filter(pk__gte=100).values_list("pk", "code", "parent_id")) == [
        (100, "ICBC", Role.bank),
        (101, "SAFE", Role.cash),
    ]
    assert all_balances()[Role.bank] == 100_050


@pytest.mark.parametrize("code", ["ICBC", "1002", "discount", "cash"])
def test_a_code_stands_for_one_account(shop, code):
    owing.account("ICBC")
    with refused("duplicate_code", field="code", value=code):
        owing.account(code)
    with refused("invalid_input", field="tenders"):
        owing.account("X", tenders=("receivable",))


def test_two_accounts_of_one_batch_get_ids_of_their_own(shop):
    wanted = [OpenAccount(code=code, name_zh=code, on=DAY) for code in ("A", "B", "A")]
    outcomes = open_account.batch(wanted, actor=SYSTEM, mode="each")
    assert [type(each).__name__ for each in outcomes] == ["Done", "Done", "Refused"]
    assert Account.objects.filter(pk__gte=100).count() == 2


def test_sales_and_refunds_move_the_account_of_their_means_of_payment(shop):
    owing.account("ALI", tenders=("alipay",))
    with written() as ledgers:
        sale = build.sold(quantity=1, paid={"alipay": 40, "ALI": 10, "wechat": 50})
    assert ledgers.money[-3:] == [
        "bank.ALI / receivable 40.00", "bank.ALI / receivable 10.00", "bank / receivable 50.00",
    ]  # fmt: skip
    with written() as ledgers:
        build.settled(build.back_on_the_shelf(number=sale), paid_by_hand=True)
    assert [row for row in ledgers.money if row.startswith("refunds_payable")] == [
        "refunds_payable / bank.ALI 40.00", "refunds_payable / bank.ALI 10.00", "refunds_payable / bank 50.00",
    ]  # fmt: skip


def test_a_means_of_payment_can_move_another_account_from_now_on(shop):
    owing.account("TILL", "cash")
    assign_tenders(AssignTenders(account="TILL", tenders=("cash", "coins"), on=DAY), actor=SYSTEM)
    with written() as ledgers:
        build.sold(quantity=1)
        build.sold(quantity=1, paid={"coins": 100})
    assert [row for row in ledgers.money if row.startswith("cash")] == ["cash.TILL / receivable 100.00"] * 2
    with refused("unknown_account", account="nowhere"):
        assign_tenders(AssignTenders(account="nowhere", tenders=("coins",), on=DAY), actor=SYSTEM)
    with refused("invalid_input", field="tenders"):
        assign_tenders(AssignTenders(account="TILL", tenders=("write_off",), on=DAY), actor=SYSTEM)


def test_the_ledger_hash_knows_accounts_by_code_not_by_id(scratch):
    hashes = []
    for order in (("A", "B"), ("B", "A")):
        with scratch.database():
            build.company()
            for code in order:
                owing.account(code)
            owing.moved("A", "B", 5)
            hashes.append(ledger_hash())
    assert hashes[0] == hashes[1]


def test_money_moves_between_accounts_with_its_fee_and_its_difference(shop):
    owing.account("ICBC", opening=100)
    owing.account("USD")
    with written() as ledgers:
        owing.moved("ICBC", "cash", 50, fee="0.50")
        owing.moved("ICBC", "USD", 40, fee=1, arrived_cents=3_800)
        owing.moved("USD", "ICBC", 10, arrived_cents=1_100)
    assert ledgers.money == [
        "cash / bank.ICBC 49.50", "expenses / bank.ICBC 0.50",
        "bank.USD / bank.ICBC 38.00", "exchange_differences / bank.ICBC 1.00", "expenses / bank.ICBC 1.00",
        "bank.ICBC / bank.USD 10.00", "bank.ICBC / exchange_differences 1.00",
    ]  # fmt: skip


def test_cash_that_is_not_there_is_not_paid_out(shop):
    owing.account("SAFE", "cash", opening=30)
    owing.account("LOOSE", "cash", may_be_negative=True)
    with refused("account_short", account="SAFE", asked_cents=3_001, left_cents=3_000):
        owing.moved("SAFE", "bank", "30.01")
    with refused("account_short", account="1001", asked_cents=100, left_cents=0):
        owing.booked("expense", 1)
    with refused("unknown_account", account="nowhere"):
        owing.booked("expense", 1, account="nowhere")
    with refused("invalid_input", field="target"):
        owing.moved("bank", "1002", 1)
    with refused("invalid_amount", field="fee"):
        owing.moved("bank", "cash", 1, fee=1)
    owing.booked("expense", 1, account="LOOSE")
    owing.booked("expense", 1, account="bank")


def test_income_and_expenses_are_booked_by_category(shop):
    with written() as ledgers:
        assert owing.booked("income", 20, category="interest") == "EX000001"
        assert owing.booked("expense", 5, partner="JIN") == "EX000002"
    assert ledgers.money == ["cash / other_income 20.00", "expenses / cash 5.00"]
    with refused("unknown_partner", partner="nobody"):
        owing.booked("expense", 1, partner="nobody")


def test_what_was_wrong_is_taken_back_once_by_its_mirror(shop):
    income, move = owing.booked("income", 20), owing.moved("bank", "cash", 5, fee=1)
    with written() as ledgers:
        back(move)
        assert back(income.replace("EX", "EX")).document == income
    assert ledgers.money == ["bank / cash 4.00", "bank / expenses 1.00", "other_income / cash 20.00"]
    for number in (move, income):
        with refused("transition_not_allowed", document=number):
            back(number)
    for number in ("EX000009", "S000001", "AT000001x"):
        with refused("unknown_document", document=number):
            back(number)


def test_income_that_was_spent_is_not_taken_back(shop):
    income = owing.booked("income", 20)
    owing.booked("expense", 15)
    with refused("account_short", account="1001", asked_cents=2_000, left_cents=500):
        back(income)
