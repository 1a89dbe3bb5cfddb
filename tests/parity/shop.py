"""The company all walks share: goods, partners, and the documents that wait for somebody."""

from __future__ import annotations

from datetime import date, timedelta

from backstock.catalog.products import ProductBarcode
from backstock.core import clock
from tests import build, build_catalog, build_owing, build_purchases, build_sales, build_stock
from tests.cast import HE, JIN, PASSWORD, SUN, cast

CUP, POT, TEA, SET, LOW = "CUP", "POT", "TEA", "SET", "LOW"  # the goods
BARCODE = "6901234567892"
NEW, DEBTOR, DEAF = "XIN", "LIU", "MA"  # customers with a story of their own


def furnish() -> dict[str, str]:
    """Make the company; gives the numbers that walks speak of by name."""
    today = clock.today("Asia/Shanghai")
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=10)
    build.found(timezone="Asia/Shanghai")
    cast(PASSWORD)
    _master_data(today)
    _trade(last)
    return _waiting(today)


def _master_data(today: date) -> None:
    for code, name in ((SUN, "孙氏茶庄"), (HE, "何记商行"), (DEBTOR, "刘老板"), (DEAF, "马氏茶楼")):
        build.customer(code, name=name)
    build.supplier(JIN, name="金窑陶瓷厂")
    build.supplier("TANG", name="唐氏茶厂")
    build_catalog.level("VIP", name_zh="会员价", name_en="Members")
    build.product(CUP, 40, name="青花瓷茶杯", barcodes=(ProductBarcode(code=BARCODE),))
    build.product(POT, 250, name="紫砂壶")
    build.product(TEA, 80, name="明前龙井", tracking="lot", shelf_life_days=365)
    build.product(SET, 400, name="茶具套装")
    build.product(LOW, 15, name="茶漏")
    build_catalog.price(CUP, 35, level="VIP")
    build_stock.second()
    build_owing.account("ICBC", opening=50_000)
    coming = build_purchases.ordered(TEA, 20, 30)
    build_purchases.arrived(coming, 20, TEA, lot="L-2409", expires_on=today + timedelta(days=20))


def _trade(last: date) -> None:
    for sku, cost in ((CUP, 20), (POT, 120), (LOW, 6)):
        build.bought(sku, 500 if sku != LOW else 3, cost, on=last)
    build.sold(CUP, 10, on=last, salesperson="wu")
    build.sold(POT, 2, on=last, customer=HE, paid="none")
    build_stock.minimum(LOW, 10, 50)


def _waiting(today: date) -> dict[str, str]:
    older, credit = today - timedelta(days=1), {"paid": "none", "on": today}
    numbers = {
        "order": build_sales.ordered(CUP, 2, on=today),
        "to_pick": build_sales.ordered(POT, 1, on=today),
        "quote": build_sales.quoted((CUP, 6), on=today, valid_until=today + timedelta(days=9)),
        "sale": build.sold(CUP, 3, on=today),
        "unpaid": build.sold(CUP, 4, customer=DEAF, **credit),
        "coming": build_purchases.ordered(CUP, 30, 20, on=today),
        "to_send_back": build.bought(POT, 5, 120, on=today),
        "to_bill": build.bought(POT, 5, 120, on=today),
        "on_the_way": build_stock.dispatched((CUP, 12), on=today.isoformat()),
    }
    for quantity in (1, 2, 3):
        build.sold(CUP, quantity, customer=DEBTOR, paid="none", on=older)
    return numbers
