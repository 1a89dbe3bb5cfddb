"""One return through every step, printing what each step did to both ledgers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from backstock.core import clock
from backstock.core.amounts import E4, decimal_text
from backstock.core.commands import Command, Done
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.demo.seed import at
from backstock.money.queries import account_names, transfers_of_logs
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from backstock.stock.places import kind_of
from backstock.stock.queries import moves_of_logs

SKU, DAY = "DQ-1004", date(2026, 10, 8)


def tell(say: Callable[[str], None]) -> str:
    """Sell two keyboards, take one back all the way, and say what every step posted; return the return's number."""
    number = ""
    names = account_names("zh")
    for step, (words, command, make) in enumerate(_steps(), 1):
        day = DAY + timedelta(days=step)
        with clock.frozen(at(day)):
            done: Done = command(make(number, day), actor=SYSTEM, key=f"demo-story-{step}")
        number = done.document
        say(f"\n{step}. {words} → {done.document}")
        for line in _posted(f"demo-story-{step}", names):
            say(f"     {line}")
    return number


def _steps() -> Iterator[tuple[str, Command[Any], Callable[[str, date], Any]]]:
    line = {"sku": SKU, "quantity_e4": E4}
    paid = (Tender(tender="alipay", amount_cents=69_800),)
    sold = (SellLine(sku=SKU, quantity_e4=2 * E4),)
    asked = (RequestLine(**line, reason="defect"),)  # type: ignore[arg-type]
    arrived = (ReceiveLine(**line),)  # type: ignore[arg-type]
    seen = (InspectLine(**line, grade="B"),)  # type: ignore[arg-type]
    away = (DisposeLine(**line, to="restock"),)  # type: ignore[arg-type]
    yield (
        "卖出两把键盘 sell two keyboards",
        sell,
        lambda _, on: Sell(customer="C001", channel="online", warehouse="杭州仓", lines=sold, paid=paid, on=on),
    )
    yield "客户申请退一把 request", request_return, lambda number, on: RequestReturn(sale=number, lines=asked, on=on)
    yield "主管同意 approve", approve_return, lambda number, on: ApproveReturn(document=number, on=on)
    yield "仓库收货，进待检 receive", receive_return, lambda n, on: ReceiveReturn(document=n, lines=arrived, on=on)
    yield "质检 B 级 inspect", inspect_return, lambda number, on: InspectReturn(document=number, lines=seen, on=on)
    yield "重新上架 dispose: restock", dispose_return, lambda n, on: DisposeReturn(document=n, lines=away, on=on)
    yield "结算：红字与退款 settle", settle_return, lambda n, on: SettleReturn(document=n, paid_by_hand=True, on=on)
    yield "关闭 close", close_return, lambda number, on: CloseReturn(document=number, on=on)


def _posted(key: str, names: dict[int, str]) -> Iterator[str]:
    log_id = CommandLog.objects.values_list("pk", flat=True).get(key=key)
    moves, transfers = moves_of_logs([log_id])[log_id], transfers_of_logs([log_id])[log_id]
    for move in moves:
        pieces, value = decimal_text(move.quantity_e4, 4), decimal_text(move.target_value_cents, 2, trim=False)
        yield f"货 goods  {kind_of(move.source_id)} → {kind_of(move.target_id)}  {SKU} × {pieces}  值 {value}"
    for pay in transfers:
        amount = decimal_text(pay.amount_cents, 2, trim=False)
        yield f"钱 money  借 {names[int(pay.debit)]} / 贷 {names[int(pay.credit)]}  {amount}"
    if not moves and not transfers:
        yield "（两本账都不动 neither ledger moves）"
