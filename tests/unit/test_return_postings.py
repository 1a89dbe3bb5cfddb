"""What the steps of a return mean for the two ledgers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.money.accounts import Role
from backstock.returns.postings import DISPOSITIONS, disposal_transfers, receipt_move, returning_cost, target_of
from backstock.stock.moves import NEW_LAYER, NOWHERE, Pool
from backstock.stock.places import CUSTOMER, SCRAP, VENDOR, place_id


@pytest.mark.parametrize(
    ("cost", "shipped", "returned", "quantity", "back", "value"),
    [(100, 3, 0, 1, 0, 33), (100, 3, 1, 1, 33, 33), (100, 3, 2, 1, 66, 34), (100, 3, 0, 3, 0, 100), (0, 3, 0, 1, 0, 0), (100, 3, 0, 1, 50, 0)],
)  # fmt: skip
def test_the_cost_that_comes_back_is_cumulative(cost, shipped, returned, quantity, back, value):
    assert returning_cost(cost, shipped, returned, quantity, back) == value


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=10))
def test_however_goods_come_back_their_cost_adds_up_to_the_cent(cost, parts):
    shipped, returned, back = sum(parts), 0, 0
    for part in parts:
        back += returning_cost(cost, shipped, returned, part, back)
        returned += part
    assert back == cost


def test_a_receipt_goes_from_the_customer_into_the_quarantine_of_its_line():
    move = receipt_move(product_id=3, lot_id=4, quantity_e4=10_000, warehouse_id=2, line_id=9, value_cents=60)

    assert (move.source_id, move.target_id) == (CUSTOMER, place_id("quarantine", 2))
    assert (move.source_pool, move.target_pool) == (NOWHERE, Pool("quarantine", 9))
    assert (move.source_value_cents, move.target_value_cents, move.line_id) == (60, 60, 9)


@pytest.mark.parametrize(
    ("to", "place", "pool"),
    [
        ("restock", place_id("sellable", 2), Pool("new")),
        ("restock_discounted", place_id("sellable", 2, "C"), Pool("grade:C", 0)),
        ("repair", place_id("repair", 2), Pool("repair", 9)),
        ("return_to_vendor", VENDOR, Pool("vendor", 9)),
        ("scrap", SCRAP, NOWHERE),
        ("donate", SCRAP, NOWHERE),
        ("send_back", CUSTOMER, NOWHERE),
    ],
)
def test_each_disposition_leads_to_its_place_and_pool(to, place, pool):
    assert target_of(to, place_id("quarantine", 2), 9, 0, False, "average", "C") == (place, pool)


def test_under_fifo_restocked_goods_make_a_new_layer():
    assert target_of("restock", place_id("quarantine", 1), 9, 0, False, "fifo", "B")[1] == NEW_LAYER


@pytest.mark.parametrize(
    ("to", "debit"),
    [
        ("restock", Role.inventory),
        ("restock_discounted", Role.inventory),
        ("repair", Role.goods_in_repair),
        ("return_to_vendor", Role.supplier_claims),
        ("scrap", Role.loss_on_returns),
        ("donate", Role.loss_on_returns),
        ("send_back", Role.cost_of_goods_sold),
    ],
)
def test_each_disposition_moves_the_value_out_of_quarantine(to, debit):
    pay, lost = disposal_transfers(to, 60, 20, partner_id=5)

    assert (pay.amount_cents, pay.debit, pay.credit, pay.partner_id) == (40, debit, Role.goods_in_quarantine, 5)
    assert (lost.amount_cents, lost.debit, lost.credit) == (20, Role.loss_on_returns, Role.goods_in_quarantine)


@given(st.sampled_from(DISPOSITIONS), st.integers(1, 10**6), st.integers(1, 999), st.integers(0, 10**9))
def test_a_mirror_takes_a_move_back_exactly(to, quantity, warehouse, value):
    move = receipt_move(1, 2, quantity, warehouse, 9, value).worth(value // 2)

    assert move.mirror(7).mirror(8).mirror(7) == move.mirror(7)
    assert (move.mirror(7).source_pool, move.mirror(7).source_value_cents) == (move.target_pool, value // 2)
