"""A sale: the order, and as much of shipping, billing and paying as happens at once."""

import pytest

from backstock.core.amounts import MAX_PRICE_E6
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.sales.commands.sell import Sell, SellLine, sell
from backstock.sales.models import Invoice, Payment, Sale, SaleLine, SalePiece, Shipment
from backstock.sales.queries import sale_figures
from tests import build
from tests.build import DAY, e4, e6
from tests.cast import SUN
from tests.ledgers import on_account, refused, written


def order(*lines, **more):
    """An order of several lines given as (sku, quantity)."""
    rows = tuple(SellLine(sku=sku, quantity_e4=e4(quantity)) for sku, quantity in lines)
    return sell(Sell(customer=SUN, lines=rows, on=DAY, **more), actor=SYSTEM).document


def test_ships_bills_and_takes_the_money_at_once(shop):
    with written() as ledgers:
        number = build.sold(quantity=2, shipping_cents=500)

    assert number.startswith("S")
    assert ledgers.goods == ["A 2 sellable → customer 120.00"]
    assert ledgers.money == [
        "cost_of_goods_sold / inventory 120.00",
        "receivable / revenue 205.00",
        "cash / receivable 205.00",
    ]
    assert on_account(Role.receivable) == "0.00"
    assert sale_figures(number).status == "shipped"


def test_an_order_that_waits_moves_nothing(shop):
    with written() as ledgers:
        number = build.sold(shipped="none", invoiced=False, paid="none")

    assert (ledgers.goods, ledgers.money) == ([], [])
    assert sale_figures(number).status == "open"
    assert (Shipment.objects.count(), Invoice.objects.count(), Payment.objects.count()) == (0, 0, 0)


def test_tax_is_added_to_the_price_or_found_in_it(scratch):
    for mode, money in (("exclusive", ["100.00", "13.00"]), ("inclusive", ["88.50", "11.50"])):
        with scratch.database():
            build.company(tax_mode=mode)
            build.product("T", 100, tax="0.13")
            build.bought("T")
            with written() as ledgers:
                build.sold("T", 1)
            assert [row.rpartition(" ")[2] for row in ledgers.money[1:3]] == money


def test_several_tenders_go_to_their_accounts_and_the_rest_is_owed(shop):
    with written() as ledgers:
        number = build.sold(paid={"cash": 50, "card": 60, "store_credit": 10})

    assert ledgers.money[2:] == [
        "cash / receivable 50.00",
        "bank / receivable 60.00",
        "store_credit / receivable 10.00",
    ]
    assert Sale.objects.get(pk=int(number[1:])).owed_cents == 8_000


def test_discounts_and_the_price_of_the_line_count(shop):
    build.sold(quantity=3, unit_price_e6=e6(90), discount_cents=1_000, order_discount_cents=500)

    line = SaleLine.objects.get()
    assert (line.net_cents, line.discount_cents, line.order_discount_cents) == (25_500, 1_000, 500)


def test_a_box_is_priced_by_the_box_and_counted_in_pieces(shop):
    build.product("B", 10, units={"box": 12})
    build.bought("B", 24, 5)
    build.sold("B", 2, unit="box", unit_price_e6=e6(110))

    line = SaleLine.objects.get()
    assert (line.quantity_e4, line.net_cents) == (e4(24), 22_000)


def test_a_kit_leaves_as_its_components(shop):
    build.product("B", unit_decimals=1)
    build.bought("B", 10, 1)
    build.product("K", 300, kit={"A": 2, "B": "0.5"})
    with written() as ledgers:
        build.sold("K", 2)

    assert ledgers.goods == ["A 4 sellable → customer 240.00", "B 1 sellable → customer 1.00"]
    assert set(SalePiece.objects.values_list("per_line_e4", "shipped_e4")) == {(20_000, 40_000), (5_000, 10_000)}


def test_the_oldest_lot_leaves_when_none_is_named(shop):
    build.product("L", tracking="lot")
    for lot in ("OLD", "NEW"):
        build.bought("L", 2, 10, lot=lot)
    build.sold("L", 3)
    assert list(SalePiece.objects.order_by("lot_id").values_list("shipped_e4", flat=True)) == [20_000, 10_000]


def test_fifo_takes_the_oldest_cost_and_specific_the_cost_of_the_piece(scratch):
    for method, lot, cost in (("fifo", None, "20.00"), ("specific", "L2", "30.00"), ("average", "L2", "25.00")):
        with scratch.database():
            build.company(cost_method=method)
            build.product("L", tracking="lot")
            build.bought("L", 1, 20, lot="L1")
            build.bought("L", 1, 30, lot="L2")
            with written() as ledgers:
                build.sold("L", 1, lot=lot)
            assert ledgers.goods == [f"L 1 sellable → customer {cost}"]


