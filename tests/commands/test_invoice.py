"""Bill a sale: shipped less returned, for what was not billed before."""

from backstock.core.permissions import SYSTEM
from backstock.sales.commands.invoice import InvoiceSale, invoice_sale
from backstock.sales.commands.ship import ship
from backstock.sales.models import Invoice, Sale
from tests import build, build_sales
from tests.build import DAY, e4
from tests.ledgers import refused, written


def bill(sale):
    return invoice_sale(InvoiceSale(sale=sale, on=DAY), actor=SYSTEM)


def test_bills_what_was_shipped_with_tax_and_shipping_once(shop):
    build.product("T", "33.33", tax="0.13")
    build.bought("T")
    sale = build.sold("T", 3, invoiced=False, paid="none", shipping_cents=800)
    with written() as ledgers:
        bill(sale)

    assert ledgers.money == ["receivable / revenue 107.99", "receivable / output_tax 13.00"]
    assert Sale.objects.get().owed_cents == 12_099


def test_parts_add_up_to_the_line(shop):
    build.product("T", "33.33", tax="0.13")
    build.bought("T")
    sale = build.sold("T", 3, shipped="none", invoiced=False, paid="none")
    for _ in range(3):
        ship(
            ship.parse({"sale": sale, "lines": [{"sku": "T", "quantity_e4": e4(1)}], "on": "2026-01-05"}), actor=SYSTEM
        )
        bill(sale)

    billed = list(Invoice.objects.order_by("pk").values_list("net_cents", "tax_cents"))
    assert billed == [(3_333, 433), (3_333, 433), (3_333, 434)]


def test_what_came_back_before_the_bill_is_not_billed(shop):
    sale = build.sold(quantity=5, invoiced=False, paid="none")
    build.on_the_dock(2, number=sale)
    bill(sale)
    assert Invoice.objects.get().net_cents == 30_000


def test_refuses_a_sale_nobody_knows_one_without_shipment_and_one_that_is_billed(shop):
    with refused("unknown_document", document="S77"):
        bill("S77")
    for sale in (build.sold(shipped="none", invoiced=False, paid="none"), build.sold()):
        with refused("nothing_to_invoice", document=sale):
            bill(sale)


def test_a_sale_twice_in_one_batch_is_billed_once(shop):
    sale = build.sold(invoiced=False, paid="none")
    first, second = invoice_sale.batch([InvoiceSale(sale=sale, on=DAY)] * 2, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == (sale, "nothing_to_invoice")
    assert Sale.objects.get().invoiced_cents == 20_000


def test_a_part_is_billed_and_the_parts_add_up_to_the_line(shop):
    number = build_sales.ordered(quantity=3, order_discount_cents=100, shipping_cents=500)
    build_sales.shipped(number, 3)
    build_sales.billed(number, A=1)
    build_sales.billed(number, A=1)
    build_sales.billed(number)

    assert list(Invoice.objects.order_by("pk").values_list("net_cents", "shipping_cents")) == [
        (9_966, 500),
        (9_967, 0),
        (9_967, 0),
    ]


def test_refuses_to_bill_more_than_was_shipped_and_what_was_never_ordered(shop):
    number = build_sales.ordered(quantity=3)
    build_sales.shipped(number, 2)
    with refused("invoice_exceeds_shipped", sku="A", asked_e4=e4(3), left_e4=e4(2)):
        build_sales.billed(number, A=3)
    with refused("item_not_in_sale", sku="B"):
        build_sales.billed(number, B=1)
