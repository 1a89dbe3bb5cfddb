"""Seed a year of trade under a frozen clock: the same seed gives the same ledgers, a second run adds nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from backstock.catalog.commands.arrange import ArrangeCategory, arrange_categories
from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.core import clock
from backstock.core.amounts import E4, scaled
from backstock.core.commands import Command, Done, Outcome
from backstock.core.people import AddUser, add_user
from backstock.core.permissions import SYSTEM
from backstock.demo import goods
from backstock.demo.year import Plan, plan_year
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.policies.commands.publish import publish_policy
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.publish_inspection import publish_inspection
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell
from backstock.warehouse.commands.found import FoundCompany, found_company

FIRST_DAY: Final = date(2025, 11, 1)
PASSWORD: Final = "backstock-demo"
SEED: Final = 20251101


def at(day: date) -> datetime:
    """Return the frozen instant of a business day: noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def found() -> None:
    """Make the company with its people, goods, partners and policy."""
    with clock.frozen(at(FIRST_DAY)):
        company = FoundCompany(
            name="杭州归仓商贸有限公司", tax_mode="inclusive", made_by="demo", warehouses=("杭州仓", "宁波仓")
        )
        found_company(company, actor=SYSTEM, key="demo-company")
        employ()
        _keyed(
            define_product,
            "product",
            [
                DefineProduct(
                    sku=sku, name=name, category=category, unit="件", price_e6=scaled(price, 6), tax_rate_e6=130_000
                )
                for sku, name, category, price, _ in goods.PRODUCTS
            ],
        )
        tree = [ArrangeCategory(code=code, name_zh=zh, name_en=en) for code, zh, en in goods.CATEGORIES]
        _keyed(arrange_categories, "category", tree)
        customers = [
            RegisterPartner(code=f"C{n:03d}", is_customer=True, name=name, phone=f"1380000{n:04d}", address="浙江省")
            for n, name in enumerate(goods.CUSTOMERS, 1)
        ]
        suppliers = [RegisterPartner(code=code, is_supplier=True, name=name) for code, name in goods.SUPPLIERS]
        _keyed(register_partner, "partner", customers + suppliers)
        policy = publish_policy.parse({"valid_from": FIRST_DAY.isoformat(), "terms": goods.POLICY})
        publish_policy(policy, actor=SYSTEM, key="demo-policy")
        rules = publish_inspection.parse({"valid_from": FIRST_DAY.isoformat(), "terms": goods.INSPECTION})
        publish_inspection(rules, actor=SYSTEM, key="demo-inspection")


def employ() -> None:
    """Add the people of the demo, one for each role."""
    people = [AddUser(username=u, display_name=n, roles=roles, password=PASSWORD) for u, n, roles in goods.PEOPLE]
    _keyed(add_user, "person", people)


def _keyed(command: Command[Any], name: str, inputs: Sequence[Any]) -> list[Outcome]:
    """Run a batch whose keys make a second run add nothing."""
    return command.batch(inputs, actor=SYSTEM, keys=[f"demo-{name}-{n}" for n in range(len(inputs))]) if inputs else []


def trade(progress: Callable[[int, int], None]) -> None:
    """Trade for a year, month by month: buy, sell, take back."""
    year = plan_year(random.Random(SEED), FIRST_DAY)
    sales: dict[str, str] = {}
    for month, plan in enumerate(year, 1):
        with clock.frozen(at(plan.first_day)):
            _keyed(receive_purchase, f"purchase-{month}", [_purchase(*each) for each in plan.purchases])
        with clock.frozen(at(plan.last_day)):
            orders = [_order(*each[1:]) for each in plan.sales]
            for (key, *_), outcome in zip(plan.sales, _keyed(sell, f"sale-{month}", orders), strict=True):
                if isinstance(outcome, Done):
                    sales[key] = outcome.document
            _take_back(month, plan, sales)
        progress(month, len(year))