def test_cash_is_rounded_to_the_coin_and_the_bill_is_even(company_db):
    build.company(price="3.84", cash_rounding_cents=5)
    with written() as ledgers:
        build.sold(quantity=3)

    assert ledgers.money[1:] == ["receivable / revenue 11.52", "cash / receivable 11.50", "rounding / receivable 0.02"]
    assert on_account(Role.receivable) == "0.00"


def test_another_currency_is_booked_at_its_rate(shop):
    with written() as ledgers:
        build.sold(quantity=1, currency="EUR", rate_e9=7_800_000_000)
    assert ledgers.money[1:] == ["receivable / revenue 780.00", "cash / receivable 780.00"]


@pytest.mark.parametrize(
    ("wish", "code", "facts"),
    [
        ({"sku": "NO"}, "unknown_product", {"sku": "NO"}),
        ({"customer": "WHO"}, "unknown_partner", {"partner": "WHO"}),
        ({"warehouse": "MOON"}, "unknown_warehouse", {"warehouse": "MOON"}),
        ({"quantity": 0}, "quantity_required", {"sku": "A"}),
        ({"quantity": "1.5"}, "invalid_quantity", {"sku": "A", "quantity": "1.5", "decimals": 0}),
        ({"quantity": 11}, "insufficient_stock", {"sku": "A", "asked_e4": e4(11), "available_e4": e4(10)}),
        ({"discount_cents": 20_001}, "invalid_amount", {"field": "A", "amount": "-1"}),
        ({"paid": {"card": "200.01"}}, "payment_exceeds_owed", {"asked_cents": 20_001, "owed_cents": 20_000}),
        ({"quantity": 9, "unit_price_e6": MAX_PRICE_E6, "paid": "none"}, None, {}),
        ({"unit": "box"}, "unknown_product", {"sku": "A (box)"}),
    ],
)
def test_refuses(shop, wish, code, facts):
    if code is None:
        assert build.sold(**wish)
        return
    with refused(code, **facts):
        build.sold(**wish)


def test_refuses_an_order_of_nothing_and_one_that_names_a_line_twice(shop):
    with refused("quantity_required"):
        sell(Sell(customer=SUN, lines=(), on=DAY), actor=SYSTEM)
    twice = (SellLine(line=1, sku="A", quantity_e4=e4(1)), SellLine(line=1, sku="A", quantity_e4=e4(1)))
    with refused("duplicate_line", sku="A"):
        sell(Sell(customer=SUN, lines=twice, on=DAY), actor=SYSTEM)


@pytest.mark.parametrize(
    ("shipped", "code", "facts"),
    [
        ([{"sku": "NO", "quantity_e4": 10_000}], "item_not_in_sale", {"sku": "NO"}),
        ([{"sku": "A", "quantity_e4": 0}], "quantity_required", {"sku": "A"}),
        ([{"sku": "A", "quantity_e4": -10_000}], "invalid_quantity", {"sku": "A"}),
        ([{"sku": "A", "quantity_e4": 5_000}], "invalid_quantity", {"sku": "A"}),
        ([{"sku": "A", "quantity_e4": 10_000}, {"sku": "A", "quantity_e4": 10_000}], "duplicate_line", {"sku": "A"}),
        ([{"sku": "A", "quantity_e4": 30_000}], "shipment_exceeds_order", {"sku": "A", "left_e4": e4(2)}),
    ],
)
def test_refuses_a_first_parcel_that_does_not_fit_the_order(shop, shipped, code, facts):
    raw = {"customer": SUN, "lines": [{"sku": "A", "quantity_e4": 20_000}], "shipped": shipped, "on": DAY.isoformat()}
    with refused(code, **facts):
        sell(sell.parse(raw), actor=SYSTEM)


def test_refuses_serial_numbers_that_are_not_on_the_shelf(shop):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    build.sold("S", 1, serials=("N1",))
    for serials, code in ((("N1",), "insufficient_stock"), (("N9",), "insufficient_stock"), ((), "serial_required")):
        with refused(code):
            build.sold("S", 1, serials=serials)


def test_two_lines_of_an_order_cannot_take_the_same_last_piece(shop):
    with refused("insufficient_stock", sku="A", asked_e4=e4(6), available_e4=e4(5)):
        order(("A", 5), ("A", 6))


def test_one_by_one_a_refused_order_leaves_its_pieces_to_the_next(shop):
    outcomes = sell.batch([build.sale(quantity=n) for n in (11, 6, 5, 4)], actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        "insufficient_stock", None, "insufficient_stock", None,
    ]  # fmt: skip


def test_an_amount_no_ledger_can_hold_is_refused(shop):
    with refused("invalid_amount"):
        build.sold(quantity=99, unit_price_e6=MAX_PRICE_E6, currency="EUR", rate_e9=10**15, paid="none", shipped="none")
    with refused("invalid_amount"):
        build.sold(quantity=101, unit_price_e6=MAX_PRICE_E6, paid="none", shipped="none")
