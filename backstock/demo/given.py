"""Goods for goods: a size that was exchanged, a dearer lamp that is still to leave, and a fryer in the workshop."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from backstock.catalog.lines import GoodsLine
from backstock.core.amounts import E4
from backstock.demo.dealings import run
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.finish_repair import FinishRepair, finish_repair
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.commands.ship_replacement import ReplacementLine, ShipReplacement, ship_replacement
from backstock.returns.requests.planning import ExchangeFor
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell

# (name, customer, day, sku, cents paid, type, sku wished for)
STORIES: Final = (
    ("size", "C002", date(2026, 10, 12), "FS-2001", 7_900, "exchange", "FS-2002"),
    ("lamp", "C004", date(2026, 10, 16), "DQ-1001", 19_900, "exchange", "DQ-1003"),
    ("fryer", "C006", date(2026, 10, 14), "DQ-1005", 39_900, "repair", ""),
    ("fan", "C008", date(2026, 10, 20), "DQ-1005", 39_900, "repair", ""),
)


def give() -> None:
    """Take each story as far as it goes."""
    numbers = {story[0]: _arrived(*story) for story in STORIES}
    lines = (ReplacementLine(sku="FS-2002", quantity_e4=E4),)
    shipped = ShipReplacement(document=numbers["size"], lines=lines, carrier="顺丰", on=date(2026, 10, 18))
    run(ship_replacement, "given-size-ship", shipped)
    for n, name in enumerate(("fryer", "fan")):
        _to_the_workshop(name, numbers[name], date(2026, 10, 22) + timedelta(days=4 * n))
    ready = FinishRepair(
        document=numbers["fryer"], lines=(GoodsLine(sku="DQ-1005", quantity_e4=E4),), to="send_back", cost_cents=3_500,
        repairer="V-DQ", note="更换加热管", on=date(2026, 10, 27),
    )  # fmt: skip
    run(finish_repair, "given-fryer-finish", ready)


def _arrived(name: str, customer: str, day: date, sku: str, cents: int, kind: Any, wish: str) -> str:
    paid, sold = (Tender(tender="alipay", amount_cents=cents),), (SellLine(sku=sku, quantity_e4=E4),)
    order = Sell(customer=customer, channel="online", warehouse="杭州仓", lines=sold, paid=paid, on=day)
    sale = run(sell, f"given-{name}-sell", order)
    wanted = ExchangeFor(sku=wish, quantity_e4=E4) if wish else None
    reason = "defect" if kind == "repair" else "wrong_size" if name == "size" else "unwanted"
    lines = (RequestLine(sku=sku, quantity_e4=E4, reason=reason, exchange_for=wanted),)
    asked = RequestReturn(sale=sale, type=kind, lines=lines, on=day + timedelta(days=2))
    number = run(request_return, f"given-{name}-request", asked)
    # The policy lets apparel come at once; electronics wait for a person.
    if sku.startswith("DQ"):
        run(approve_return, f"given-{name}-approve", ApproveReturn(document=number, on=day + timedelta(days=2)))
    came = (ReceiveLine(sku=sku, quantity_e4=E4),)
    there = ReceiveReturn(document=number, lines=came, on=day + timedelta(days=5))
    return run(receive_return, f"given-{name}-receive", there)


def _to_the_workshop(name: str, number: str, day: date) -> None:
    seen = (InspectLine(sku="DQ-1005", quantity_e4=E4, grade="C"),)
    run(inspect_return, f"given-{name}-inspect", InspectReturn(document=number, lines=seen, on=day))
    away = (DisposeLine(sku="DQ-1005", quantity_e4=E4, to="repair"),)
    run(dispose_return, f"given-{name}-dispose", DisposeReturn(document=number, lines=away, on=day))
