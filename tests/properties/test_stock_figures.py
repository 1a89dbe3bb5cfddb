"""收发存: of any period, opening + in − out + revalued = closing, in quantity and value, for each product and all of them.

Whatever was rolled up, backdated, taken back; and it equals the rows of the ledger.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from backstock.cli.verification import verify
from backstock.core.spans import EVER
from backstock.stock.cards import Wanted, card
from backstock.stock.figures import KINDS, OWNED, Held, Scope, balances, movements, worth
from backstock.stock.rollup import rebuild, roll_up
from backstock.stock.verify import value_by_kind
from backstock.warehouse.queries import warehouse_names
from tests import build_books
from tests.properties.trade import ACTIONS, Trade

TRADES = 8 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 3


def closing(first, last, scope):
    """Return what the report says products hold at the end, and that in total."""
    found = {}
    for product, ways in movements(first, last, scope).items():
        found[product] = [
            sum(held.quantity_e4 for held in ways.values()),
            sum(held.value_cents for held in ways.values()),
        ]
    return found


def plain(figures):
    return {product: list(held) for product, held in figures.items() if any(held)}


def check(rng: Random) -> None:
    first, last = build_books.period(rng)
    houses = [0, *warehouse_names()]
    for scope in (Scope(), Scope(("sellable",)), Scope(KINDS), Scope(OWNED, rng.choice(houses))):
        report = closing(first, last, scope)
        assert plain(report) == plain(build_books.held_by_hand(last, scope))
        opening = {p: list(ways[0]) for p, ways in movements(first, last, scope).items() if 0 in ways}
        assert plain(opening) == plain(build_books.held_by_hand(first - timedelta(days=1), scope))
        places = balances(last)
        if not scope.warehouse_id:
            assert plain({p: worth(held, scope) for p, held in places.items()}) == plain(report)
        houses_together = [
            sum((worth(held, Scope(OWNED, w)).value_cents for w in houses[1:]), 0) for held in places.values()
        ]
        assert houses_together == [
            worth(held, Scope(("sellable", "quarantine", "repair"))).value_cents for held in places.values()
        ]


@pytest.mark.parametrize("seed", range(TRADES))
def test_opening_and_what_moved_are_the_closing_and_the_ledger(scratch, seed):
    rng = Random(seed)
    with scratch.database():
        build_books.traded(rng)
        for _ in range(3):
            check(rng)
        before = [closing(*build_books.period(Random(n)), Scope()) for n in range(5)]
        (roll_up, rebuild)[seed % 2]()
        assert [closing(*build_books.period(Random(n)), Scope()) for n in range(5)] == before
        assert verify().problems == []


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_any_trade_of_the_whole_driver_adds_up(scratch, cost_method):
    rng = Random(cost_method)
    with scratch.database():
        trade = Trade(cost_method, rng, Counter())
        for n in range(40):
            trade.act(rng.choice(ACTIONS), rng.randrange(2**32))
            if n % 13 == 5:
                roll_up()
                trade.state = ""
                check(rng)
        everything = closing(EVER, build_books.LAST, Scope(KINDS))
        assert sum(cents for _, cents in everything.values()) == sum(value_by_kind().values())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_card_goes_from_balance_to_balance_on_every_page_both_ways(scratch, seed, size):
    rng = Random(seed)
    with scratch.database():
        build_books.traded(rng)
        first, last = build_books.period(rng)
        wanted = Wanted(product_id=1, first=first, last=last, scope=Scope())
        pages, after = [], None
        while True:
            page = card(wanted, size, after)
            if not page.entries:
                break
            pages.append(page)
            assert page.entries[0].after == Held(*map(sum, zip(page.before, page.entries[0].change, strict=True)))
            after = page.entries[-1].key
            if not page.has_later:
                break
        ends = [page.entries[-1].after for page in pages]
        assert [page.before for page in pages[1:]] == ends[:-1]
        for one, other in pairwise(pages):
            back = card(wanted, size, until=other.entries[0].key)
            assert (back.entries, back.before) == (one.entries, one.before)
        expected = build_books.held_by_hand(last, Scope())[1]
        shown = card(wanted, size, after).before if not pages else ends[-1]
        assert list(shown) == expected
