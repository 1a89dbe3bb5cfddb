"""Refunds on their way: a settlement through a strict gateway, and what the worker makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from backstock.cli.replay.gateway import Behaviour, StrictGateway
from backstock.core.amounts import E4, E6
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.confirm import ConfirmRefund, confirm_refund
from backstock.refunds.commands.reconcile import Reconcile, StatementLine, reconcile
from backstock.refunds.commands.report import ReportRefund, report_refund
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.gateways.routes import using
from backstock.refunds.models import Difference, Refund
from backstock.refunds.outbox import Manner, pay_due
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from tests import build
from tests.build import DAY

# Nothing is waited for: what is open is asked again at the next call.
AT_ONCE = Manner(taken=timedelta(0), waits=(timedelta(0),), on=DAY)
SLOWLY = Manner(on=DAY)


@contextmanager
def gateway(behaviour: str = "succeeds", tender: str = "card") -> Iterator[StrictGateway]:
    """Have a strict gateway pay for a tender."""
    strict = StrictGateway()
    strict.next = Behaviour(behaviour)
    with using({tender: strict}):
        yield strict


def granted(price: int = 100, tender: str = "card", **wish: Any) -> str:
    """Settle a return of goods that were paid by card; give the return's number."""
    number = build.sold(quantity=1, paid={tender: price}, unit_price_e6=price * 1_000_000)
    return build.settled(build.back_on_the_shelf(1, number=number), **wish)


def refund() -> Refund:
    """Return the last refund."""
    return Refund.objects.order_by("-pk")[0]


def paid(manner: Manner = SLOWLY) -> str:
    """Call the gateways once for what is due; give the state of the last refund."""
    pay_due(most=1, manner=manner)
    return refund().status


def confirmed(number: str, status: str = "paid", **more: Any) -> str:
    """Say that a refund was paid by hand."""
    return confirm_refund(ConfirmRefund(refund=number, status=status, on=DAY, **more), actor=SYSTEM).document


def many(count: int, tender: str = "alipay") -> list[Refund]:
    """Grant and pay `count` refunds of one day through a gateway, set-wise; each of another amount."""
    build.policy(approval="auto", refund_when="approved")
    build.bought("A", count)
    orders = [
        Sell(
            customer="SUN", lines=(SellLine(sku="A", quantity_e4=E4, unit_price_e6=(100 + n) * E6),),
            paid=(Tender(tender=tender, amount_cents=(100 + n) * 100),), on=DAY,
        )
        for n in range(count)
    ]  # fmt: skip
    sales = [done.document for done in sell.batch(orders, actor=SYSTEM)]
    lines = (RequestLine(sku="A", quantity_e4=E4),)
    asked = [RequestReturn(sale=sale, type="refund_only", lines=lines, on=DAY) for sale in sales]
    numbers = [done.document for done in request_return.batch(asked, actor=SYSTEM)]
    with gateway(tender=tender):
        settle_return.batch([SettleReturn(document=number, on=DAY) for number in numbers], actor=SYSTEM)
    rows = list(Refund.objects.filter(tender=tender).order_by("pk"))
    said = [ReportRefund(refund=row.number, status="paid", reference=f"G{row.pk}", on=DAY) for row in rows]
    report_refund.batch(said, actor=SYSTEM)
    return list(Refund.objects.filter(tender=tender).select_related("payout").order_by("pk"))


def statement_of(refunds: Sequence[Refund]) -> list[list[str]]:
    """Write the gateway's statement of refunds as rows of a file."""
    return [
        [each.payout.key, each.reference, f"{each.amount_cents / 100:.2f}", "paid", str(each.paid_on)]
        for each in refunds
    ]


def plant(rows: list[list[str]], refunds: Sequence[Refund]) -> dict[str, str]:
    """Plant one difference of each kind into a statement, our refunds and the ledger; say which refund each is of."""
    from backstock.money.models import Transfer

    kinds = ("missing_there", "amount", "twice", "status", "day", "ledger")
    at = {kind: n * (len(refunds) // len(kinds)) for n, kind in enumerate(kinds)}
    rows[at["amount"]][2] = "1.23"
    rows[at["status"]][3] = "failed"
    rows[at["day"]][4] = str(DAY + timedelta(days=1))
    rows.append(list(rows[at["twice"]]))
    rows.append(["STRANGER-1", "X1", "55.00", "paid", str(DAY)])
    del rows[at["missing_there"]]
    wrong = Transfer.objects.filter(log_id=refunds[at["ledger"]].paid_log_id)
    wrong.update(amount_cents=99, original_amount_cents=99)
    return {kind: refunds[place].number for kind, place in at.items()} | {"missing_here": "STRANGER-1"}


def as_csv(rows: list[list[str]]) -> bytes:
    """Write rows as people get them."""
    head = ["退款单号", "渠道单号", "金额", "状态", "日期"]
    return "\n".join(",".join(row) for row in [head, *rows]).encode("gb18030")


def stranger() -> str:
    """Reconcile a statement with one payment that is none of ours; give the number of the difference."""
    line = StatementLine(position=1, key="STRANGER", amount_cents=500, happened_on=DAY)
    reconcile(Reconcile(tender="bank", day=DAY, lines=(line,), on=DAY), actor=SYSTEM)
    return Difference.objects.order_by("-pk")[0].number
