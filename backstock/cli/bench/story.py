"""The return that the benchmarks repeat: six commands for one line of a sale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.core.amounts import E4, E6
from backstock.core.permissions import SYSTEM
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell

DAY = date(2026, 1, 5)
SKUS, CUSTOMERS, BATCH = 200, 50, 500


def _sku(n: int) -> str:
    return f"BENCH-{n * 7919 % SKUS:04d}"


def prepare(first: int, count: int) -> list[str]:
    """Make goods and customers once, then `count` shipped and paid sales of one line; return their numbers."""
    if first == 0:
        define_product.batch(
            [DefineProduct(sku=_sku(n), price_e6=100 * E6, tax_rate_e6=130_000) for n in range(SKUS)], actor=SYSTEM
        )
        customers = [RegisterPartner(code=f"BENCH-{n}", is_customer=True) for n in range(CUSTOMERS)]
        register_partner.batch(customers, actor=SYSTEM)
        register_partner(RegisterPartner(code="BENCH-SUPPLIER", is_supplier=True), actor=SYSTEM)
    lines = tuple(PurchaseReceiptLine(sku=_sku(n), quantity_e4=count * E4, unit_cost_e6=60 * E6) for n in range(SKUS))
    receive_purchase(ReceivePurchase(supplier="BENCH-SUPPLIER", lines=lines, on=DAY), actor=SYSTEM)
    numbers: list[str] = []
    for start in range(first, first + count, BATCH):
        orders = [_order(n) for n in range(start, min(start + BATCH, first + count))]
        numbers += [outcome.document for outcome in sell.batch(orders, actor=SYSTEM) if hasattr(outcome, "document")]
    return numbers


def _order(n: int) -> Sell:
    return Sell(
        customer=f"BENCH-{n % CUSTOMERS}",
        lines=(SellLine(sku=_sku(n), quantity_e4=E4),),
        paid=(Tender(tender="bank", amount_cents=11_300),),
        on=DAY,
    )


def lifecycle(sale: str, n: int) -> Sequence[tuple[str, Callable[[], object]]]:
    """Return the six steps of one return; each later step finds the number that the first one gave."""
    sku, number = _sku(n), list[str]()

    def request() -> None:
        wanted = RequestReturn(sale=sale, lines=(RequestLine(sku=sku, quantity_e4=E4, reason="unwanted"),), on=DAY)
        number.append(request_return(wanted, actor=SYSTEM, key=f"bench-{sale}-1").document)

    def approve() -> None:
        approve_return(ApproveReturn(document=number[0], on=DAY), actor=SYSTEM, key=f"bench-{sale}-2")

    def receive() -> None:
        lines = (ReceiveLine(sku=sku, quantity_e4=E4),)
        receive_return(ReceiveReturn(document=number[0], lines=lines, on=DAY), actor=SYSTEM, key=f"bench-{sale}-3")

    def inspect() -> None:
        lines = (InspectLine(sku=sku, quantity_e4=E4, grade="A"),)
        inspect_return(InspectReturn(document=number[0], lines=lines, on=DAY), actor=SYSTEM, key=f"bench-{sale}-4")

    def dispose() -> None:
        lines = (DisposeLine(sku=sku, quantity_e4=E4, to="restock"),)
        dispose_return(DisposeReturn(document=number[0], lines=lines, on=DAY), actor=SYSTEM, key=f"bench-{sale}-5")

    def settle() -> None:
        settle_return(SettleReturn(document=number[0], paid_by_hand=True, on=DAY), actor=SYSTEM, key=f"bench-{sale}-6")

    return (
        ("request", request),
        ("approve", approve),
        ("receive", receive),
        ("inspect", inspect),
        ("dispose", dispose),
        ("settle", settle),
    )
