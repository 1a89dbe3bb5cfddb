"""What stands at the dock: parcels on their way and here, and a box of which nobody knows the sender."""

from __future__ import annotations

from datetime import date
from typing import Final

from backstock.catalog.lines import GoodsLine
from backstock.core.amounts import E4
from backstock.demo.dealings import run
from backstock.returns.commands.announce_parcel import AnnounceParcel, LogParcel, announce_parcel, log_parcel
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.commands.take_in import TakeIn, take_in
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell

# (name, customer, waybill, grams stated): each sends two keyboards back.
SENT: Final = (
    ("first", "C005", "SF1468202610311", 1_900), ("second", "C007", "SF1468202610328", 1_900),
    ("third", "C009", "YT8830026410057", 0),
)  # fmt: skip
SKU, CENTS = "DQ-1004", 34_900
LAST_DAY: Final = date(2026, 10, 31)


def stand_at_the_dock() -> None:
    """Expect three parcels, one of two returns; have one here, lighter than stated, and one of nobody."""
    numbers = [_approved(name, customer) for name, customer, _, _ in SENT]
    for (name, _, waybill, grams), number in zip(SENT, numbers, strict=True):
        wanted = AnnounceParcel(
            tracking_number=waybill, carrier="顺丰" if waybill.startswith("SF") else "圆通", documents=(number,),
            stated_grams=grams or None, on=date(2026, 10, 28),
        )  # fmt: skip
        run(announce_parcel, f"dock-{name}", wanted)
    both = AnnounceParcel(tracking_number=SENT[0][2], documents=(numbers[2],), on=date(2026, 10, 29))
    run(announce_parcel, "dock-both", both)
    here = LogParcel(parcel=SENT[1][2], weight_grams=1_050, warehouse="杭州仓", on=LAST_DAY)
    run(log_parcel, "dock-here", here)
    box = TakeIn(
        warehouse="杭州仓", carrier="中通", tracking_number="ZT7521100934", weight_grams=960, route="浙江 杭州",
        sender_phone="138****0009", lines=(GoodsLine(sku=SKU, quantity_e4=E4),), on=LAST_DAY,
    )  # fmt: skip
    run(take_in, "dock-box", box)


def _approved(name: str, customer: str) -> str:
    sold, paid = (SellLine(sku=SKU, quantity_e4=2 * E4),), (Tender(tender="alipay", amount_cents=2 * CENTS),)
    order = Sell(customer=customer, channel="online", warehouse="杭州仓", lines=sold, paid=paid, on=date(2026, 10, 20))
    sale = run(sell, f"dock-{name}-sell", order)
    lines = (RequestLine(sku=SKU, quantity_e4=2 * E4, reason="unwanted"),)
    asked = RequestReturn(sale=sale, lines=lines, on=date(2026, 10, 26))
    number = run(request_return, f"dock-{name}-request", asked)
    run(approve_return, f"dock-{name}-approve", ApproveReturn(document=number, on=date(2026, 10, 27)))
    return number
