"""Step 3: goods are counted at the dock, into quarantine, at the cost at which they left."""

from datetime import timedelta

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.returns.commands.receive import receive_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.models import ReturnEvent, ReturnPiece
from backstock.returns.queries import loaded_return, progress, returnable
from backstock.stock.places import place_id
from tests import build
from tests.build import DAY, e4
from tests.cast import HE
from tests.ledgers import on_account, refused, written


def test_moves_goods_into_quarantine_at_the_cost_at_which_they_left(shop):
    sale = build.sold(quantity=3)
    build.bought("A", 10, 90)
    rma = build.approved(build.requested(sale, 2))
    with written() as ledgers:
        build.received(rma, 2)

    assert ledgers.goods == ["A 2 customer → quarantine 120.00"]
    assert ledgers.money == ["goods_in_quarantine / cost_of_goods_sold 120.00"]
    assert (progress(loaded_return(rma)), returnable(sale, "A")) == ("received", e4(1))


def test_a_company_may_take_goods_back_at_todays_cost(company_db):
    build.company(return_cost="current")
    sale = build.sold(quantity=2)
    build.bought("A", 8, 80)
    with written() as ledgers:
        build.on_the_dock(1, number=sale)
    assert ledgers.goods == ["A 1 customer → quarantine 70.00"]


def test_the_cost_of_parts_adds_up_to_the_cent(company_db):
    build.company(quantity=3, cost="33.34")
    sale = build.sold(quantity=3)
    with written() as ledgers:
        for _ in range(3):
            build.on_the_dock(1, number=sale)
    assert [row.rpartition(" ")[2] for row in ledgers.goods] == ["33.34", "33.34", "33.34"]


def test_damaged_goods_are_received_missing_and_wrong_ones_are_not(shop):
    build.product("B")
    rma = build.approved(build.requested(build.sold(quantity=4), 4))
    with written() as ledgers:
        build.received(rma, 1, found="damaged")
        build.received(rma, 2, found="missing")
        build.received(rma, 5, "B", found="wrong_item")

    piece = ReturnPiece.objects.get()
    assert (piece.received_e4, piece.missing_e4) == (e4(1), e4(2))
    assert ledgers.goods == ["A 1 customer → quarantine 60.00"]
    assert set(ReturnEvent.objects.values_list("verdict", "quantity_e4")) == {
        ("damaged", e4(1)), ("missing", e4(2)), ("wrong_item", e4(5)),
    }  # fmt: skip


def test_what_was_missing_may_still_come(shop):
    rma = build.approved(build.requested(build.sold(quantity=3), 3))
    build.received(rma, 2, found="missing")
    build.received(rma, 1)
    assert ReturnPiece.objects.get().missing_e4 == e4(2)

    build.received(rma, 1)
    assert (ReturnPiece.objects.get().missing_e4, ReturnPiece.objects.get().received_e4) == (e4(1), e4(2))


def test_without_inspection_what_came_is_accepted(shop):
    build.policy(inspection="none")
    build.on_the_dock()
    assert ReturnPiece.objects.get().accepted_e4 == e4(1)


def test_goods_go_home_unless_another_warehouse_took_them(company_db):
    build.company(warehouses=("N", "S"))
    build.bought(warehouse="S")
    for number, wish in ((2, {}), (1, {"warehouse": "N"})):
        build.received(build.approved(build.requested(build.sold(warehouse="S"))), **wish)
        assert ReturnEvent.objects.order_by("-pk")[0].place_id == place_id("quarantine", number)


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        ({"quantity": 3}, "quantity_exceeds_authorized", {"sku": "A", "asked_e4": e4(3), "authorized_e4": e4(2)}),
        ({"quantity": 3, "found": "missing"}, "quantity_exceeds_authorized", {"asked_e4": e4(3)}),
        ({"quantity": 0}, "quantity_required", {"sku": "A"}),
        ({"quantity": -2}, "invalid_quantity", {"sku": "A"}),
        ({"sku": "B"}, "item_not_in_sale", {"sku": "B"}),
        ({"sku": "NO"}, "unknown_product", {"sku": "NO"}),
        ({"sku": "NO", "found": "wrong_item"}, "unknown_product", {"sku": "NO"}),
        ({"warehouse": "MOON"}, "unknown_warehouse", {"warehouse": "MOON"}),
    ],
)
def test_refuses(shop, line, code, facts):
    build.product("B")
    rma = build.approved(build.requested(build.sold(quantity=2), 2))
    with refused(code, **facts):
        build.received(rma, **line)


