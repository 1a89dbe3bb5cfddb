"""Any trade, with any mistakes in it, keeps both ledgers right: random commands, and every check after every step."""

from collections import Counter
from contextlib import ExitStack

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from backstock.cli.replay.runner import database_state
from backstock.core.commands import REGISTRY, Done
from backstock.core.errors import DomainError
from backstock.core.permissions import SYSTEM
from tests import build
from tests.cast import HE, JIN, SUN
from tests.invariants import broken_invariants
from tests.properties.sizes import small

POLICIES = [
    {},
    {"approval": "auto", "inspection": "none", "refund_when": "received"},
    {
        "refund_when": "inspected",
        "restocking_fee_e6": 150_000,
        "refund_shipping": "full_return",
        "return_deadline_days": 3,
    },
    {"approval": "auto", "refund_when": "approved", "refund_shipping": "always", "reject_when": [{"sku": "L"}]},
    {"window_days": 4, "refund_to": "store_credit", "review_when": [{"sku": "A"}], "inspection": "none"},
]
# Few, so that steps meet; 0, a half, and far too many are among them.
QUANTITY = st.sampled_from([10_000, 20_000, 30_000, 10_000, 5_000, 0, 990_000])
SKU = st.sampled_from(["A", "L", "S", "K", "B"])
CENTS = st.sampled_from([0, 1, 333, 1_000, 10_000, 99_999])
LOT = st.sampled_from([None, "L1", "L2"])
SERIALS = st.lists(st.integers(0, 9), max_size=3).map(lambda picked: [f"N{n}" for n in picked])
DAY = st.integers(5, 12)
TO = ["restock", "restock_discounted", "repair", "return_to_vendor", "scrap", "donate", "send_back"]
MODE = st.sampled_from(["all", "each", "each"])


