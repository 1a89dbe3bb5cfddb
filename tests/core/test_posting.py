"""The last line of defence: whatever a command got wrong, the ledgers write no impossible balance."""

import pytest
from django.db import transaction

from backstock.catalog.models import Product
from backstock.cli.replay.runner import database_state
from backstock.core import clock
from backstock.core.errors import InvariantBroken
from backstock.stock.models import StockMove
from backstock.stock.moves import Move, Pool
from backstock.stock.places import CUSTOMER, OUTSIDE, place_id
from backstock.stock.posting import Entry, post
from tests import build
from tests.build import DAY, e4

SHELF, NEW = place_id("sellable", 1), Pool("new")


def posted(quantity, value, source=SHELF, target=CUSTOMER, source_pool=NEW):
    move = Move(
        product_id=Product.objects.get(sku="A").pk, quantity_e4=e4(quantity), source_id=source, target_id=target,
        source_pool=source_pool, source_value_cents=value, target_value_cents=value,
    )  # fmt: skip
    with transaction.atomic():
        post([Entry(999, DAY, "X1", [move])], recorded_at=clock.now())


@pytest.mark.parametrize(
    ("move", "words"),
    [
        ({"quantity": 11, "value": 60_000}, "at place 110"),
        ({"quantity": 1, "value": 60_001}, "pool new/0"),
        ({"quantity": 10, "value": 59_999}, "pool new/0"),
        ({"quantity": 11, "value": 60_000, "source": OUTSIDE}, "pool new/0"),
        ({"quantity": 1, "value": 0, "source": place_id("quarantine", 1), "source_pool": Pool()}, "at place 120"),
    ],
)
def test_an_impossible_balance_takes_everything_back(shop, move, words):
    before = database_state()
    with pytest.raises(InvariantBroken, match=words):
        posted(**move)
    assert database_state() == before


@pytest.mark.breaks_ledgers
def test_what_is_possible_is_written(shop):
    posted(10, 60_000)
    assert StockMove.objects.filter(document="X1").count() == 1


def test_one_posting_of_nothing_writes_nothing(shop):
    before = database_state()
    with transaction.atomic():
        post([Entry(999, DAY, "X1", [])], recorded_at=clock.now())
    assert database_state() == before


def test_goods_may_come_from_outside_without_end(shop):
    build.bought("A", 100_000, 1)
    assert StockMove.objects.count() == 2
