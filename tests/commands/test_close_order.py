"""What was not shipped will not be."""

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.sales.commands.close_order import CloseOrder, close_order
from backstock.sales.models import Invoice, InvoiceLine, PickLine, SaleLine
from backstock.sales.queries import sale_figures
from tests import build, build_sales
from tests.build import DAY, cents, e4
from tests.ledgers import on_account, refused, written


def test_an_order_shipped_in_part_counts_as_shipped(shop):
    number = build_sales.ordered(quantity=3)
    build_sales.shipped(number, 1)
    with written() as ledgers:
        assert build_sales.closed(number) == 0

    assert (ledgers.goods, ledgers.money) == ([], [])
    assert (SaleLine.objects.get().cancelled_e4, sale_figures(number).status) == (e4(2), "shipped")
    with refused("shipment_exceeds_order", left_e4=0):
        build_sales.shipped(number, 1)


def test_an_order_of_which_nothing_shipped_is_cancelled_and_its_deposit_shown(shop):
    number = build_sales.ordered(quantity=2, paid={"card": 50})
    assert build_sales.closed(number) == cents(50)
    assert sale_figures(number).status == "cancelled"


def test_what_was_billed_ahead_of_the_goods_is_taken_back_by_a_red_invoice(shop):
    build.product("T", 100, tax="0.13")
    build.bought("T")
    number = build_sales.ordered("T", 3, invoiced=True, paid={"card": 200})
    build_sales.shipped(number, 1, "T")
    with written() as ledgers:
        assert build_sales.closed(number) == cents(200) - cents(113)

    assert ledgers.money == ["revenue / receivable 200.00", "output_tax / receivable 26.00"]
    red = Invoice.objects.order_by("-pk")[0]
    assert (red.net_cents, red.tax_cents, red.shipping_cents) == (-cents(200), -cents(26), 0)
    assert InvoiceLine.objects.get(invoice=red).quantity_e4 == -e4(2)
    assert (build_sales.sale_row(number).invoiced_cents, on_account(Role.receivable)) == (cents(113), "-87.00")
    build.back_on_the_shelf(1, "T", number)


def test_the_shipping_fee_goes_back_only_where_nothing_shipped(shop):
    none = build_sales.ordered(quantity=1, invoiced=True, shipping_cents=500)
    build_sales.closed(none)
    assert (build_sales.sale_row(none).shipping_invoiced_cents, build_sales.sale_row(none).owed_cents) == (0, 0)

    some = build_sales.ordered(quantity=2, invoiced=True, shipping_cents=500)
    build_sales.shipped(some, 1)
    build_sales.closed(some)
    assert build_sales.sale_row(some).owed_cents == cents(105)


def test_what_was_picked_for_it_is_free_again(shop):
    number = build_sales.ordered(quantity=2)
    build_sales.picked(number)
    build_sales.closed(number)
    assert not PickLine.objects.filter(is_open=True).exists()


def test_refuses_an_order_with_nothing_left_and_twice_in_one_batch(shop):
    gone = build.sold()
    with refused("nothing_to_close", document=gone):
        build_sales.closed(gone)
    with refused("unknown_document"):
        build_sales.closed("S999")
    number = build_sales.ordered()
    first, second = close_order.batch([CloseOrder(sale=number, on=DAY)] * 2, actor=SYSTEM, mode="each")
    assert (first.document, second.error.code) == (number, "nothing_to_close")
