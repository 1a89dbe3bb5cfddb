"""Gross profit is what the accounts say, whatever was sold, taken back, undone, backdated or rolled up in between."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import date
from random import Random

import pytest

from backstock.books.profit import Entries, earned, posted, total
from backstock.books.rollup import rebuild, roll_up
from backstock.core import clock
from backstock.core.amounts import to_base_cents
from backstock.core.permissions import SYSTEM
from backstock.money.rollup import roll_up as roll_money_up
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.models import CreditNote, CreditNoteLine
from backstock.returns.models import ReturnLine
from backstock.sales.models import Invoice, InvoiceLine
from tests import build, build_books
from tests.properties.trade import ACTIONS, Trade

FOREVER = (date(2020, 1, 1), date(2030, 12, 31))
SEEDS = 6 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 3


def sums(first, last):
    return {by: total(list(earned(first, last, by).values())) for by in ("product", "customer", "salesperson", "month")}


def check(first, last):
    """All ways to look at it are equal, equal the entries behind them, and differ from the accounts by shipping alone."""
    found = sums(first, last)
    assert len(set(found.values())) == 1, found
    report, books = found["product"], posted(first, last)
    entries = Entries(first, last, {})
    assert total([fact.earned for fact in entries[0 : len(entries)]]) == report
    shipping = sum(i.shipping_cents for i in Invoice.objects.filter(invoiced_on__range=(first, last)))
    back = sum(note.shipping_cents for note in CreditNote.objects.filter(issued_on__range=(first, last)))
    assert (books.revenue_cents, books.returned_cents) == (
        report.revenue_cents + shipping,
        report.returned_cents + back,
    )
    assert books.cost_cents == report.cost_cents


@pytest.mark.parametrize("seed", range(SEEDS))
def test_it_equals_the_accounts_for_any_period(scratch, seed):
    rng = Random(seed)
    with scratch.database():
        build_books.traded(rng)
        roll_money_up()
        periods = [build_books.period(rng) for _ in range(4)] + [FOREVER]
        for period in periods:
            check(*period)
        before = [sums(*period) for period in periods]
        (roll_up, rebuild)[seed % 2]()
        assert [sums(*period) for period in periods] == before
        build.sold(on=build_books.any_day(rng), quantity=1, warehouse="N")
        for period in periods:
            check(*period)


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_any_trade_of_the_whole_driver_adds_up(scratch, cost_method):
    rng = Random(cost_method)
    with scratch.database():
        trade = Trade(cost_method, rng, Counter())
        for n in range(60):
            trade.act(rng.choice(ACTIONS), rng.randrange(2**32))
            if n % 20 == 7:
                roll_up()
                trade.state = ""
        check(*FOREVER)
        check(date(2026, 1, 5), date(2026, 1, 7))


def test_a_sale_in_another_currency_adds_up_to_what_was_posted(shop):
    build.product("B", "0.01")
    build.bought("B", 100, 1)
    from backstock.sales.commands.sell import Sell, SellLine, sell

    lines = tuple(
        SellLine(sku=sku, quantity_e4=30_000, unit_price_e6=price)
        for sku, price in (("A", 3_330_000), ("B", 1_110_000), ("B", 70_000))
    )
    sell(
        Sell(customer="SUN", lines=lines, currency="USD", rate_e9=7_123_456_789, paid="none", on=build.DAY),
        actor=SYSTEM,
    )
    by_product = earned(*FOREVER, "product")
    assert sum(each.revenue_cents for each in by_product.values()) == posted(*FOREVER).revenue_cents
    invoiced = [line.net_cents for line in InvoiceLine.objects.order_by("pk")]
    assert by_product[1].revenue_cents == to_base_cents(invoiced[0], 7_123_456_789)
    roll_up()
    assert earned(*FOREVER, "product") == by_product


def test_a_settlement_that_was_taken_back_vanishes(shop):
    rma = build.back_on_the_shelf(quantity=1, number=build.sold(paid="none"))
    before = earned(*FOREVER, "product")
    build.settled(rma)
    assert total(list(earned(*FOREVER, "product").values())).returned_cents == 10_000
    roll_up()
    undo_settlement(UndoSettlement(document=rma, on=date(2026, 3, 1)), actor=SYSTEM)
    assert earned(*FOREVER, "product") == before
    assert earned(date(2026, 3, 1), date(2026, 3, 31), "product")[1].returned_cents == -10_000


def test_as_of_an_instant_the_answer_never_changes(shop):
    build.settled(build.back_on_the_shelf(quantity=1))
    known = clock.now()
    before = [earned(*FOREVER, by, known) for by in ("product", "customer", "month")]
    assert before[0] == earned(*FOREVER, "product")
    build.sold(on=date(2026, 1, 2), quantity=1)
    build.settled(build.back_on_the_shelf(quantity=1), on=date(2026, 1, 3))
    roll_up()
    assert [earned(*FOREVER, by, known) for by in ("product", "customer", "month")] == before
    assert earned(*FOREVER, "product") != before[0]


def test_a_return_counts_for_whoever_bought(shop):
    build.settled(build.back_on_the_shelf(quantity=1))
    customers = earned(*FOREVER, "customer")
    [(_, figure)] = customers.items()
    assert (figure.revenue_cents, figure.returned_cents, figure.cost_cents, figure.profit_cents) == (
        20_000,
        10_000,
        6_000,
        4_000,
    )
    lines = defaultdict(int)
    for line in CreditNoteLine.objects.all():
        lines[ReturnLine.objects.get(pk=line.return_line_id).product_id] += line.net_cents
    assert lines == {1: 10_000}
