"""The drill: a worker is killed around a call to a gateway that misbehaves; then it is seen what became of the money.

Every run grants one refund, sends a worker (a process of its own) that dies at a point, then workers that live until the
refund is settled. In the end no refund is lost, none paid twice, and nothing unknown.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.cli.drill.gateway import Running, running
from backstock.cli.verification import verify
from backstock.core.amounts import E4, E6
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import balance
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.policies.commands.publish import PolicyTerms, PublishPolicy, publish_policy
from backstock.purchases.commands.receive import PurchaseReceiptLine, ReceivePurchase, receive_purchase
from backstock.refunds.commands.name_payment import NamePayment, name_payment
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.models import Refund
from backstock.refunds.outbox import Manner, pay_due
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.sales.commands.sell import Sell, SellLine, Tender, sell

TENDERS: Final = ("alipay", "wechat", "card")
# Where a worker dies: around writing down that it sends, around the call, and around writing down what came of it.
POINTS: Final = (
    "before_sent", "within_sent", "after_sent", "before_call", "during_call_unpaid", "during_call_paid", "answered",
    "before_recording", "within_recording", "recorded",
)  # fmt: skip
EARLY: Final = POINTS[:4]
DURING: Final = {"during_call_unpaid": "hold_before", "during_call_paid": "hold_after"}
# What the gateway does at its calls otherwise.
MOODS: Final = ("pay", "pay", "busy", "drop_before", "drop_after", "pend", "lie", "refuse")
AMOUNT_CENTS: Final = 10_000
# One of three pieces comes back: a second payment would not be stopped by what was paid.
SOLD: Final = 3
# Nothing is waited for: a dead worker's refund is free at once, and what is open is asked again at the next call.
AT_ONCE: Final = Manner(taken=timedelta(0), waits=(timedelta(0),))
MOST_CALLS: Final = 20


@dataclass(slots=True)
class Tally:
    """What was done and what came of it."""

    runs: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    not_reached: int = 0
    moods: Counter[str] = field(default_factory=Counter)
    asked_again: int = 0
    unknown: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    calls: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Tell whether the money is where it belongs."""
        return not (self.lost or self.twice or self.unresolved or self.problems)

    def plain(self) -> dict[str, Any]:
        """Return the tally as plain values."""
        return {
            "ok": self.is_good, "runs": self.runs, "killed": dict(sorted(self.killed.items())),
            "not_reached": self.not_reached, "moods": dict(sorted(self.moods.items())),
            "asked_again": self.asked_again, "unknown_seen": self.unknown, "lost": self.lost,
            "paid_twice": self.twice, "unresolved": self.unresolved, "gateway_calls": self.calls,
            "problems": self.problems,
        }  # fmt: skip


def drill(runs: int, seed: int) -> Tally:
    """Run the drill on the company of the default database."""
    rng, tally = Random(seed), Tally()
    with tempfile.TemporaryDirectory(prefix="backstock-drill-") as folder, running(Path(folder), 0.5) as gateway:
        before, settings.GATEWAYS_FILE = settings.GATEWAYS_FILE, str(gateway.config)
        try:
            for number, tender in _returns(runs, gateway):
                _run(number, tender, gateway, rng, tally)
            _judge(gateway, tally)
        finally:
            settings.GATEWAYS_FILE = before
    return tally


def _returns(runs: int, gateway: Running) -> Iterator[tuple[str, str]]:
    """Make a return for each run, and the payment at the gateway that it gives back."""
    define_product(DefineProduct(sku="DRILL", price_e6=100 * E6), actor=SYSTEM)
    register_partner(RegisterPartner(code="DRILL", is_customer=True, is_supplier=True), actor=SYSTEM)
    publish_policy(PublishPolicy(terms=PolicyTerms(approval="auto", refund_when="approved")), actor=SYSTEM)
    lines = (PurchaseReceiptLine(sku="DRILL", quantity_e4=SOLD * runs * E4, unit_cost_e6=60 * E6),)
    receive_purchase(ReceivePurchase(supplier="DRILL", lines=lines), actor=SYSTEM)
    tenders = [TENDERS[n % len(TENDERS)] for n in range(runs)]
    orders = [
        Sell(
            customer="DRILL", lines=(SellLine(sku="DRILL", quantity_e4=SOLD * E4),),
            paid=(Tender(tender=tender, amount_cents=SOLD * AMOUNT_CENTS),),
        )
        for tender in tenders
    ]  # fmt: skip
    sales = [done.document for done in sell.batch(orders, actor=SYSTEM) if hasattr(done, "document")]
    names = {sale: f"pi_{sale}" if tender == "card" else sale for sale, tender in zip(sales, tenders, strict=True)}
    cards = [NamePayment(sale=sale, tender="card", reference=name) for sale, name in names.items() if name != sale]
    name_payment.batch(cards, actor=SYSTEM)
    gateway.tell(payments=dict.fromkeys(names.values(), SOLD * AMOUNT_CENTS))
    asked = [
        RequestReturn(sale=sale, type="refund_only", lines=(RequestLine(sku="DRILL", quantity_e4=E4),))
        for sale in sales
    ]
    numbers = [done.document for done in request_return.batch(asked, actor=SYSTEM) if hasattr(done, "document")]
    return zip(numbers, tenders, strict=True)


