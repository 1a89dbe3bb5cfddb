"""Group 3.7 of the complaints: one real return meant many papers, and the original was hard to find."""

from __future__ import annotations

from datetime import timedelta

from backstock.desk.returns.new import found_sales
from backstock.returns.queries import loaded_return, returnable
from tests import build
from tests.build import DAY, e4
from tests.build_requests import asked, line, merged, split
from tests.ledgers import refused


def test_serial_numbers_of_several_orders_come_back_on_one_paper(shop):
    """Rank 5: fifty serials back from shops meant thirteen papers."""
    build.product("S", tracking="serial")
    build.bought("S", 6, 10, serials=tuple(f"N{n}" for n in range(6)))
    sales = [build.sold("S", 2, serials=(f"N{n}", f"N{n + 1}")) for n in (0, 2, 4)]
    lines = [line("S", 2, sale=sale, serials=[f"N{n}", f"N{n + 1}"]) for sale, n in zip(sales, (0, 2, 4), strict=True)]
    rma = asked(*lines).document
    build.approved(rma)
    build.received(rma, 6, "S", serials=tuple(f"N{n}" for n in range(6)))
    assert [returnable(sale, "S") for sale in sales] == [0, 0, 0]


def test_the_original_is_found_by_what_is_on_the_goods(shop):
    """Rank 5: scan and find the invoice; the newest sale comes first."""
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    build.customer("K1", name="何建国", phone="13900139002")
    old = build.sold(customer="K1", reference="JD-1")
    new = build.sold("S", 1, serials=("N1",), customer="K1", reference="JD-2", on=DAY + timedelta(days=1))
    for text, numbers in (("N1", [new]), ("JD-1", [old]), ("9002", [new, old]), ("何建国", [new, old]), (old, [old])):
        assert [each.row.head.number for each in found_sales(text)] == numbers, text
    assert found_sales("N1")[0].left == "S × 1 pcs"


def test_what_belongs_together_is_put_together_afterwards(shop):
    """Rank 5: two requests of one parcel become one, and what should not wait goes on alone."""
    first, second = build.requested(build.sold(quantity=3), 2), build.requested(build.sold(quantity=3), 1)
    merged(first, second)
    alone = split(first, line("A", 1))
    assert sum(each.in_line_units("requested_e4") for each in loaded_return(first).lines) == e4(2)
    build.approved(alone)
    build.received(alone)


def test_splitting_and_merging_never_lets_more_come_back_than_was_sold(shop):
    """Rank 3: the remaining quantity stays right whatever becomes of a request."""
    sale = build.sold(quantity=3)
    rma = build.requested(sale, 3)
    other = split(rma, line("A", 2))
    with refused("quantity_exceeds_returnable", sku="A", asked_e4=e4(1), returnable_e4=0):
        build.requested(sale, 1)
    merged(other, rma)
    with refused("quantity_exceeds_returnable", sku="A", asked_e4=e4(1), returnable_e4=0):
        build.requested(sale, 1)
