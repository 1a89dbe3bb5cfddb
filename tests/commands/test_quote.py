"""Quotes: offered, ordered as quoted, lapsed, withdrawn."""

from datetime import date

from backstock.catalog.models import Product
from backstock.core.permissions import SYSTEM
from backstock.sales.commands.confirm import ConfirmQuote, confirm_quote
from backstock.sales.commands.quote import WithdrawQuote, make_quote, withdraw_quote
from backstock.sales.models import Quote, QuoteDiscount, QuoteLine, SaleDiscount, SaleLine
from backstock.sales.orders import OrderDiscount, SellLine
from backstock.sales.queries import sale_figures
from tests import build, build_sales
from tests.build import DAY, cents, e4, e6
from tests.ledgers import refused, written


def test_an_offer_moves_nothing_and_owes_nothing(shop):
    with written() as ledgers:
        number = build_sales.quoted(("A", 3), order_discount_cents=1_000, valid_until=date(2026, 1, 31))

    assert (ledgers.goods, ledgers.money) == ([], [])
    assert number.startswith("Q")
    line = QuoteLine.objects.get()
    assert (line.quantity_e4, line.unit_price_e6, line.net_cents) == (e4(3), e6(100), cents(290))
    assert (QuoteDiscount.objects.get().amount_cents, Quote.objects.get().standing_on(date(2026, 1, 31))) == (
        1_000,
        "open",
    )


def test_the_order_has_the_prices_and_taxes_of_the_quote_whatever_the_list_says_by_now(shop):
    build.product("B", 10, tax="0.13", units={"box": 12})
    coupon = OrderDiscount(kind="coupon", code="SPRING", amount_cents=500)
    lines = (
        SellLine(sku="B", quantity_e4=e4(2), unit="box", unit_price_e6=e6(110), discount_cents=100, line=5),
        SellLine(sku="A", quantity_e4=e4(1), gift=True),
        SellLine(sku="A", quantity_e4=e4(2)),
    )
    quote = build_sales.quoted(*lines, discounts=(coupon,), shipping_cents=800, reference="R1", channel="online")
    Product.objects.update(price_e6=e6(999), tax_rate_e6=0)

    number = build_sales.confirmed(quote, promised_on=date(2026, 2, 1))

    quoted = QuoteLine.objects.order_by("position").values_list(
        "position", "net_cents", "tax_cents", "unit_price_e6", "unit", "is_gift"
    )
    sold = SaleLine.objects.order_by("position").values_list(
        "position", "net_cents", "tax_cents", "unit_price_e6", "unit", "is_gift"
    )
    assert list(quoted) == list(sold)
    sale = build_sales.sale_row(number)
    assert (sale.reference, sale.shipping_cents, sale.promised_on, sale.channel) == (
        "R1",
        800,
        date(2026, 2, 1),
        "online",
    )
    assert SaleDiscount.objects.values_list("kind", "code", "amount_cents").get() == ("coupon", "SPRING", 500)
    assert (Quote.objects.get().status, Quote.objects.get().sale_id) == ("confirmed", sale.pk)
    assert sale_figures(number).status == "open"


def test_a_quote_is_ordered_once_and_not_after_its_last_day(shop):
    quote = build_sales.quoted(valid_until=date(2026, 1, 10))
    with refused("quote_lapsed", document=quote, valid_until="2026-01-10", on="2026-01-11"):
        build_sales.confirmed(quote, on=date(2026, 1, 11))
    build_sales.confirmed(quote, on=date(2026, 1, 10))
    with refused("transition_not_allowed", document=quote, current="confirmed"):
        build_sales.confirmed(quote)


def test_a_withdrawn_quote_stays_withdrawn(shop):
    quote = build_sales.quoted()
    withdraw_quote(WithdrawQuote(quote=quote, on=DAY), actor=SYSTEM)
    for command, wanted in ((confirm_quote, ConfirmQuote), (withdraw_quote, WithdrawQuote)):
        with refused("transition_not_allowed", document=quote, current="withdrawn"):
            command(wanted(quote=quote, on=DAY), actor=SYSTEM)


def test_the_same_quote_twice_in_a_batch_is_ordered_once(shop):
    quote = build_sales.quoted()
    first, second = confirm_quote.batch([ConfirmQuote(quote=quote, on=DAY)] * 2, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == ("S000001", "transition_not_allowed")
    assert SaleLine.objects.count() == 1


def test_refuses_what_no_order_could_be(shop):
    offer = build_sales.offer
    for code, wanted in (
        ("unknown_partner", offer(customer="nobody")),
        ("unknown_product", offer(("NO", 1))),
        ("quantity_required", offer(("A", 0))),
        ("unknown_warehouse", offer(warehouse="NO")),
        ("invalid_input", offer(valid_until=date(2026, 1, 4))),
        ("invalid_input", offer(salesperson="nobody")),
        ("invalid_amount", offer(order_discount_cents=cents(101))),
        ("unknown_document", None),
    ):
        with refused(code):
            if wanted is None:
                build_sales.confirmed("Q999")
            else:
                make_quote(wanted, actor=SYSTEM)
