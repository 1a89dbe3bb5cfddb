"""What is going on beside the year of returns: goods on account, orders, a transfer, a count, a quote, money of before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from backstock.catalog.lines import GoodsLine
from backstock.core import clock
from backstock.core.amounts import E4, scaled
from backstock.core.commands import Command, Done
from backstock.core.permissions import SYSTEM
from backstock.demo.seed import at
from backstock.money.commands.open_account import OpenAccount, open_account
from backstock.owing.commands.open import OpenDebt, open_debt
from backstock.owing.commands.receive import PayMoney, ReceiveMoney, pay_money, receive_money
from backstock.owing.paying import Settle
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.purchases.commands.invoice import InvoiceLine, InvoicePurchase, invoice_purchase
from backstock.purchases.commands.order import OrderLine, OrderPurchase, order_purchase
from backstock.purchases.commands.receive_order import OrderArrival, ReceiveOrder, receive_order
from backstock.sales.commands.quote import MakeQuote, make_quote
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from backstock.warehouse.commands.count import CountStock, count_stock
from backstock.warehouse.commands.count_goods import CountGoods, count_goods
from backstock.warehouse.commands.transfer import TransferredLine, TransferStock, transfer_stock

# (code, name): trading customers, who pay within 30 days.
ON_ACCOUNT: Final = (
    ("K001", "杭州西溪生活超市有限公司"), ("K002", "宁波北仑港务后勤服务部"), ("K003", "苏州工业园区湖东酒店"),
)  # fmt: skip
PAYMENT_DAYS: Final = 30
# (customer, day, sku, pieces): what they had on account in the last months.
SOLD: Final = (
    ("K001", date(2026, 7, 6), "JJ-4002", 10), ("K001", date(2026, 9, 14), "JJ-4004", 8),
    ("K001", date(2026, 10, 20), "SP-3004", 6), ("K002", date(2026, 8, 18), "SP-3003", 12),
    ("K002", date(2026, 10, 12), "MR-5001", 9), ("K003", date(2026, 9, 28), "JJ-4001", 5),
    ("K003", date(2026, 10, 26), "JJ-4003", 4),
)  # fmt: skip
LAST_DAY: Final = date(2026, 10, 31)


def run(command: Command[Any], name: str, wanted: Any) -> str:
    """Run a command on its own day, with a key that makes a second run add nothing."""
    with clock.frozen(at(wanted.on)):
        done: Done = command(wanted, actor=SYSTEM, key=f"demo-{name}")
    return done.document


def deal() -> None:
    """Leave every desk something to do: who owes what, what is on order, on the way, being counted and offered."""
    _money_of_before()
    sales = _sell_on_account()
    _be_paid(sales)
    _buy()
    _handle()
    quoted = (SellLine(sku="DQ-1003", quantity_e4=20 * E4), SellLine(sku="DQ-1001", quantity_e4=15 * E4))
    quote = MakeQuote(customer="K003", lines=quoted, on=date(2026, 10, 27), valid_until=date(2026, 12, 31))
    run(make_quote, "quote", quote)


def _money_of_before() -> None:
    """Accounts of the company, trading customers, and one invoice from before the first day."""
    first = date(2026, 7, 1)
    icbc = OpenAccount(
        code="ICBC", name_zh="工商银行 基本户", name_en="ICBC current account", opening_cents=12_000_000, on=first
    )
    alipay = OpenAccount(
        code="ALIPAY", name_zh="支付宝 企业账户", name_en="Alipay wallet", opening_cents=860_000, on=first
    )
    for n, account in enumerate((icbc, alipay)):
        run(open_account, f"account-{n}", account)
    for code, name in ON_ACCOUNT:
        wanted = RegisterPartner(code=code, is_customer=True, name=name, payment_days=PAYMENT_DAYS, on=first)
        run(register_partner, f"on-account-{code}", wanted)
    old = OpenDebt(
        side="receivable", partner="K002", reference="旧账 2025-118", invoiced_on=date(2026, 6, 12),
        due_on=date(2026, 7, 12), amount_cents=186_000, on=first,
    )  # fmt: skip
    run(open_debt, "opening", old)


def _sell_on_account() -> Sequence[str]:
    sales = []
    for n, (customer, day, sku, pieces) in enumerate(SOLD):
        lines = (SellLine(sku=sku, quantity_e4=pieces * E4),)
        wanted = Sell(customer=customer, warehouse="杭州仓", lines=lines, paid="none", on=day)
        sales.append(run(sell, f"on-account-sale-{n}", wanted))
    return sales


def _be_paid(sales: Sequence[str]) -> None:
    """One paid everything that is old, one a part of it, one ahead."""
    came = [
        ReceiveMoney(partner="K001", lines=(_by("ICBC", 80_000),), reference="网银 0812", on=date(2026, 8, 12)),
        ReceiveMoney(
            partner="K002", lines=(_by("ICBC", 30_000),), settles=(Settle(document=sales[3]),), reference="网银 0925",
            on=date(2026, 9, 25),
        ),
        ReceiveMoney(
            partner="K003", lines=(_by("ICBC", 50_000),), settles="none", reference="预付定金", on=date(2026, 10, 28)
        ),
    ]  # fmt: skip
    for n, wanted in enumerate(came):
        run(receive_money, f"receipt-{n}", wanted)


def _by(tender: str, cents: int) -> Tender:
    return Tender(tender=tender, amount_cents=cents)


def _buy() -> None:
    """An order that came in half, was billed a little dearer and paid in part; and one that is still to come."""
    lines = (_ordered("JJ-4001", 20, "118.00"), _ordered("JJ-4002", 40, "43.00"))
    first = OrderPurchase(
        supplier="V-JJ", warehouse="杭州仓", lines=lines, expected_on=date(2026, 10, 20), on=date(2026, 10, 9)
    )
    order = run(order_purchase, "order-0", first)
    came = (OrderArrival(sku="JJ-4001", quantity_e4=20 * E4), OrderArrival(sku="JJ-4002", quantity_e4=15 * E4))
    receipt = run(
        receive_order, "order-arrival", ReceiveOrder(document=order, lines=came, reference="送货单 3307", on=date(2026, 10, 19))
    )  # fmt: skip
    billed = (
        InvoiceLine(receipt=receipt, line=1, net_cents=237_600, tax_cents=30_888),
        InvoiceLine(receipt=receipt, line=2, net_cents=64_500, tax_cents=8_385),
    )
    bill = InvoicePurchase(supplier="V-JJ", supplier_number="26330711", lines=billed, on=date(2026, 10, 22))
    run(invoice_purchase, "supplier-invoice", bill)
    paid = PayMoney(
        partner="V-JJ", lines=(_by("ICBC", 150_000),), settles=(Settle(document=receipt),), on=date(2026, 10, 26)
    )
    run(pay_money, "supplier-payment", paid)
    later = OrderPurchase(
        supplier="V-DQ", warehouse="宁波仓", lines=(_ordered("DQ-1001", 60, "112.00"), _ordered("DQ-1002", 80, "71.50")),
        expected_on=date(2026, 11, 12), on=date(2026, 10, 27),
    )  # fmt: skip
    run(order_purchase, "order-1", later)


def _ordered(sku: str, pieces: int, cost: str) -> OrderLine:
    return OrderLine(sku=sku, quantity_e4=pieces * E4, unit_cost_e6=scaled(cost, 6), tax_rate_e6=130_000)


def _handle() -> None:
    """Goods on their way to the other warehouse, and a count that is not finished."""
    away = tuple(TransferredLine(sku=sku, quantity_e4=6 * E4) for sku in ("JJ-4002", "MR-5001"))
    moved = TransferStock(source="杭州仓", target="宁波仓", lines=away, in_two_steps=True, on=date(2026, 10, 28))
    run(transfer_stock, "transfer", moved)
    count = CountStock(warehouse="杭州仓", scope="category", category="household", on=LAST_DAY)
    number = run(count_stock, "count", count)
    seen = CountGoods(document=number, lines=(GoodsLine(sku="JJ-4001", quantity_e4=30 * E4),), how="set", on=LAST_DAY)
    run(count_goods, "count-goods", seen)
