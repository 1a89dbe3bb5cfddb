"""The log is sealed block by block, and account months plus tail are always the rows themselves."""

from __future__ import annotations

import pytest
from django.db import connection

from backstock.cli.verification import ledger_hash
from backstock.core.models import CommandLog, SealBlock
from backstock.core.permissions import SYSTEM
from backstock.core.sealing import check_seals, seal
from backstock.money.accounts import Role
from backstock.money.queries import all_balances
from backstock.money.rollup import roll_up
from backstock.money.verify import account_totals, check_money
from backstock.partners.commands.register import ErasePartner, erase_partner
from tests import build


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_blocks_follow_each_other_and_cover_every_row(shop: str) -> None:
    first = seal()
    build.sold()
    second = seal()

    blocks = list(SealBlock.objects.order_by("pk"))
    assert (first + second, second) == (CommandLog.objects.count(), 1)
    assert blocks[1].previous_hash == blocks[0].hash
    assert seal() == 0
    assert check_seals() == []


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE core_commandlog SET document = 'S999999' WHERE name = 'sales.sell'",
        "UPDATE core_commandlog SET business_on = '2020-01-01' WHERE name = 'sales.sell'",
        "UPDATE core_commandlog SET actor_id = NULL, payload = '{}' WHERE name = 'sales.sell'",
        "DELETE FROM core_commandlog WHERE name = 'sales.sell'",
        "UPDATE core_sealblock SET hash = previous_hash",
    ],
)
def test_tampering_with_the_sealed_log_shows(shop: str, tampering: str) -> None:
    build.sold()
    seal()

    change(tampering)

    assert [problem.check for problem in check_seals()][:1] == ["the log is sealed"]


def test_erasing_a_person_breaks_neither_seals_nor_ledgers(shop: str) -> None:
    build.customer("LIN", name="林黛玉", phone="13900001111", address="大观园")
    build.sold(customer="LIN")
    seal()
    before = ledger_hash()

    erase_partner(ErasePartner(code="LIN", on=build.DAY), actor=SYSTEM)

    assert check_seals() == []
    assert ledger_hash() == before
    kept = str(list(CommandLog.objects.values_list("payload", "answer", "events")))
    assert not any(word in kept for word in ("林黛玉", "13900001111", "大观园"))


def test_months_and_tail_are_the_rows_before_and_after_every_roll_up(shop: str) -> None:
    build.sold()
    rows = {role: account_totals().get(int(role), 0) for role in Role}
    assert all_balances() == rows
    roll_up()
    assert all_balances() == rows
    build.sold(on=build.DAY.replace(month=2))
    later = {role: account_totals().get(int(role), 0) for role in Role}
    assert all_balances() == later != rows
    roll_up()

    assert all_balances() == later
    assert check_money() == []


@pytest.mark.breaks_ledgers
def test_a_month_that_was_changed_is_named(shop: str) -> None:
    build.sold()
    roll_up()

    change("UPDATE money_accountmonth SET debit_cents = debit_cents + 1 WHERE account_id = 4")

    assert "receivable" in check_money()[0].rows