def test_refuses_a_return_that_is_not_approved_unknown_or_an_empty_parcel(shop):
    rma = build.requested(build.sold())
    with refused("transition_not_allowed", document=rma, current="requested", wanted="received"):
        build.received(rma)
    with refused("unknown_document", document="R9"):
        build.received("R9")
    build.approved(rma)
    with refused("quantity_required", document=rma):
        receive_return(receive_return.parse({"document": rma, "lines": []}), actor=SYSTEM)


def test_refuses_goods_that_come_after_the_last_day(shop):
    build.policy(return_deadline_days=3)
    rma = build.approved(build.requested(build.sold(), 2))
    build.received(rma, on=DAY + timedelta(days=3))
    with refused("authorization_expired", document=rma, lapsed_on="2026-01-08"):
        build.received(rma, on=DAY + timedelta(days=4))


def test_the_same_item_twice_in_a_parcel_counts_twice(shop):
    rma = build.approved(build.requested(build.sold(quantity=3), 3))
    line = {"sku": "A", "quantity_e4": e4(2)}
    with refused("quantity_exceeds_authorized", sku="A", asked_e4=e4(2), authorized_e4=e4(1)):
        receive_return(receive_return.parse({"document": rma, "lines": [line, line]}), actor=SYSTEM)


def test_one_by_one_only_the_parcel_that_is_too_much_is_refused(shop):
    rma = build.approved(build.requested(build.sold(quantity=3), 3))
    outcomes = receive_return.batch([build.receipt(rma, n) for n in (2, 2, 1)], actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        None,
        "quantity_exceeds_authorized",
        None,
    ]
    assert ReturnPiece.objects.get().received_e4 == e4(3)


@pytest.mark.parametrize(
    ("serials", "code"), [((), "serial_required"), (("N2",), "serial_not_in_sale"), (("N9",), "serial_not_in_sale")]
)
def test_refuses_serial_numbers_that_are_not_in_the_return(shop, serials, code):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    rma = build.approved(build.requested(build.sold("S", 2, serials=("N1", "N2")), 1, "S", serials=("N1",)))
    with refused(code, sku="S"):
        build.received(rma, 1, "S", serials=serials)


def test_a_serial_number_comes_back_from_a_customer_or_not_at_all(shop):
    build.product("S", tracking="serial")
    build.bought("S", 1, 10, serials=("N1",))
    line = {"sku": "S", "quantity_e4": e4(1), "serials": ["N1"], "unit_price_e6": 1, "unit_cost_e6": 1}
    raw = {"customer": HE, "lines": [line], "on": "2026-01-05"}
    rma = build.approved(build.request_return(build.request_return.parse(raw), actor=SYSTEM).document)
    with refused("serial_already_returned", sku="S", serial="N1"):  # it never left
        build.received(rma, 1, "S", serials=("N1",))

    build.sold("S", 1, serials=("N1",))
    build.received(rma, 1, "S", serials=("N1",))
    assert ReturnPiece.objects.get().received_e4 == e4(1)


@pytest.mark.parametrize("cost_method", ["average", "fifo"])
def test_serials_of_a_line_that_left_at_different_costs_share_it_on_their_way_back(company_db, cost_method):
    build.company(cost_method=cost_method)
    build.product("S", 100, tracking="serial")
    for serial, cost in (("S1", 0), ("S2", 10), ("S3", "20.01")):
        build.bought("S", 1, cost, serials=(serial,))
    sale = build.sold("S", 3, serials=("S1", "S2", "S3"))
    rma = build.approved(build.requested(sale, 3, "S", serials=("S1", "S2", "S3")))
    for serial in ("S1", "S2", "S3"):
        build.received(rma, 1, "S", serials=(serial,))
    assert on_account(Role.goods_in_quarantine) == "30.01"
    assert on_account(Role.cost_of_goods_sold) == "0.00"
    for _ in range(3):
        undo_step(UndoStep(document=rma, what="receive", on=DAY), actor=SYSTEM)
    assert on_account(Role.cost_of_goods_sold) == "30.01"
