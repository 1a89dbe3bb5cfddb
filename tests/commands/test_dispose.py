"""Step 5: what happens to each piece; both ledgers move."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.partners.models import Partner
from backstock.returns.commands.dispose import dispose_return
from backstock.returns.models import ReturnPiece
from backstock.returns.queries import returnable
from backstock.stock.models import PoolBalance
from tests import build
from tests.build import e4
from tests.cast import JIN
from tests.ledgers import on_account, refused, written


@pytest.mark.parametrize(
    ("to", "goods", "money"),
    [
        ("restock", "sellable", "inventory"),
        ("repair", "repair", "goods_in_repair"),
        ("return_to_vendor", "vendor", "supplier_claims"),
        ("scrap", "scrap", "loss_on_returns"),
        ("donate", "scrap", "loss_on_returns"),
        ("send_back", "customer", "cost_of_goods_sold"),
    ],
)
def test_each_disposition_moves_the_goods_and_their_cost(shop, to, goods, money):
    rma = build.inspected(build.on_the_dock(2), 2)
    with written() as ledgers:
        build.disposed(rma, 2, to=to)

    assert ledgers.goods == [f"A 2 quarantine → {goods} 120.00"]
    assert ledgers.money == [f"{money} / goods_in_quarantine 120.00"]
    assert on_account(Role.goods_in_quarantine) == "0.00"


def test_a_discount_writes_the_goods_down_into_the_pool_of_their_grade(shop):
    rma = build.inspected(build.on_the_dock(2), 2, grade="C")
    with written() as ledgers:
        build.disposed(rma, 2, to="restock_discounted", value_cents=7_001)

    assert ledgers.goods == ["A 2 quarantine → sellable C 120.00 → 70.01"]
    assert ledgers.money == ["inventory / goods_in_quarantine 70.01", "loss_on_returns / goods_in_quarantine 49.99"]
    assert PoolBalance.objects.get(pool="grade:C").value_cents == 7_001
    assert PoolBalance.objects.get(pool="new").value_cents == 48_000  # new goods keep their cost


def test_a_write_down_goes_down(shop):
    rma = build.inspected(build.on_the_dock(2), 2)
    with refused("value_exceeds_cost", sku="A", value_cents=12_001, cost_cents=12_000):
        build.disposed(rma, 2, to="restock_discounted", value_cents=12_001)
    build.disposed(rma, 2, to="restock_discounted", value_cents=12_000)


def test_a_claim_stands_against_the_last_supplier(shop):
    build.supplier("OLD")
    build.disposed(build.inspected(build.on_the_dock(1)), to="return_to_vendor")
    assert partner_balance(Partner.objects.get(code=JIN).pk, Role.supplier_claims) == 6_000


def test_one_line_may_split_over_several_dispositions_and_its_cost_adds_up(company_db):
    build.company(quantity=3, cost="33.34")
    rma = build.inspected(build.on_the_dock(3, number=build.sold(quantity=3)), 3)
    lines = [{"sku": "A", "quantity_e4": e4(1), "to": to} for to in ("scrap", "restock", "scrap")]
    with written() as ledgers:
        dispose_return(dispose_return.parse({"document": rma, "lines": lines}), actor=SYSTEM)

    assert [row.rpartition(" ")[2] for row in ledgers.goods] == ["33.34", "33.34", "33.34"]
    assert on_account(Role.goods_in_quarantine) == "0.00"


def test_what_was_sent_back_may_come_again(shop):
    sale = build.sold(quantity=1)
    build.disposed(build.inspected(build.on_the_dock(number=sale), accepted=False), to="send_back")
    assert returnable(sale, "A") == e4(1)

    build.disposed(build.inspected(build.on_the_dock(number=sale)))
    assert on_account(Role.cost_of_goods_sold) == "0.00"


@pytest.mark.parametrize("to", ["restock", "restock_discounted", "repair"])
def test_what_was_rejected_never_goes_on_our_shelves(shop, to):
    rma = build.inspected(build.on_the_dock(), accepted=False)
    with refused("quantity_exceeds_inspected", sku="A", inspected_e4=0):
        build.disposed(rma, to=to)


@pytest.mark.parametrize(
    ("line", "code", "facts"),
    [
        ({"quantity": 3}, "quantity_exceeds_inspected", {"sku": "A", "asked_e4": e4(3), "inspected_e4": e4(1)}),
        ({"quantity": 2, "to": "scrap"}, "quantity_exceeds_inspected", {"inspected_e4": e4(1)}),
        ({"quantity": 0}, "quantity_required", {"sku": "A"}),
        ({"quantity": -1}, "invalid_quantity", {"sku": "A"}),
        ({"sku": "B"}, "item_not_in_sale", {"sku": "B"}),
        ({"sku": "NO"}, "unknown_product", {"sku": "NO"}),
    ],
)
def test_refuses(shop, line, code, facts):
    build.product("B")
    rma = build.inspected(build.on_the_dock(2), 1)
    with refused(code, **facts):
        build.disposed(rma, **line)


def test_refuses_what_was_not_inspected_an_unknown_return_and_nothing(shop):
    rma = build.on_the_dock()
    with refused("quantity_exceeds_inspected", inspected_e4=0):
        build.disposed(rma)
    with refused("unknown_document", document="R42"):
        build.disposed("R42")
    with refused("quantity_required", document=rma):
        dispose_return(dispose_return.parse({"document": rma, "lines": []}), actor=SYSTEM)


def test_under_fifo_goods_come_back_as_the_youngest_layer(company_db):
    build.company(quantity=1, cost=10, cost_method="fifo")
    sale = build.sold(quantity=1)
    build.bought("A", 1, 20)
    build.back_on_the_shelf(1, number=sale)
    with written() as ledgers:
        build.sold(quantity=1)
        build.sold(quantity=1)
    assert ledgers.goods == ["A 1 sellable → customer 20.00", "A 1 sellable → customer 10.00"]


def test_a_kit_is_disposed_of_as_its_parts(shop):
    build.product("B")
    build.bought("B", 10, 7)
    build.product("K", 300, kit={"A": 2, "B": 1})
    rma = build.inspected(build.on_the_dock(1, "K", build.sold("K", 1)), 1, "K")
    with written() as ledgers:
        build.disposed(rma, 1, "K")
    assert ledgers.goods == ["A 2 quarantine → sellable 120.00", "B 1 quarantine → sellable 7.00"]


def test_one_by_one_only_the_disposition_of_too_much_is_refused(shop):
    rma = build.inspected(build.on_the_dock(2), 2)
    outcomes = dispose_return.batch([build.disposal(rma, n) for n in (1, 2, 1)], actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        None,
        "quantity_exceeds_inspected",
        None,
    ]
    assert ReturnPiece.objects.get().disposed_e4 == e4(2)


def test_a_serial_number_leaves_quarantine_at_its_own_cost_whatever_came_with_it(company_db):
    build.company(cost_method="specific")
    build.product("S", 100, tracking="serial")
    for serial, cost in (("S1", 10), ("S2", 90)):
        build.bought("S", 1, cost, serials=(serial,))
    both = {"serials": ("S1", "S2")}
    rma = build.received(build.approved(build.requested(build.sold("S", 2, **both), 2, "S", **both)), 2, "S", **both)
    build.inspected(rma, 2, "S", **both)
    outcomes = dispose_return.batch(
        [
            build.disposal(rma, 1, "S", "scrap", serials=("S2",)),
            build.disposal(rma, 1, "S", "scrap", serials=("S2",)),
            build.disposal(rma, 1, "S", serials=("S1",)),
        ],
        actor=SYSTEM,
        mode="each",
    )
    assert [hasattr(each, "error") for each in outcomes] == [False, True, False]
    assert on_account(Role.loss_on_returns) == "90.00"
    assert on_account(Role.goods_in_quarantine) == "0.00"
    build.sold("S", 1, serials=("S1",))
    assert on_account(Role.cost_of_goods_sold) == "10.00"