class Trade(RuleBasedStateMachine):
    """A shop with a plain product, one in lots, one in serials, one in halves, and a kit."""

    sales, returns = Bundle("sales"), Bundle("returns")

    def __init__(self, scratch, cost_method, seen):
        super().__init__()
        self.seen = seen
        self.scratch, self.cost_method, self.opened, self.serials = scratch, cost_method, ExitStack(), 0

    @initialize(
        policy=st.sampled_from(POLICIES),
        tax_mode=st.sampled_from(["exclusive", "inclusive"]),
        return_cost=st.sampled_from(["original", "original", "current"]),
        coin=st.sampled_from([1, 1, 5]),
    )
    def open_shop(self, policy, tax_mode, return_cost, coin):
        self.opened.enter_context(self.scratch.database())
        build.found(
            cost_method=self.cost_method, tax_mode=tax_mode, return_cost=return_cost, cash_rounding_cents=coin,
            warehouses=("N", "S"),
        )  # fmt: skip
        for code in (SUN, HE):
            build.customer(code)
        build.supplier(JIN)
        build.product("A", "33.33", tax="0.13")
        build.product("L", 50, tracking="lot")
        build.product("S", 100, tracking="serial", tax="0.06")
        build.product("B", "0.07", unit_decimals=4, units={"box": 12})
        build.product("K", 90, tax="0.13", kit={"A": 1, "B": "1.5"})
        build.policy(**policy)

    def teardown(self):
        self.opened.close()

    def attempt(self, name, *raws, mode="all"):
        """Run a command as a batch; all of it or nothing, a typed refusal or an answer. Gives the documents."""
        before = database_state()
        try:
            outcomes = REGISTRY[name].batch([REGISTRY[name].parse(raw) for raw in raws], actor=SYSTEM, mode=mode)
        except DomainError:
            outcomes = []
        done = [outcome.document for outcome in outcomes if isinstance(outcome, Done)]
        self.seen[name, "done" if done else "refused"] += 1
        assert (database_state() == before) == (not done)
        return multiple(*done)

    def step(self, name, rma, sku, quantity, day, mode, lines=1, **line):
        raw = {
            "document": rma,
            "on": f"2026-01-{day:02d}",
            "lines": [{"sku": sku, "quantity_e4": quantity, **line}] * lines,
        }
        self.attempt(name, *[raw] * (2 if mode == "each" else 1), mode=mode)

    @rule(sku=st.sampled_from("ALSB"), quantity=QUANTITY, cost=CENTS, lot=LOT, place=st.sampled_from("NNS"))
    def purchase(self, sku, quantity, cost, lot, place):
        line = {"sku": sku, "quantity_e4": quantity, "unit_cost_e6": cost * 10_000, "lot": lot}
        line["serials"] = [f"N{self.serials + n}" for n in range(min(quantity // 10_000, 3))] if sku == "S" else []
        self.serials = (self.serials + len(line["serials"])) % 12
        self.attempt("purchases.receive", {"supplier": JIN, "warehouse": place, "lines": [line], "on": "2026-01-05"})

    @rule(
        target=sales, skus=st.lists(SKU, min_size=1, max_size=3), quantity=QUANTITY, serials=SERIALS, lot=LOT, discount=CENTS,
        shipping=CENTS, shipped=st.sampled_from(["all", "all", "none"]), invoiced=st.booleans(), paid=st.integers(0, 3), copies=st.integers(1, 2),
    )  # fmt: skip
    def sell(self, skus, quantity, serials, lot, discount, shipping, shipped, invoiced, paid, copies):
        lines = [
            {"sku": sku, "quantity_e4": quantity, "lot": lot, "serials": serials if sku == "S" else []} for sku in skus
        ]
        tenders = ["all", "none", [{"tender": "card", "amount_cents": 1_000}], [
            {"tender": "cash", "amount_cents": 1_500}, {"tender": "store_credit", "amount_cents": 777},
        ]]  # fmt: skip
        raw = {
            "customer": SUN, "lines": lines, "order_discount_cents": discount, "shipping_cents": shipping, "shipped": shipped,
            "invoiced": invoiced, "paid": tenders[paid], "on": "2026-01-05", "warehouse": "N",
        }  # fmt: skip
        return self.attempt("sales.sell", *[raw] * copies, mode="each")

    @rule(
        sale=sales,
        sku=SKU,
        quantity=QUANTITY,
        serials=SERIALS,
        lot=LOT,
        lines=st.integers(1, 2),
        copies=st.integers(1, 2),
    )
    def ship(self, sale, sku, quantity, serials, lot, lines, copies):
        line = {"sku": sku, "quantity_e4": quantity, "serials": serials if sku == "S" else [], "lot": lot}
        raw = {"sale": sale, "lines": [line] * lines, "on": "2026-01-06"}
        self.attempt("sales.ship", *[raw] * copies, mode="each")

    @rule(sale=sales, copies=st.integers(1, 2))
    def invoice(self, sale, copies):
        self.attempt("sales.invoice", *[{"sale": sale, "on": "2026-01-06"}] * copies, mode="each")

    @rule(sale=sales, cents=CENTS, tender=st.sampled_from(["cash", "card", "store_credit"]), copies=st.integers(1, 2))
    def pay(self, sale, cents, tender, copies):
        raw = {"sale": sale, "tenders": [{"tender": tender, "amount_cents": cents}], "on": "2026-01-06"}
        self.attempt("sales.pay", *[raw] * copies, mode="each")

    @rule(
        target=returns, sale=sales, other=st.none() | sales, sku=SKU, quantity=QUANTITY, serials=SERIALS, lot=LOT, day=DAY,
        type=st.sampled_from(["return_refund"] * 4 + ["refund_only", "exchange", "repair"]), copies=st.integers(1, 2), mode=MODE,
    )  # fmt: skip
    def request(self, sale, other, sku, quantity, serials, lot, day, type, copies, mode):
        line = {"sku": sku, "quantity_e4": quantity, "serials": serials if sku == "S" else [], "lot": lot}
        lines = [line, {**line, "sale": other}] if other else [line]
        raw = {"sale": sale, "lines": lines, "type": type, "on": f"2026-01-{day:02d}"}
        return self.attempt("returns.request", *[raw] * copies, mode=mode)

    @rule(target=returns, sku=SKU, quantity=QUANTITY, price=CENTS, cost=st.none() | CENTS)
    def request_without_a_sale(self, sku, quantity, price, cost):
        line = {"sku": sku, "quantity_e4": quantity, "unit_price_e6": price * 10_000}
        line |= {} if cost is None else {"unit_cost_e6": cost * 10_000}
        return self.attempt("returns.request", {"customer": HE, "lines": [line], "on": "2026-01-07"})

    @rule(rma=returns, sku=SKU, quantity=QUANTITY, serials=SERIALS, lot=LOT, day=DAY, mode=MODE)
    def edit(self, rma, sku, quantity, serials, lot, day, mode):
        self.step("returns.edit", rma, sku, quantity, day, mode, lot=lot, serials=serials if sku == "S" else [])

    @rule(
        rma=returns,
        day=DAY,
        copies=st.integers(1, 2),
        name=st.sampled_from(["approve"] * 5 + ["reject", "cancel", "close"]),
    )
    def decide(self, rma, day, copies, name):
        raw = {"document": rma, "on": f"2026-01-{day:02d}"}
        self.attempt(f"returns.{name}", *[raw] * copies, mode="each")

    @rule(rma=returns, sku=SKU, quantity=QUANTITY, day=DAY, lines=st.integers(1, 2), mode=MODE)
    def approve_a_part(self, rma, sku, quantity, day, lines, mode):
        self.step("returns.approve", rma, sku, quantity, day, mode, lines)

    @rule(
        rma=returns, sku=SKU, quantity=QUANTITY, serials=SERIALS, lot=LOT, day=DAY, lines=st.integers(1, 2), mode=MODE,
        found=st.sampled_from(["received"] * 3 + ["damaged", "missing", "wrong_item"]),
    )  # fmt: skip
    def receive(self, rma, sku, quantity, serials, lot, day, lines, mode, found):
        own = {"lot": lot, "serials": serials if sku == "S" else [], "found": found}
        self.step("returns.receive", rma, sku, quantity, day, mode, lines, **own)

    @rule(
        rma=returns, sku=SKU, quantity=QUANTITY, day=DAY, lines=st.integers(1, 2), mode=MODE,
        accepted=st.sampled_from([True, True, False]), grade=st.sampled_from([None, "A", "B", "D"]),
    )  # fmt: skip
    def inspect(self, rma, sku, quantity, day, lines, mode, accepted, grade):
        self.step("returns.inspect", rma, sku, quantity, day, mode, lines, accepted=accepted, grade=grade)

    @rule(
        rma=returns, sku=SKU, quantity=QUANTITY, day=DAY, lines=st.integers(1, 2), mode=MODE, to=st.sampled_from(TO),
        value=st.none() | CENTS,
    )  # fmt: skip
    def dispose(self, rma, sku, quantity, day, lines, mode, to, value):
        self.step("returns.dispose", rma, sku, quantity, day, mode, lines, to=to, value_cents=value)

    @rule(
        rma=returns, day=DAY, amount=st.none() | CENTS, fee=st.none() | CENTS, shipping=st.none() | CENTS, copies=st.integers(1, 2),
        to=st.sampled_from(["original", "original", "store_credit", "receivable", "cash"]),
    )  # fmt: skip
    def settle(self, rma, day, amount, fee, shipping, copies, to):
        raw = {"document": rma, "on": f"2026-01-{day:02d}", "to": to}
        raw |= {} if amount is None else {"amount_cents": amount}
        raw |= {} if fee is None else {"fee_cents": fee}
        raw |= {} if shipping is None else {"shipping_cents": shipping}
        self.attempt("refunds.settle", *[raw] * copies, mode="each")

    @rule(rma=returns, what=st.sampled_from(["receive", "inspect", "dispose"]), copies=st.integers(1, 2))
    def undo(self, rma, what, copies):
        raw = {"document": rma, "what": what, "on": "2026-01-12"}
        self.attempt("returns.undo", *[raw] * copies, mode="each")

    @rule(rma=returns, copies=st.integers(1, 2))
    def undo_settlement(self, rma, copies):
        self.attempt("refunds.undo_settlement", *[{"document": rma, "on": "2026-01-12"}] * copies, mode="each")

    @invariant()
    def everything_holds(self):
        assert broken_invariants() == []


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_any_trade_keeps_both_ledgers_right(scratch, cost_method):
    seen = Counter()
    run_state_machine_as_test(lambda: Trade(scratch, cost_method, seen), settings=small(sqlite=20, postgres=8, steps=25))
    for k,v in sorted(seen.items()): print(k,v)
    assert 0
