"""What users of other systems complain about at the dock, each shown solved (ranks 9b, 5, 2 and 8)."""

from __future__ import annotations

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.queries import refund_figures
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.take_in import TakeIn, take_in
from backstock.returns.dock.parcels import parcels_of
from backstock.returns.dock.scanning import board_of, read_code, waiting_for
from backstock.returns.models import ReturnEvent, ReturnPiece
from backstock.returns.queries import legal_actions, loaded_return, progress
from backstock.sales.models import SalePiece
from tests import build, build_dock, build_stock
from tests.build import DAY, e4
from tests.ledgers import on_account, refused, written


def test_a_part_of_a_return_over_several_lines_is_received(shop):
    """Rank 9b (OCA rma 629): part of a grouped return cannot be received."""
    build.product("B")
    build.bought("B", 5, 10)
    sale = build.sold("A", 3)
    rma = build.approved(build.requested(sale, 3))
    build.received(rma, 1)
    assert progress(loaded_return(rma)) == "part_received"
    build.received(rma, 2)
    assert progress(loaded_return(rma)) == "received"


def test_goods_on_their_way_are_known_before_they_arrive(shop):
    """Rank 9b (ForgeFlow stock-rma 623): what is to be received ignores what is in transit."""
    rma = build_dock.waiting(2)
    build_dock.announced(rma, number="SF1")
    assert [parcel.state for parcel in parcels_of(1)] == ["announced"]
    build_dock.arrived("SF1")
    assert waiting_for(read_code("A").goods, 0)[0].parcel_here


def test_goods_are_received_without_any_refund(shop):
    """Rank 9b (Medusa 4052): goods cannot be received without refunding them."""
    rma = build_dock.waiting(1)
    with written() as done:
        build.received(rma)
    assert done.money == ["goods_in_quarantine / cost_of_goods_sold 60.00"]
    assert refund_figures(rma).total_cents == 0


def test_a_receipt_counts_on_the_return_and_on_the_sale(shop):
    """Rank 9b (ADempiere 4330): the receipt updates the order line and not the line of the return."""
    build.received(build_dock.waiting(2), 2)
    assert (ReturnPiece.objects.get().received_e4, SalePiece.objects.get().received_e4) == (e4(2), e4(2))


def test_goods_come_in_at_another_warehouse_than_they_left_from(shop):
    """Rank 9b (OpenBoxes 3234): a return received at another location fails badly."""
    from backstock.stock.places import warehouse_of

    build_stock.second(code="W2")
    build.received(build_dock.waiting(1), warehouse="W2")
    assert warehouse_of(ReturnEvent.objects.get().place_id) == 2


def test_the_wrong_goods_do_not_count_as_the_right_ones_and_are_not_lost(shop):
    """Rank 9b: wrong goods in the parcel are booked as the right ones, or vanish."""
    build.product("B")
    rma = build_dock.waiting(1)
    build.received(rma, 1, "B", found="wrong_item")
    assert "refunds.settle" not in legal_actions(loaded_return(rma))
    number = take_in(TakeIn(finding=ReturnEvent.objects.get().pk, on=DAY), actor=SYSTEM).document
    other = build_dock.waiting(1)
    with refused("item_not_in_sale"):
        build_dock.matched(number, other)


def test_an_empty_parcel_is_written_down_with_its_weight_and_brings_no_money(shop):
    """Rank 9b: a parcel arrives empty, and nobody can show it later."""
    rma = build_dock.waiting(2)
    build_dock.announced(rma, number="SF1", stated_grams=1200)
    build_dock.arrived("SF1", weight_grams=150)
    build.received(rma, 2, found="empty", parcel="SF1")
    assert set(ReturnEvent.objects.values_list("verdict", flat=True)) == {"missing", "empty"}
    assert parcels_of(1)[0].weight_grams == 150
    assert on_account(Role.goods_in_quarantine) == "0.00"


def test_a_parcel_of_many_returns_is_one_scan_and_one_booking(shop):
    """Rank 5: one real return is many papers; each has to be found and booked by itself."""
    numbers = [build_dock.waiting(1) for _ in range(3)]
    build_dock.announced(*numbers, number="SF1")
    assert read_code("SF1").rma_ids == (1, 2, 3)
    for number in numbers:
        build_dock.scanned(number)
    assert [group.rma.row.number for group in board_of(0).groups] == numbers
    line = ReceiveLine(sku="A", quantity_e4=e4(1))
    wanted = [ReceiveReturn(document=number, parcel="SF1", lines=(line,), on=DAY) for number in numbers]
    assert len(receive_return.batch(wanted, actor=SYSTEM, mode="each")) == 3


def test_the_return_is_found_by_whatever_is_in_hand(shop):
    """Rank 5: the original paper is hard to find."""
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    sale = build.sold("S", 1, serials=("N1",), reference="TB-1")
    rma = build.approved(build.requested(sale, 1, "S", serials=("N1",)), sku="S")
    build_dock.announced(rma, number="SF1")
    assert [read_code(code).rma_ids for code in (rma, sale, "TB-1", "SF1")] == [(1,)] * 4
    assert [each.row.number for each in waiting_for(read_code("N1").goods, 0)] == [rma]


def test_a_double_tap_books_a_receipt_once(shop):
    """Rank 2: stock comes back twice."""
    rma = build_dock.waiting(2)
    wanted = build.receipt(rma, 1)
    first = receive_return(wanted, actor=SYSTEM, key="dock:1")
    assert receive_return(wanted, actor=SYSTEM, key="dock:1").repeated
    assert (first.document, ReturnPiece.objects.get().received_e4) == (rma, e4(1))


def test_goods_beyond_what_was_agreed_never_become_stock_by_themselves(shop):
    """Rank 2: more comes than was authorised, and the surplus lands on the shelf or in the refund."""
    rma = build_dock.waiting(1)
    build.received(rma)
    with written() as done:
        build.received(rma, 3, found="over")
    assert (done.goods, done.money) == ([], [])
    assert ReturnPiece.objects.get().received_e4 == e4(1)


def test_goods_nobody_owns_are_worth_nothing_until_they_are_matched(shop):
    """Rank 2: what somebody sends without a word is stock at a price from nowhere."""
    rma, number = build_dock.waiting(1), build_dock.taken_in()
    assert on_account(Role.goods_in_quarantine) == "0.00"
    build_dock.matched(number, rma)
    assert on_account(Role.goods_in_quarantine) == "60.00"


def test_a_serial_number_found_without_papers_comes_back_as_itself(shop):
    """Rank 8: a serial number is lost at the dock, or a new one is invented for it."""
    from backstock.catalog.models import Lot

    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    sale = build.sold("S", 2, serials=("N1", "N2"))
    number = build_dock.taken_in("S", 1, serials=("N2",))
    rma = build.approved(build.requested(sale, 1, "S", serials=("N2",)), sku="S")
    build_dock.matched(number, rma)
    assert Lot.objects.count() == 2
    assert ReturnPiece.objects.get().lot_id == Lot.objects.get(code="N2").pk
