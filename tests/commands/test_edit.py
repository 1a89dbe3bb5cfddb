"""Beside the process: a request is corrected before anybody decided it."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.edit import edit_return
from backstock.returns.models import ReturnLine, ReturnPiece
from backstock.returns.queries import loaded_return, returnable
from tests import build
from tests.build import e4
from tests.build_requests import asked, corrected, line
from tests.cast import HE
from tests.ledgers import refused, written


def edited(rma, quantity, sku="A", **line):
    raw = {"document": rma, "lines": [{"sku": sku, "quantity_e4": e4(quantity), **line}], "on": "2026-01-05"}
    return edit_return(edit_return.parse(raw), actor=SYSTEM).document


@pytest.mark.parametrize(("quantity", "left"), [(1, 2), (2, 1), (3, 0)])
def test_changes_what_is_asked_for_and_held_open(shop, quantity, left):
    sale = build.sold(quantity=3)
    rma = build.requested(sale, 2)
    with written() as ledgers:
        edited(rma, quantity)

    assert (ReturnPiece.objects.get().requested_e4, returnable(sale, "A")) == (e4(quantity), e4(left))
    assert (ledgers.goods, ledgers.money) == ([], [])


def test_other_serial_numbers_take_the_place_of_those_before(shop):
    build.product("S", tracking="serial")
    build.bought("S", 3, 10, serials=("N1", "N2", "N3"))
    sale = build.sold("S", 3, serials=("N1", "N2", "N3"))
    rma = build.requested(sale, 1, "S", serials=("N1",))
    edited(rma, 2, "S", serials=["N2", "N3"])

    assert sorted(ReturnPiece.objects.values_list("requested_e4", flat=True)) == [0, e4(1), e4(1)]
    build.requested(sale, 1, "S", serials=("N1",))


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        ({"quantity": 4}, "quantity_exceeds_returnable", {"sku": "A", "asked_e4": e4(4), "returnable_e4": e4(3)}),
        ({"quantity": 0}, "quantity_required", {"sku": "A"}),
        ({"quantity": "0.1"}, "invalid_quantity", {"sku": "A"}),
        ({"quantity": 1, "sku": "B"}, "item_not_in_sale", {"sku": "B"}),
        ({"quantity": 1, "line": 9}, "item_not_in_sale", {"sku": "A"}),
    ],
)
def test_refuses(shop, line, code, facts):
    build.product("B")
    rma = build.requested(build.sold(quantity=3), 2)
    with refused(code, **facts):
        edited(rma, **line)


def test_refuses_once_it_was_decided_and_a_line_twice(shop):
    rma = build.requested(build.sold(quantity=3))
    line = {"sku": "A", "quantity_e4": e4(1)}
    with refused("duplicate_line", sku="A"):
        edit_return(edit_return.parse({"document": rma, "lines": [line, line]}), actor=SYSTEM)
    build.approved(rma)
    with refused("transition_not_allowed", document=rma, current="approved", wanted="edited"):
        edited(rma, 2)
    with refused("unknown_document", document="R404"):
        edited("R404", 1)


def test_a_return_without_a_sale_changes_too_but_a_known_serial_number_stays_one_piece(shop):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    lines = [
        {"sku": "A", "quantity_e4": e4(2), "unit_price_e6": 1},
        {"sku": "S", "quantity_e4": e4(2), "unit_price_e6": 1, "serials": ["N1", "N2"]},
    ]
    raw = {"customer": HE, "lines": lines, "on": "2026-01-05"}
    rma = build.request_return(build.request_return.parse(raw), actor=SYSTEM).document
    edited(rma, 5)
    edited(rma, 1, "S")

    assert list(ReturnPiece.objects.order_by("pk").values_list("requested_e4", flat=True)) == [e4(5), e4(1), 0]
    with refused("serial_required", sku="S", needed_e4=e4(3)):
        edited(rma, 3, "S")


def test_one_by_one_a_refused_change_leaves_the_pieces_to_the_next(shop):
    sale = build.sold(quantity=3)
    rmas = [build.requested(sale) for _ in "123"]
    raws = [{"document": rma, "lines": [{"sku": "A", "quantity_e4": e4(2)}], "on": "2026-01-05"} for rma in rmas]
    outcomes = edit_return.batch([edit_return.parse(raw) for raw in raws], actor=SYSTEM, mode="each")

    assert [outcome.error.code for outcome in outcomes] == ["quantity_exceeds_returnable"] * 3
    assert returnable(sale, "A") == 0


def test_lines_are_added_and_taken_out_and_reasons_corrected(shop):
    build.product("B")
    build.bought("B", 5, 10)
    sale, other = build.sold(quantity=3), build.sold("B", 3)
    rma = build.requested(sale, 2, reason="too big")
    corrected(rma, add=[line("B", 2, sale=other, reason="broken")])
    assert (returnable(sale, "A"), returnable(other, "B")) == (e4(1), e4(1))
    corrected(rma, lines=[line("A", 2, reason="too small")], remove=[2])
    assert (returnable(sale, "A"), returnable(other, "B")) == (e4(1), e4(3))
    assert [each.row.reason for each in loaded_return(rma).lines] == ["too small", "broken"]
    corrected(rma, add=[line("B", 1, sale=other)])
    build.approved(rma)
    build.received(rma, 1, "B")


def test_another_reason_asks_the_policy_anew(shop):
    build.policy(
        reasons={"unwanted": [], "damaged": []}, reject_when=[{"reason": "unwanted"}], evidence_for=["damaged"]
    )
    build.product("B")
    build.bought("B", 5, 10)
    sale = build.sold(quantity=3)
    lines = [line("A", 1, sale=sale, reason="unwanted"), line("B", 1, sale=build.sold("B"), reason="damaged")]
    rma = asked(*lines, evidence=["photo"]).document
    assert returnable(sale, "A") == e4(3)
    corrected(rma, lines=[line("A", 1, reason="damaged")])
    assert returnable(sale, "A") == e4(2)
    corrected(rma, lines=[line("A", 1, reason="unwanted")])
    assert returnable(sale, "A") == e4(3)
    with refused("reason_not_leaf", sku="A"):
        corrected(rma, lines=[line("A", 1, reason="whim")])


def test_adding_refuses_what_a_request_would_refuse(shop):
    sale, of_he = build.sold(quantity=3), build.sold(customer=HE)
    rma = build.requested(sale, 1)
    with refused("duplicate_line", sku="A"):
        corrected(rma, add=[line("A", 1)])
    with refused("wrong_customer", document=of_he):
        corrected(rma, add=[line("A", 1, sale=of_he)])
    with refused("unknown_document", document="S404"):
        corrected(rma, add=[line("A", 1, sale="S404")])
    abroad = build.sold(currency="USD", rate_e9=7 * 10**9)
    with refused("currency_mismatch", wanted="CNY", found="USD"):
        corrected(rma, add=[line("A", 1, sale=abroad)])
    with refused("quantity_required", document=rma):
        corrected(rma, remove=[1])
    with refused("quantity_required", document=rma):
        corrected(rma)
    with refused("item_not_in_sale", document=rma):
        corrected(rma, remove=[9])


def test_a_request_without_a_sale_takes_more_lines(shop):
    rma = asked(line("A", 1, unit_price_e6=1), customer=HE).document
    build.product("B")
    corrected(rma, add=[line("B", 2, unit_price_e6=5, unit_cost_e6=3)], lines=[line("A", 1, reason="changed")])
    assert [each.row.unit_cost_e6 for each in loaded_return(rma).lines] == [None, 3]
    assert ReturnLine.objects.filter(reason="changed").count() == 1
