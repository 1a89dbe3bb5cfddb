"""A return costs few statements, and a hundred returns cost hardly more than one: nothing is asked in a loop."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstock.core.commands import REGISTRY
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.returns.commands.approve import ApproveReturn, RejectReturn, approve_return, reject_return
from backstock.returns.commands.cancel import CancelReturn, CloseReturn, cancel_return, close_return
from backstock.returns.commands.dispose import dispose_return
from backstock.returns.commands.edit import edit_return
from backstock.returns.commands.inspect import inspect_return
from backstock.returns.commands.receive import receive_return
from backstock.returns.commands.request import request_return
from backstock.returns.commands.undo import UndoStep, undo_step
from tests import build
from tests.build import DAY

BUDGET = 60  # per whole return, six commands
SPARE = 3  # a batch may need a few more than one item, whatever its size
MANY = 100
BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SHOW ")


def statements(run):
    """Run something and give the statements it sent, without those that only open and close transactions."""
    with CaptureQueriesContext(connection) as captured:
        run()
    return [query["sql"] for query in captured.captured_queries if not query["sql"].lstrip().startswith(BOOKKEEPING)]


LIFE = {
    "request": (request_return, lambda sale, rma: build.request(sale)),
    "approve": (approve_return, lambda sale, rma: ApproveReturn(document=rma, on=DAY)),
    "receive": (receive_return, lambda sale, rma: build.receipt(rma)),
    "inspect": (inspect_return, lambda sale, rma: build.inspection(rma)),
    "dispose": (dispose_return, lambda sale, rma: build.disposal(rma)),
    "settle": (settle_return, lambda sale, rma: SettleReturn(document=rma, on=DAY)),
}


def step(name, sales, rmas):
    """Take one step with a return of each sale in one batch; give its answers and the number of statements."""
    command, make = LIFE[name]
    inputs, answers = [make(sale, rma) for sale, rma in zip(sales, rmas, strict=True)], []
    sent = statements(lambda: answers.extend(command.batch(inputs, actor=SYSTEM)))
    return [answer.document for answer in answers], len(sent)


def lifecycle(sales):
    """Take one return of each sale through all six steps; give the number of statements of each step."""
    rmas, counts = [""] * len(sales), {}
    for name in LIFE:
        rmas, counts[name] = step(name, sales, rmas)
    return counts


def test_a_whole_return_takes_at_most_sixty_statements(shop, record_property):
    counts = lifecycle([build.sold()])

    for name, count in counts.items():
        record_property(f"statements_{name}", count)
    assert sum(counts.values()) <= BUDGET, counts


def test_a_hundred_returns_take_hardly_more_statements_than_one(shop):
    build.bought(quantity=1_000)
    one = lifecycle([build.sold(quantity=1)])
    many = lifecycle([build.sold(quantity=1) for _ in range(MANY)])

    assert {name: count for name, count in many.items() if count > one[name] + SPARE} == {}


def _returns(count, reach):
    return [reach(build.sold(quantity=1, paid="none")) for _ in range(count)]


BESIDE = {
    "reject": (reject_return, build.requested, lambda rma: RejectReturn(document=rma, on=DAY)),
    "cancel": (cancel_return, build.requested, lambda rma: CancelReturn(document=rma, on=DAY)),
    "edit": (
        edit_return, build.requested,
        lambda rma: edit_return.parse({"document": rma, "lines": [{"sku": "A", "quantity_e4": 10_000}]}),
    ),
    "close": (close_return, lambda sale: build.on_the_dock(number=sale), lambda rma: CloseReturn(document=rma, on=DAY)),
    "undo receive": (
        undo_step, lambda sale: build.on_the_dock(number=sale), lambda rma: UndoStep(document=rma, what="receive", on=DAY),
    ),
    "undo dispose": (
        undo_step, lambda sale: build.back_on_the_shelf(number=sale),
        lambda rma: UndoStep(document=rma, what="dispose", on=DAY),
    ),
    "undo settlement": (
        undo_settlement, lambda sale: build.settled(build.back_on_the_shelf(number=sale)),
        lambda rma: UndoSettlement(document=rma, on=DAY),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_so_do_the_steps_beside_the_process(shop, name):
    build.bought(quantity=100)
    command, reach, make = BESIDE[name]
    counts = []
    for size in (1, 20):
        inputs = [make(rma) for rma in _returns(size, reach)]
        counts.append(len(statements(lambda inputs=inputs: command.batch(inputs, actor=SYSTEM))))
    assert counts[1] <= counts[0] + SPARE


def _raw(name):
    """An input of a command of trade in a state of its own."""
    line = {"sku": "A", "quantity_e4": 10_000}
    return {
        "purchases.receive": lambda: {"supplier": "JIN", "lines": [{**line, "unit_cost_e6": 1}]},
        "sales.sell": lambda: {"customer": "SUN", "lines": [line]},
        "sales.ship": lambda: {"sale": build.sold(quantity=1, shipped="none"), "lines": [line]},
        "sales.invoice": lambda: {"sale": build.sold(invoiced=False, paid="none")},
        "sales.pay": lambda: {"sale": build.sold(paid="none"), "tenders": [{"tender": "card", "amount_cents": 1}]},
    }[name]()


@pytest.mark.parametrize("name", ["purchases.receive", "sales.sell", "sales.ship", "sales.invoice", "sales.pay"])
def test_so_do_purchases_sales_shipments_bills_and_payments(shop, name):
    build.bought(quantity=1_000)
    command, counts = REGISTRY[name], []
    for size in (1, 20):
        inputs = [command.parse({**_raw(name), "on": "2026-01-05"}) for _ in range(size)]
        counts.append(len(statements(lambda inputs=inputs: command.batch(inputs, actor=SYSTEM))))
    assert counts[1] <= counts[0] + SPARE
