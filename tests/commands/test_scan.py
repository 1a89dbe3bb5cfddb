"""Scans are a draft of one person: they survive, they add up, and nothing is booked by them."""

from __future__ import annotations

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.scan import DropScans, ScanGoods, drop_scans, scan_goods
from backstock.returns.dock.scanning import board_of, read_code, waiting_for
from backstock.returns.models import DockScan, ReturnPiece
from tests import build, build_dock
from tests.build import DAY, e4
from tests.ledgers import refused, written


def counts(user_id: int = 0) -> dict[tuple[str, str], int]:
    return {
        (group.rma.row.number, scan.found): scan.quantity_e4 // 10**4
        for group in board_of(user_id).groups
        for scan in group.counted
    }


def test_scans_add_up_and_book_nothing(shop):
    rma = build_dock.waiting(3)
    with written() as done:
        for _ in range(2):
            build_dock.scanned(rma)
        build_dock.scanned(rma, found="damaged")
        build_dock.scanned(rma, quantity=-1)
    assert (done.goods, done.money) == ([], [])
    assert counts() == {(rma, "received"): 1, (rma, "damaged"): 1}
    assert ReturnPiece.objects.get().received_e4 == 0


def test_everybody_has_a_draft_of_their_own(people):
    rma = build_dock.waiting(3)
    build_dock.scanned(rma, actor=people.zhou)
    build_dock.scanned(rma, quantity=2, actor=people.admin)
    assert counts(people.zhou.user_id) == {(rma, "received"): 1}
    drop_scans(DropScans(), actor=people.zhou)
    assert counts(people.zhou.user_id) == {}
    assert counts(people.admin.user_id) == {(rma, "received"): 2}


def test_a_return_is_opened_before_its_goods_and_stays_without_them(shop):
    first, second = build_dock.waiting(1), build_dock.waiting(1)
    build_dock.scanned(first, sku=None)
    build_dock.scanned(second, sku=None)
    assert board_of(0).current.rma.row.number == second
    build_dock.scanned(first)
    build_dock.scanned(first, quantity=-1)
    assert board_of(0).current.rma.row.number == first
    assert counts() == {}
    drop_scans(DropScans(documents=(first,)), actor=SYSTEM)
    assert [group.rma.row.number for group in board_of(0).groups] == [second]


def test_units_are_counted_in_base_units(shop):
    build.product("B", units={"box": 12})
    build.bought("B", 24)
    rma = build_dock.waiting(24, "B")
    build_dock.scanned(rma, "B", unit="box")
    assert counts() == {(rma, "received"): 12}


def test_a_serial_number_is_scanned_once(shop):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    sale = build.sold("S", 2, serials=("N1", "N2"))
    rma = build.approved(build.requested(sale, 2, "S", serials=("N1", "N2")))
    build_dock.scanned(rma, "S", serial="N1")
    for found in ("received", "damaged"):
        with refused("already_scanned", sku="S", serial="N1", document=rma):
            build_dock.scanned(rma, "S", serial="N1", found=found)
    build_dock.scanned(rma, "S", serial="N1", quantity=-1)
    build_dock.scanned(rma, "S", serial="N1", found="damaged")
    assert counts() == {(rma, "damaged"): 1}


def test_one_refused_scan_of_a_batch_leaves_the_others(shop):
    rma = build_dock.waiting(3)
    wanted = [ScanGoods(document=rma, sku="A", quantity_e4=e4(n), on=DAY) for n in (1, -3, 1)]
    outcomes = scan_goods.batch(wanted, actor=SYSTEM, mode="each")
    assert [hasattr(each, "error") for each in outcomes] == [False, True, False]
    assert counts() == {(rma, "received"): 2}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"sku": "NO"}, "unknown_product"),
        ({"quantity": 0}, "quantity_required"),
        ({"quantity": -1}, "invalid_quantity"),
        ({"parcel": "SF9"}, "unknown_document"),
    ],
)
def test_refuses(shop, wrong, code):
    rma = build_dock.waiting(1)
    with refused(code):
        build_dock.scanned(rma, **wrong)
    assert not DockScan.objects.exists()


def test_refuses_a_return_that_nobody_approved_and_one_that_does_not_exist(shop):
    rma = build.requested(build.sold())
    with refused("transition_not_allowed", document=rma, wanted="received"):
        build_dock.scanned(rma)
    with refused("unknown_document"):
        build_dock.scanned("R999999")
    with refused("unknown_document"):
        drop_scans(DropScans(documents=("R999999",)), actor=SYSTEM)


def test_every_code_finds_its_return(shop):
    build.product("S", tracking="serial", barcodes=())
    build.bought("S", 2, 10, serials=("N1", "N2"))
    sale = build.sold("S", 2, serials=("N1", "N2"), reference="TB-88")
    rma = build.approved(build.requested(sale, 1, "S", serials=("N2",)))
    build_dock.announced(rma, number="SF5")

    codes = (rma, rma.lower(), f"https://shop.example/returns/{rma}/", sale, "TB-88", "SF5", "PK000001")
    assert {code: read_code(code).rma_ids for code in codes} == dict.fromkeys(codes, (1,))
    assert [each.row.number for each in waiting_for(read_code("N2").goods, 0)] == [rma]
    assert waiting_for(read_code("N1").goods, 0) == []
    assert [each.left_e4 for each in waiting_for(read_code("S").goods, 0)] == [e4(1)]
    assert read_code("nonsense").goods is None


def test_a_serial_or_waybill_that_looks_like_a_number_of_ours_is_what_it_is(shop):
    build.product("S", tracking="serial", barcodes=())
    build.bought("S", 2, 10, serials=("S0012345", "R0012345"))
    sale = build.sold("S", 2, serials=("S0012345", "R0012345"))
    rma = build.approved(build.requested(sale, 2, "S", serials=("S0012345", "R0012345")), 2, "S")
    build_dock.announced(rma, number="R20260105")
    build_dock.announced(build_dock.waiting(1), number="PK000001")

    assert [read_code(code).goods.serial for code in ("S0012345", "R0012345")] == ["S0012345", "R0012345"]
    assert read_code("R20260105").parcel.number == read_code("PK000001").parcel.number == "PK000001"


def test_what_is_in_hand_comes_first_then_parcels_that_are_here_then_the_oldest(shop):
    old, here, in_hand = (build_dock.waiting(2) for _ in range(3))
    build_dock.announced(here, number="SF1")
    build_dock.arrived("SF1")
    build_dock.scanned(in_hand)
    found = waiting_for(read_code("A").goods, 0)
    assert [(each.row.number, each.left_e4 // 10**4) for each in found] == [(in_hand, 1), (here, 2), (old, 2)]