def _run(number: str, tender: str, gateway: Running, rng: Random, tally: Tally) -> None:
    """Grant a refund, let a worker die over it, then have it settled."""
    settle_return(SettleReturn(document=number), actor=SYSTEM)
    point = POINTS[tally.runs % len(POINTS)]
    tally.runs += 1
    # An answer is written down only where one came.
    mood = DURING.get(point) or rng.choice(MOODS if point in EARLY else ("pay", "refuse"))
    tally.moods[mood] += 1
    _kill(point, mood, gateway, rng, tally)
    if rng.random() < 1 / 3:
        # It asks what became of the first call, and dies too.
        _kill(rng.choice(("before_query", "answered", "before_recording")), rng.choice(MOODS), gateway, rng, tally)
    gateway.tell(plan=[rng.choice(MOODS) for _ in range(rng.randrange(4))])
    for _ in range(MOST_CALLS):
        status = Refund.objects.values_list("status", flat=True).order_by("-pk")[0]
        tally.unknown += status == "unknown"
        if status == "failed":
            # A person settles once more: the same refund.
            settle_return(SettleReturn(document=number), actor=SYSTEM)
            tally.asked_again += 1
        elif status == "paid":
            break
        pay_due(most=1, manner=AT_ONCE)
    else:
        tally.unresolved.append(f"{number} {tender} {point} {mood}: {status}")
    pay_due(most=5, manner=AT_ONCE)


def _kill(point: str, mood: str, gateway: Running, rng: Random, tally: Tally) -> None:
    """Send a worker into a gateway of that mood, to die at a point."""
    gateway.tell(plan=[mood])
    if _worker_dies(point, rng.randrange(5), gateway):
        tally.killed[point] += 1
    else:
        tally.not_reached += 1


def _worker_dies(point: str, statement: int, gateway: Running) -> bool:
    """Send a worker that is killed at a point; tell whether it came so far."""
    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            pay_due(most=1, manner=Manner(taken=timedelta(0), waits=(timedelta(0),), pause=_dying(point, statement)))
        finally:
            os._exit(0)
    if point.startswith("during_call"):
        for _ in range(400):
            if gateway.tell()["held"]:
                os.kill(pid, signal.SIGKILL)
                break
            time.sleep(0.005)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def _dying(point: str, statement: int) -> Callable[[str], None]:
    """Return what kills this process at a point of its work."""
    recording = ("paid", "failed", "unknown")
    names = {
        "before_recording": {f"before_{status}" for status in recording},
        "recorded": {f"after_{status}" for status in recording},
    }.get(point, {point})
    within = {
        "within_sent": {"before_sent"}, "within_recording": {f"before_{status}" for status in recording},
    }.get(point, set())  # fmt: skip

    def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def pause(at: str) -> None:
        if at in names:
            die()
        if at in within:
            left = iter(range(statement))
            connection.execute_wrappers.append(
                lambda execute, sql, params, many, context: (
                    execute(sql, params, many, context) if next(left, None) is not None else die()
                )
            )

    return pause


def _judge(gateway: Running, tally: Tally) -> None:
    """Compare what the gateway paid with what we owed and what our books say."""
    found = gateway.tell()
    tally.calls = found["calls"]
    paid: dict[str, list[dict[str, Any]]] = {}
    for each in found["refunds"]:
        if each["times_paid"]:
            paid.setdefault(each["key"].partition("-")[0], []).append(each)
    for refund in Refund.objects.order_by("pk"):
        own = paid.get(refund.number, [])
        times = sum(each["times_paid"] for each in own)
        if times > 1:
            tally.twice.append(refund.number)
        if not times or sum(each["amount"] for each in own) < refund.amount_cents:
            tally.lost.append(refund.number)
        if refund.status != "paid" and refund.number not in tally.unresolved:
            tally.unresolved.append(f"{refund.number} {refund.status}")
    tally.problems = [str(problem) for problem in verify().problems]
    if owed := balance(Role.refunds_payable):
        tally.problems.append(f"refunds payable is {owed}")