def _purchase(supplier: str, day: date, warehouse: str, lines: list[tuple[str, int, str]]) -> ReceivePurchase:
    bought = tuple(
        PurchaseReceiptLine(sku=sku, quantity_e4=pieces * E4, unit_cost_e6=scaled(cost, 6))
        for sku, pieces, cost in lines
    )
    return ReceivePurchase(supplier=supplier, warehouse=warehouse, lines=bought, on=day)


def _order(customer: str, day: date, channel: str, tender: str, lines: list[tuple[str, int]], cents: int) -> Sell:
    return Sell(
        customer=customer,
        channel=channel,
        warehouse="杭州仓",
        lines=tuple(SellLine(sku=sku, quantity_e4=pieces * E4) for sku, pieces in lines),
        paid=(Tender(tender=tender, amount_cents=cents),),
        on=day,
    )


def _take_back(month: int, plan: Plan, sales: dict[str, str]) -> None:
    """Take the month's returns through as many steps as each has come."""
    requests = [
        RequestReturn(
            sale=sales[r.sale],
            lines=(
                RequestLine(
                    sku=r.sku, quantity_e4=r.pieces * E4, reason=r.reason, opened=r.grade != "A" or r.day.day % 2 == 0
                ),
            ),
            evidence=("外箱破损.jpg",) if r.reason == "in_transit" else (),
            on=r.day,
        )
        for r in plan.returns
    ]
    outcomes = _keyed(request_return, f"request-{month}", requests)
    known = [(r, o) for r, o in zip(plan.returns, outcomes, strict=True) if isinstance(o, Done)]
    waiting = [(r, o.document) for r, o in known if o.answer["status"] == "requested" and r.steps >= 1]
    approvals = [ApproveReturn(document=number, on=_later(r.day, 1)) for r, number in waiting]
    _keyed(approve_return, f"approve-{month}", approvals)
    _steps(month, [(r.sku, r.pieces, r.day, r.grade, r.to, r.worth_cents, r.steps, o.document) for r, o in known])


def _paid(number: str, on: date) -> SettleReturn:
    """Settle and pay: of a made-up year most money has left long ago, of its last days some still waits."""
    return SettleReturn(document=number, paid_by_hand=on < FIRST_DAY + timedelta(days=350), on=on)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


Coming = tuple[str, int, date, str, str, int, int, str]


def _steps(month: int, returns: Sequence[Coming]) -> None:
    arrived = [each for each in returns if each[6] >= 2]
    _keyed(
        receive_return,
        f"receive-{month}",
        [
            ReceiveReturn(document=number, lines=(ReceiveLine(sku=sku, quantity_e4=n * E4),), on=_later(day, 4))
            for sku, n, day, _, _, _, _, number in arrived
        ],
    )
    checked = [each for each in returns if each[6] >= 3]
    _keyed(
        inspect_return,
        f"inspect-{month}",
        [
            InspectReturn(
                document=number,
                lines=(InspectLine(sku=sku, quantity_e4=n * E4, grade=grade),),  # type: ignore[arg-type]
                on=_later(day, 5),
            )
            for sku, n, day, grade, _, _, _, number in checked
        ],
    )
    _finish(month, [each for each in returns if each[6] >= 4])


def _finish(month: int, returns: Sequence[Coming]) -> None:
    _keyed(
        dispose_return,
        f"dispose-{month}",
        [
            DisposeReturn(
                document=number,
                lines=(
                    DisposeLine(
                        sku=sku,
                        quantity_e4=n * E4,
                        to=to,  # type: ignore[arg-type]
                        value_cents=worth if to == "restock_discounted" else None,
                    ),
                ),
                on=_later(day, 6),
            )
            for sku, n, day, _, to, worth, _, number in returns
        ],
    )
    settled = [each for each in returns if each[6] >= 5]
    _keyed(settle_return, f"settle-{month}", [_paid(e[7], _later(e[2], 7)) for e in settled])
    closed = [each for each in returns if each[6] >= 6]
    _keyed(close_return, f"close-{month}", [CloseReturn(document=e[7], on=_later(e[2], 7)) for e in closed])
