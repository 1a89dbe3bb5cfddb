"""Beside the process: a request is split, and two are merged; together they ask for as much as before."""

from __future__ import annotations

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.split import split_return
from backstock.returns.models import ReturnLine, ReturnPiece
from backstock.returns.queries import links_of, loaded_return, returnable, timeline
from tests import build
from tests.build import e4
from tests.build_requests import asked, changed, line, merged, split
from tests.cast import HE
from tests.ledgers import refused, written


def wanted(rma: str) -> dict[str, int]:
    """Say what a return asks for."""
    found: dict[str, int] = {}
    for each in loaded_return(rma).lines:
        sku, quantity = each.row.product.sku, each.in_line_units("requested_e4")
        if quantity:
            found[sku] = found.get(sku, 0) + quantity
    return found


def test_some_pieces_go_on_in_a_return_of_their_own(shop):
    sale = build.sold(quantity=5)
    rma = build.requested(sale, 3, reason="too big")
    with written() as ledgers:
        other = split(rma, line("A", 1))

    assert (wanted(rma), wanted(other)) == ({"A": e4(2)}, {"A": e4(1)})
    assert (returnable(sale, "A"), ledgers.goods, ledgers.money) == (e4(2), [], [])
    assert loaded_return(other).lines[0].row.reason == "too big"
    assert [step.name for step in timeline(other)] == ["returns.split"]
    assert [(link.kind, link.target_id) for link in links_of(loaded_return(rma).row.pk)] == [
        ("split", loaded_return(other).row.pk)
    ]


def test_both_parts_go_their_own_ways(shop):
    rma = build.requested(build.sold(quantity=5), 3)
    other = split(rma, line("A", 2))
    build.approved(other)
    build.received(other, 2)
    with refused("transition_not_allowed", document=other, current="approved", wanted="merged"):
        merged(rma, other)
    build.approved(rma)
    build.received(rma, 1)
    for each, quantity in ((rma, 1), (other, 2)):
        build.settled(build.disposed(build.inspected(each, quantity), quantity))


def test_merging_takes_a_split_back(shop):
    sale = build.sold(quantity=5)
    rma = build.requested(sale, 3)
    other = split(rma, line("A", 1))
    assert merged(rma, other) == rma
    assert (wanted(rma), loaded_return(other).row.status, returnable(sale, "A")) == ({"A": e4(3)}, "cancelled", e4(2))
    assert ReturnLine.objects.filter(rma__pk=loaded_return(rma).row.pk).count() == 1
    build.approved(rma)
    build.received(rma, 3)


def test_requests_over_two_sales_become_one(shop):
    build.product("B")
    build.bought("B", 5, 10)
    first, second = build.sold(quantity=2), build.sold("B", 2)
    rma, other = build.requested(first, 1), build.requested(second, 2, "B")
    merged(rma, other)
    assert wanted(rma) == {"A": e4(1), "B": e4(2)}
    build.approved(rma)
    build.received(rma, 2, "B")
    assert (returnable(first, "A"), returnable(second, "B")) == (e4(1), 0)


def test_serial_numbers_go_as_they_are_named(shop):
    build.product("S", tracking="serial")
    build.bought("S", 3, 10, serials=("N1", "N2", "N3"))
    rma = build.requested(build.sold("S", 3, serials=("N1", "N2", "N3")), 3, "S", serials=("N1", "N2", "N3"))
    with refused("serial_required", sku="S", needed_e4=e4(1), given=0):
        split(rma, line("S", 1))
    other = split(rma, line("S", 1, serials=["N2"]))
    build.approved(other)
    build.received(other, 1, "S", serials=("N2",))
    assert wanted(rma) == {"S": e4(2)}


@pytest.mark.parametrize(
    ("asked_for", "code", "facts"),
    [
        (line("A", 4), "quantity_exceeds_requested", {"sku": "A", "asked_e4": e4(4), "requested_e4": e4(3)}),
        (line("A", 3), "split_takes_all", {}),
        (line("A", 0), "quantity_required", {}),
        (line("A", 1, line=7), "item_not_in_sale", {"sku": "A"}),
        (line("B", 1), "item_not_in_sale", {"sku": "B"}),
    ],
)
def test_a_split_refuses(shop, asked_for, code, facts):
    build.product("B")
    rma = build.requested(build.sold(quantity=3), 3)
    with refused(code, **facts):
        split(rma, asked_for)


