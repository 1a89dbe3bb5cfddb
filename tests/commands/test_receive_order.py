"""Goods of an order arrive: partly, a little more than ordered, with lots and serial numbers."""

from datetime import date, timedelta

from backstock.catalog.models import Lot
from backstock.core.permissions import SYSTEM
from backstock.partners.models import Partner
from backstock.purchases.commands.order import OrderPurchase, order_purchase
from backstock.purchases.commands.receive_order import receive_order
from backstock.purchases.models import PurchaseLine, PurchaseReceipt
from backstock.purchases.orders import load_orders
from tests import build
from tests.build import DAY, e4
from tests.build_purchases import arrival, arrived, order, ordered
from tests.cast import JIN
from tests.ledgers import refused, written


def loaded(number):
    return load_orders([number], lock=False)[number]


def test_what_arrives_is_booked_at_the_orders_price_and_tax(shop):
    Partner.objects.filter(code=JIN).update(payment_days=30)
    number = ordered("A", 10, "59.995", tax="0.13")
    with written() as ledgers:
        receipt = arrived(number, 4, reference="D-7")

    assert ledgers.goods == ["A 4 supplier → sellable 239.98"]
    assert ledgers.money == ["inventory / payable 239.98", "input_tax / payable 31.20"]
    row = PurchaseReceipt.objects.get(pk=int(receipt[1:]))
    assert (row.gross_cents, row.owed_cents, row.due_on) == (27_118, 27_118, DAY + timedelta(days=30))
    assert (row.order_id, row.reference) == (1, "D-7")
    assert (loaded(number).status, loaded(number).lines[0].received_e4) == ("part_received", e4(4))

    arrived(number, 6)
    assert loaded(number).status == "received"


def test_a_box_may_be_received_by_the_piece(shop):
    build.product("B", units={"box": 12})
    number = ordered("B", 2, 120, unit="box")
    with written() as ledgers:
        arrived(number, 1, "B", unit="box")
        arrived(number, 6, "B")
    assert ledgers.goods == ["B 12 supplier → sellable 120.00", "B 6 supplier → sellable 60.00"]
    with refused("receipt_exceeds_order", sku="B", asked_e4=e4(12), left_e4=e4(6)):
        arrived(number, 1, "B", unit="box")


def test_more_than_ordered_is_taken_up_to_what_the_order_tolerates(shop):
    number = ordered("A", 30, tolerance_e6=50_000)
    with refused("receipt_exceeds_order", document=number, asked_e4=e4(32), left_e4=e4(31)):
        arrived(number, 32)  # 5 % of 30 are one and a half
    arrived(number, 31)
    assert loaded(number).status == "received"
    with refused("receipt_exceeds_order", left_e4=0):
        arrived(number, 1)


def test_a_product_in_two_lines_fills_the_first_one_first(shop):
    lines = (order("A", 3, 10).lines[0], order("A", 2, 0).lines[0])  # three bought, two for free
    number = order_purchase(OrderPurchase(supplier=JIN, lines=lines, on=DAY), actor=SYSTEM).document
    with written() as ledgers:
        arrived(number, 4)
    assert ledgers.goods == ["A 3 supplier → sellable 30.00", "A 1 supplier → sellable 0.00"]
    arrived(number, 1, line=2)
    assert [line.received_e4 for line in loaded(number).lines] == [e4(3), e4(2)]


def test_serial_numbers_and_lots_keep_who_brought_them_with_which_line(shop):
    build.product("S", tracking="serial")
    build.product("L", tracking="lot", shelf_life_days=30)
    serial, lot = ordered("S", 3, 10), ordered("L", 3, 10)
    arrived(serial, 2, "S", serials=("N1", "N2"))
    arrived(lot, 3, "L", lot="L1", made_on=date(2026, 1, 1))

    jin = Partner.objects.get(code=JIN).pk
    lines = dict(PurchaseLine.objects.values_list("product_id", "pk"))
    assert {(x.code, x.supplier_id, x.purchase_line_id, x.expires_on) for x in Lot.objects.all()} == {
        ("N1", jin, lines[2], None),
        ("N2", jin, lines[2], None),
        ("L1", jin, lines[3], date(2026, 1, 31)),
    }
    with refused("serial_in_use", serial="N1"):
        arrived(serial, 1, "S", serials=("N1",))
    with refused("serial_required", sku="S"):
        arrived(serial, 1, "S")


def test_a_label_that_contradicts_itself_is_refused(shop):
    build.product("L", tracking="lot")
    number = ordered("L", 3, 10)
    with refused("invalid_input", field="expires_on"):
        arrived(number, 1, "L", lot="L1", made_on=date(2026, 1, 2), expires_on=date(2026, 1, 1))


def test_goods_may_go_to_another_warehouse_than_the_orders(company_db):
    build.company(warehouses=("N", "S"))
    number = ordered("A", 2, warehouse="N")
    arrived(number, 1)
    arrived(number, 1, warehouse="S")
    assert list(PurchaseReceipt.objects.filter(order_id=1).values_list("warehouse_id", flat=True)) == [1, 2]


def test_refuses_what_was_not_ordered_and_nothing(shop):
    build.product("B")
    number = ordered("A", 2)
    with refused("item_not_in_order", sku="B", document=number):
        arrived(number, 1, "B")
    with refused("item_not_in_order"):
        arrived(number, 1, line=2)
    with refused("quantity_required", document=number):
        arrived(number, 1, lines=())
    with refused("unknown_document", document="PO77"):
        arrived("PO77", 1)


def test_one_by_one_only_the_delivery_that_is_too_much_is_refused(shop):
    number = ordered("A", 5)
    inputs = [arrival(number, 3), arrival(number, 3), arrival(number, 2)]
    outcomes = receive_order.batch(inputs, actor=SYSTEM, mode="each")
    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        None,
        "receipt_exceeds_order",
        None,
    ]
    assert loaded(number).status == "received"


def test_the_same_key_receives_once(shop):
    number = ordered("A", 5)
    first, second = (receive_order(arrival(number, 2), actor=SYSTEM, key="K") for _ in range(2))
    assert (first.document, second.repeated) == (second.document, True)
    assert loaded(number).lines[0].received_e4 == e4(2)
