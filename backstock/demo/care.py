"""What is looked after beside single returns: a quota, two levels of approval, a recall, letters and ratings."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.core import clock
from backstock.core.amounts import E4, scaled
from backstock.core.commands import Command
from backstock.core.models import User
from backstock.core.permissions import actor_for
from backstock.demo.dealings import run
from backstock.demo.seed import at
from backstock.flows.commands.publish import publish_flow
from backstock.notifications.commands.rate import RateReturn, rate_return
from backstock.notifications.telling import tell_new
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.quota import AgreeQuota, agree_quota
from backstock.returns.commands.recall import (
    AnswerRecall,
    AskRecall,
    OpenRecall,
    RecallGoods,
    answer_recall,
    ask_recall,
    open_recall,
)
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.recall.recalling import work_off
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell

LAST_DAY: Final = date(2026, 10, 31)
# From 2,000.00 on two people must agree.
LARGE: Final[dict[str, Any]] = {
    "words": {"zh-hans": "大额退货（两级审批）", "en": "Large return, two approvals"},
    "when": {"types": ["return_refund"], "from_cents": 200_000},
    "levels": [{"from_cents": 0, "role": "approver"}, {"from_cents": 200_000, "role": "manager"}],
    "deadlines": {"approve": {"days": 2}, "receive": {"days": 15}, "inspect": {"days": 2}, "dispose": {"days": 2}},
    "papers": ["receipt", "inspection"],
}
CAKES: Final = "SP-3005"
LOTS: Final = ("GH20260905", "GH20260920")
# (customer, pieces, lot): who has the cakes of the lot that is called back.
EATERS: Final = (("C003", 4, LOTS[0]), ("C010", 2, LOTS[0]), ("C013", 12, LOTS[0]), ("C014", 10, LOTS[1]))
# What the two who were written to said.
WORDS: Final = ("处理很快，第三天就收到退款，客服态度好。", "退款及时，包装要求说得再清楚些就更好了。")


def look_after() -> None:
    """Leave each page of these something to show."""
    _agree()
    _approve_twice()
    _call_back()
    numbers = [_written_to(n) for n in range(2)]
    for n, (number, stars, words) in enumerate(zip(numbers, (5, 4), WORDS, strict=True)):
        said = RateReturn(document=number, stars=stars, comment=words, by_customer=True, on=LAST_DAY)
        run(rate_return, f"care-rate-{n}", said)
    with clock.frozen(at(LAST_DAY)):
        tell_new()


def _agree() -> None:
    """Let two trading customers send back a share, and an amount; one has used some of it."""
    share = AgreeQuota(customer="K001", period="year", percent_e6=150_000, on=date(2026, 7, 1))
    amount = AgreeQuota(
        customer="K003", category="household", period="quarter", amount_cents=80_000, on=date(2026, 7, 1)
    )
    for n, wanted in enumerate((share, amount)):
        run(agree_quota, f"care-quota-{n}", wanted)
    _asked("quota", "K003", "JJ-4003", 1, "not_as_described", None, date(2026, 10, 5))


def _asked(name: str, customer: str, sku: str, pieces: int, reason: str, cents: int | None, day: date) -> str:
    """Sell, and have it asked back on the same day; without money it stays on account."""
    paid = "none" if cents is None else (Tender(tender="alipay", amount_cents=cents),)
    lines = (SellLine(sku=sku, quantity_e4=pieces * E4),)
    wanted = Sell(customer=customer, channel="online", warehouse="杭州仓", lines=lines, paid=paid, on=day)  # type: ignore[arg-type]
    sale = run(sell, f"care-{name}-sell", wanted)
    back = (RequestLine(sku=sku, quantity_e4=pieces * E4, reason=reason),)
    return run(request_return, f"care-{name}-request", RequestReturn(sale=sale, lines=back, on=day))


def _approve_twice() -> None:
    """Publish the flow of large returns; the first of two has agreed to one."""
    day = date(2026, 10, 26)
    run(publish_flow, "care-flow", publish_flow.parse({"code": "large", "on": day.isoformat(), "terms": LARGE}))
    number = _asked("large", "K002", "FS-2003", 6, "not_as_described", None, date(2026, 10, 28))
    with clock.frozen(at(date(2026, 10, 29))):
        first = actor_for(User.objects.get(username="qian"))
        approve_return(
            ApproveReturn(document=number, on=date(2026, 10, 29)), actor=first, key="demo-care-large-approve"
        )


def _call_back() -> None:
    """Call a lot of cakes back: everybody is asked, one could not be reached."""
    cakes = DefineProduct(
        sku=CAKES, name="桂花糕 礼盒 500g", category="food", unit="件", price_e6=scaled("58.00", 6), tax_rate_e6=130_000,
        tracking="lot", shelf_life_days=180, on=date(2026, 9, 10),
    )  # fmt: skip
    run(define_product, "care-cakes", cakes)
    came = tuple(
        PurchaseReceiptLine(
            sku=CAKES, quantity_e4=40 * E4, unit_cost_e6=scaled("26.00", 6), lot=lot, made_on=date(2026, 9, 5 + 15 * n)
        )
        for n, lot in enumerate(LOTS)
    )
    run(
        receive_purchase,
        "care-cakes-come",
        ReceivePurchase(supplier="V-SP", warehouse="杭州仓", lines=came, on=date(2026, 9, 24)),
    )
    for n, (customer, pieces, lot) in enumerate(EATERS):
        paid = (Tender(tender="wechat", amount_cents=pieces * 5_800),)
        lines = (SellLine(sku=CAKES, quantity_e4=pieces * E4, lot=lot),)
        order = Sell(
            customer=customer, channel="online", warehouse="杭州仓", lines=lines, paid=paid, on=date(2026, 10, 8 + n)
        )
        run(sell, f"care-cakes-sell-{n}", order)
    goods = (RecallGoods(sku=CAKES, codes=LOTS[:1]),)
    opened = OpenRecall(title="桂花糕批次召回", reason="供应商通知：包装封口不良", goods=goods, on=date(2026, 10, 28))
    recall = run(open_recall, "care-recall", opened)
    run(ask_recall, "care-recall-ask", AskRecall(document=recall, on=date(2026, 10, 28)))
    with clock.frozen(at(date(2026, 10, 28))):
        while work_off():
            pass
    lost = AnswerRecall(document=recall, customer="C010", answer="unreachable", on=date(2026, 10, 30))
    run(answer_recall, "care-recall-answer", lost)


def _written_to(n: int) -> str:
    """Take a return of somebody with an e-mail address all the way within two days, so that letters tell of it."""
    writer = RegisterPartner(
        code=f"C{101 + n}", is_customer=True, name=("沈书雅", "顾言")[n], email=f"customer{n + 1}@example.com",
        phone=f"1390000010{n}", on=date(2026, 10, 30),
    )  # fmt: skip
    run(register_partner, f"care-writer-{n}", writer)
    sku, cents, day = ("JJ-4001", "JJ-4002")[n], (23_900, 9_900)[n], date(2026, 10, 30)
    number = _asked(f"writer-{n}", writer.code, sku, 1, "not_as_described", cents, day)
    line: dict[str, Any] = {"sku": sku, "quantity_e4": E4}
    steps: tuple[tuple[Command[Any], Any], ...] = (
        (approve_return, ApproveReturn(document=number, on=day)),
        (receive_return, ReceiveReturn(document=number, lines=(ReceiveLine(**line),), on=day)),
        (inspect_return, InspectReturn(document=number, lines=(InspectLine(**line, grade="A"),), on=LAST_DAY)),
        (dispose_return, DisposeReturn(document=number, lines=(DisposeLine(**line, to="restock"),), on=LAST_DAY)),
        (settle_return, SettleReturn(document=number, paid_by_hand=True, on=LAST_DAY)),
        (close_return, CloseReturn(document=number, on=LAST_DAY)),
    )
    for step, (command, wanted) in enumerate(steps):
        run(command, f"care-writer-{n}-{step}", wanted)
    return number
