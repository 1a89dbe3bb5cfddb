"""Goods from one warehouse to another, at once and in two steps."""

import pytest

from backstock.core.commands import Refused
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.stock.queries import quantity_at, worth
from backstock.warehouse.commands.transfer import transfer_stock
from backstock.warehouse.models import TransferLine
from tests import build
from tests.build import e4
from tests.build_stock import arrived, dispatched, transfer, transferred
from tests.ledgers import on_account, refused, written


@pytest.fixture
def two(company_db):
    """A company with two warehouses and ten pieces of A at 60 in the first."""
    build.company(warehouses=("MAIN", "EAST"))
    build.product("L", tracking="lot")
    build.product("S", tracking="serial")
    return company_db


def there(warehouse_id, sku="A", kinds=("sellable",)):
    from backstock.catalog.models import Product

    return quantity_at(Product.objects.get(sku=sku).pk, kinds, warehouse_id)


def test_at_once_the_goods_are_in_the_other_warehouse_and_nothing_has_changed_its_value(two):
    with written() as ledgers:
        number = transferred(("A", 4))

    assert number == "T000001"
    assert ledgers.goods == ["A 4 sellable → sellable 0.00"]
    assert ledgers.money == []
    assert (there(1), there(2)) == (e4(6), e4(4))
    assert on_account(Role.inventory) == "600.00"


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_in_two_steps_they_leave_at_issue_cost_and_enter_at_it(company_db, cost_method):
    build.company(quantity=3, warehouses=("MAIN", "EAST"), cost_method=cost_method)
    build.bought("A", 3, 70)
    with written() as leaving:
        number = dispatched(("A", 4))
    assert there(None, kinds=("transit",)) == e4(4)
    assert worth(1, "transit") == (25_000 if cost_method == "fifo" else 26_000)
    with written() as coming:
        arrived(number)

    assert sum(line.count("sellable → transit") for line in leaving.goods) == len(leaving.goods)
    assert (leaving.money, coming.money) == ([], [])
    assert (there(1), there(2)) == (e4(2), e4(4))
    assert worth(1, "sellable") == 39_000


def test_what_is_missing_stays_on_the_way_until_it_is_found_comes_back_or_is_lost(two):
    number = dispatched(("A", 5))
    arrived(number, ("A", 2))
    arrived(number, {"sku": "A", "quantity": 1, "found": "returned"})
    with written() as ledgers:
        arrived(number, {"sku": "A", "quantity": 1, "found": "lost"})

    assert ledgers.goods == ["A 1 transit → outside 60.00"]
    assert ledgers.money == ["stock_differences / inventory 60.00"]
    line = TransferLine.objects.get()
    assert (line.arrived_e4, line.returned_e4, line.lost_e4, line.on_the_way_e4) == (e4(2), e4(1), e4(1), e4(1))
    arrived(number)
    assert (there(1), there(2)) == (e4(6), e4(3))


def test_lots_that_nobody_named_leave_by_the_day_on_which_they_expire(two):
    from backstock.catalog.models import Lot

    build.bought("L", 2, 10, lot="LATE")
    build.bought("L", 2, 10, lot="SOON")
    Lot.objects.filter(code="LATE").update(expires_on="2027-01-01")
    Lot.objects.filter(code="SOON").update(expires_on="2026-06-01")
    transferred(("L", 3))

    sent = TransferLine.objects.order_by("pk").values_list("lot_id", "quantity_e4")
    codes = dict(Lot.objects.values_list("pk", "code"))
    assert [(codes[lot], quantity) for lot, quantity in sent] == [("SOON", e4(2)), ("LATE", e4(1))]


def test_serials_and_kits_travel_as_what_lies_on_the_shelf(two):
    build.bought("S", 2, 10, serials=("S1", "S2"))
    build.product("K", kit={"A": 2})
    transferred({"sku": "S", "quantity": 1, "serials": ["S2"]}, ("K", 3))

    assert (there(2, "S"), there(2, "A")) == (e4(1), e4(6))


def test_goods_of_a_grade_travel_too(two):
    number = build.sold(quantity=2)
    build.disposed(
        build.inspected(build.on_the_dock(2, number=number), 2), 2, to="restock_discounted", value_cents=8_000
    )
    arrived(dispatched({"sku": "A", "quantity": 1, "grade": "B"}))

    assert there(2) == e4(1)


@pytest.mark.parametrize(
    ("wanted", "more", "code", "facts"),
    [
        (("A", 11), {}, "insufficient_stock", {"sku": "A", "asked_e4": e4(11), "available_e4": e4(10)}),
        (("A", 0), {}, "quantity_required", {"sku": "A"}),
        (("A", "0.5"), {}, "invalid_quantity", {"sku": "A"}),
        (("NO", 1), {}, "unknown_product", {"sku": "NO"}),
        (("A", 1), {"target": "WEST"}, "unknown_warehouse", {"warehouse": "WEST"}),
        (("A", 1), {"target": "MAIN"}, "same_warehouse", {"warehouse": "MAIN"}),
        (("S", 1), {}, "serial_required", {"sku": "S", "given": 0}),
        (("L", 1), {}, "insufficient_stock", {"sku": "L"}),
        ({"sku": "L", "quantity": 1, "lot": "NO"}, {}, "insufficient_stock", {"sku": "L"}),
        ({"sku": "A", "quantity": 1, "grade": "C"}, {}, "insufficient_stock", {"sku": "A"}),
    ],
)
def test_refuses(two, wanted, more, code, facts):
    given = transfer(wanted, **more)
    with refused(code, **facts):
        transfer_stock(given, actor=SYSTEM)


def test_refuses_a_transfer_of_nothing(two):
    given = transfer()
    with refused("quantity_required"):
        transfer_stock(given, actor=SYSTEM)


def test_two_transfers_of_one_batch_never_send_more_than_is_there(two):
    done, second = transfer_stock.batch([transfer(("A", 6)), transfer(("A", 6))], actor=SYSTEM, mode="each")

    assert (done.document, isinstance(second, Refused)) == ("T000001", True)
    assert (second.error.code, second.error.facts()["available_e4"]) == ("insufficient_stock", e4(4))