def test_what_is_decided_is_not_split(shop):
    rma = build.approved(build.requested(build.sold(quantity=3), 3))
    with refused("transition_not_allowed", document=rma, current="approved", wanted="split"):
        split(rma)
    with refused("unknown_document", document="R404"):
        split("R404")


def test_a_merge_refuses_what_cannot_be_one_request(shop):
    sale = build.sold(quantity=5)
    rma, other = build.requested(sale, 1, reason="big"), build.requested(sale, 1, reason="small")
    of_he = build.requested(build.sold(customer=HE))
    with refused("duplicate_line", sku="A"):
        merged(rma, other)
    with refused("wrong_customer", document=of_he):
        merged(rma, of_he)
    with refused("invalid_input", field="source"):
        merged(rma, rma)
    changed(other, "refund_only")
    with refused("types_differ", document=other, current="refund_only", wanted="return_refund"):
        merged(rma, other)
    abroad = build.requested(build.sold(currency="USD", rate_e9=7 * 10**9), 1)
    with refused("currency_mismatch", wanted="CNY", found="USD"):
        merged(rma, abroad)


def test_one_by_one_what_is_refused_moves_nothing(shop):
    rma = build.requested(build.sold(quantity=5), 3)
    raws = [{"document": rma, "lines": [line("A", n)], "on": "2026-01-05"} for n in (1, 9, 1)]
    outcomes = split_return.batch([split_return.parse(raw) for raw in raws], actor=SYSTEM, mode="each")
    assert [getattr(outcome, "error", None) is None for outcome in outcomes] == [True, False, True]
    assert wanted(rma) == {"A": e4(1)}
    assert sum(ReturnPiece.objects.values_list("requested_e4", flat=True)) == e4(3)


def test_a_key_splits_once(shop):
    rma = build.requested(build.sold(quantity=5), 3)
    given = split_return.parse({"document": rma, "lines": [line("A", 1)], "on": "2026-01-05"})
    first = split_return(given, actor=SYSTEM, key="k")
    assert split_return(given, actor=SYSTEM, key="k").answer == first.answer
    assert wanted(rma) == {"A": e4(2)}


def test_a_kit_is_split_by_whole_kits(shop):
    build.product("T")
    build.product("H")
    build.bought("T", 20, 1)
    build.bought("H", 20, 1)
    build.product("SET", kit={"T": 5, "H": 2})
    rma = build.requested(build.sold("SET", 2), 2, "SET")
    other = split(rma, line("SET", 1))
    assert (wanted(rma), wanted(other)) == ({"SET": e4(1)}, {"SET": e4(1)})
    merged(other, rma)
    assert wanted(other) == {"SET": e4(2)}


def test_requests_without_a_sale_are_merged_line_by_line(shop):
    blind = [asked(line("A", n, unit_price_e6=1), customer=HE).document for n in (1, 2)]
    merged(*blind)
    assert wanted(blind[0]) == {"A": e4(3)}


def test_what_is_wished_for_goods_goes_along_with_them(shop):
    from backstock.returns.models import Swap

    build.product("N", price=120)
    build.bought("N", 9, 10)
    wish = {"sku": "N", "quantity_e4": e4(6)}
    rma = asked(line("A", 3, exchange_for=wish), sale=build.sold(quantity=3), type="exchange").document
    other = split(rma, line("A", 1))
    assert sorted(Swap.objects.values_list("wished_e4", "for_e4", "net_cents")) == [
        (e4(2), e4(1), 24_000), (e4(4), e4(2), 48_000)
    ]  # fmt: skip
    merged(rma, other)
    assert Swap.objects.get(rma_id=loaded_return(rma).row.pk).wished_e4 == e4(6)
    build.approved(rma)


def test_a_wish_that_cannot_be_shared_stays_whole(shop):
    build.product("N", price=120)
    rma = asked(
        line("A", 2, exchange_for={"sku": "N", "quantity_e4": e4(1)}), sale=build.sold(quantity=3), type="exchange"
    ).document
    with refused("invalid_input", field="exchange_for"):
        split(rma, line("A", 1))
