"""Under the law of China: money that is due within days, and a buyer who confirmed an exception at the purchase."""

from __future__ import annotations

from datetime import date, timedelta

from backstock.core import clock
from backstock.core.amounts import E4
from backstock.demo.dealings import LAST_DAY, run
from backstock.demo.seed import at
from backstock.policies.commands.publish_law import publish_law
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.note_purchase import NotePurchase, note_purchase
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.commands.warn_clock import warn_due
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell

SKU, CENTS = "DQ-1003", 25_900


def keep_to_law() -> None:
    """Put the company under its law, and leave two deadlines running."""
    terms = {"law": "CN", "markets": [{"channel": "tmall", "law": "CN"}]}
    run(publish_law, "lawful-law", publish_law.parse({"terms": terms, "on": LAST_DAY.isoformat()}))
    first = LAST_DAY - timedelta(days=8)
    sales = [_sold(n, customer, first) for n, customer in enumerate(("C012", "C013", "C014"))]
    arrived, _unanswered = (_asked(n, sale, first + timedelta(days=2)) for n, sale in enumerate(sales[:2]))
    run(note_purchase, "lawful-note", NotePurchase(sale=sales[2], line=1, code="near_expiry", on=LAST_DAY))
    day = first + timedelta(days=3)
    run(approve_return, "lawful-approve", ApproveReturn(document=arrived, on=day))
    came = (ReceiveLine(sku=SKU, quantity_e4=E4),)
    run(receive_return, "lawful-receive", ReceiveReturn(document=arrived, lines=came, on=day))
    with clock.frozen(at(LAST_DAY)):
        warn_due(LAST_DAY)


def _sold(n: int, customer: str, day: date) -> str:
    paid, lines = (Tender(tender="alipay", amount_cents=CENTS),), (SellLine(sku=SKU, quantity_e4=E4),)
    order = Sell(customer=customer, channel="online", warehouse="杭州仓", lines=lines, paid=paid, on=day)
    return run(sell, f"lawful-sell-{n}", order)


def _asked(n: int, sale: str, day: date) -> str:
    lines = (RequestLine(sku=SKU, quantity_e4=E4, reason="unwanted"),)
    return run(request_return, f"lawful-request-{n}", RequestReturn(sale=sale, lines=lines, on=day))
