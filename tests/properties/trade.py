"""A shop in which anything is tried: random commands, sensible ones and mistaken ones, each from a number of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from backstock.catalog.commands.define import define_product
from backstock.catalog.models import Lot
from backstock.cli.replay.runner import writes
from backstock.core.commands import REGISTRY, Done
from backstock.core.errors import DomainError
from backstock.core.permissions import SYSTEM
from backstock.purchases.commands.receive import receive_purchase
from backstock.returns.queries import legal_actions, loaded_return
from backstock.sales.queries import loaded_sale
from tests import build
from tests.cast import HE, JIN, SUN

POLICIES: list[dict[str, Any]] = [
    {},
    {"approval": "auto", "inspection": "none", "refund_when": "received"},
    {
        "refund_when": "inspected",
        "restocking_fee_e6": 150_000,
        "refund_shipping": "full_return",
        "return_deadline_days": 3,
    },
    {"approval": "auto", "refund_when": "approved", "refund_shipping": "always", "reject_when": [{"sku": "L"}]},
    {
        "approval": "auto",
        "inspection": "none",
        "cross_ship": True,
        "cross_ship_deadline_days": 3,
        "exchange_fee_e6": 33_000,
    },
    {"window_days": 4, "refund_to": "store_credit", "review_when": [{"sku": "A"}], "inspection": "none"},
]
# Few, so that steps meet; 0, a half, and far too many are among them.
QUANTITIES = [10_000, 10_000, 10_000, 20_000, 20_000, 30_000, 5_000, 0, 990_000]
CENTS = [0, 1, 333, 1_000, 10_000, 99_999]
SKUS = ["A", "A", "L", "S", "K", "B"]
LOTS = [None, "L1", "L1", "L2", "LX"]
TO = ["restock", "restock", "restock_discounted", "repair", "return_to_vendor", "scrap", "donate", "send_back"]
PAID: list[Any] = [
    "all", "all", "none", [{"tender": "card", "amount_cents": 1_000}],
    [{"tender": "cash", "amount_cents": 1_500}, {"tender": "store_credit", "amount_cents": 777}],
]  # fmt: skip
TYPES = ["return_refund"] * 6 + ["refund_only", "exchange", "repair"]
# The usual way, in its order.
FORWARD = [
    *(f"returns.{step}" for step in ("approve", "receive", "inspect", "dispose")), "refunds.settle", "returns.vendor_credit",
]  # fmt: skip
# What is done, how often.
ACTIONS = [
    "purchase", "sell", "ship", "invoice", "pay", "request", "request", "blind", "edit", "decide", "approve_a_part",
    "receive", "dispose", "vendor_credit", "settle", "settle", "undo", "undo_settlement", "return_to_a_depth", "return_to_a_depth",
    "return_to_a_depth", *["go_on"] * 8,
]  # fmt: skip


class Trade:
    """A shop with a plain product, one in lots, one in serials, one in fractions, and a kit."""

    # Who does what is tried.
    actor = SYSTEM

    def __init__(
        self,
        cost_method: str,
        rng: Random,
        seen: Counter[tuple[str, str]],
        broken: Callable[[], list[str]] | None = None,
    ) -> None:
        self.seen, self.rng = seen, rng
        # Asked after every command that took effect.
        self.broken = broken or list
        self.story: list[str] = []
        self.sales: list[str] = []
        self.returns: list[str] = []
        # What the last batch answered.
        self.answers: list[dict[str, Any]] = []
        self.serials = [f"N{n}" for n in range(8)]
        # As the last command left it; whoever writes something else in between forgets it.
        self.state = ""
        build.found(
            cost_method=cost_method, tax_mode=rng.choice(["exclusive", "inclusive"]), warehouses=("N", "S"),
            return_cost=rng.choice(["original", "original", "current"]), cash_rounding_cents=rng.choice([1, 1, 5]),
        )  # fmt: skip
        for code in (SUN, HE):
            build.customer(code)
        build.supplier(JIN)
        goods = [
            build.goods("A", "33.33", tax="0.13"), build.goods("L", 50, tracking="lot"), build.goods("S", 100, tracking="serial", tax="0.06"),
            build.goods("B", "0.07", unit_decimals=4, units={"box": 12}),
        ]  # fmt: skip
        define_product.batch(goods, actor=SYSTEM)
        build.product("K", 90, tax="0.13", kit={"A": 1, "B": "1.5"})
        build.policy(**rng.choice(POLICIES))
        stock = (("A", 20, None), ("A", "21.01", None), ("L", 30, "L1"), ("L", 33, "L2"), ("B", "0.05", None))
        bought = [build.purchase(sku, 12, cost, warehouse="N", lot=lot) for sku, cost, lot in stock]
        bought += [build.purchase("S", 8, "70.10", serials=tuple(self.serials), warehouse="N")]
        receive_purchase.batch(bought, actor=SYSTEM)
        lines = [self.line(sku, 40_000, "L1") for sku in "ALSKB"]
        sale = {"customer": SUN, "lines": lines, "shipping_cents": 1_000, "warehouse": "N", "paid": rng.choice(PAID)}
        self.sales += self.attempt("sales.sell", {**sale, "on": "2026-01-05"})

    def act(self, action: str, seed: int) -> None:
        """Do one thing; the same action with the same number in the same shop does the same."""
        self.rng = Random(seed)
        getattr(self, action)()

    def attempt(self, name: str, *raws: dict[str, Any], mode: Any = "all") -> list[str]:
        """Run a batch: an effect and an answer, or a typed refusal and no trace. Gives the documents."""
        before = self.state or writes()
        self.story.append(f"{name} {mode} {list(raws)}")
        try:
            outcomes = REGISTRY[name].batch([REGISTRY[name].parse(raw) for raw in raws], actor=self.actor, mode=mode)
        except DomainError:
            outcomes = []
        done = [outcome.document for outcome in outcomes if isinstance(outcome, Done)]
        self.answers = [outcome.answer for outcome in outcomes if isinstance(outcome, Done)]
        self.story[-1] += f" → {done or 'refused'}"
        self.seen[name, "done" if done else "refused"] += 1
        self.state = writes()
        assert (self.state == before) == (not done), f"{name}: {outcomes}"
        if done and (broken := self.broken()):
            raise AssertionError("\n".join(broken))
        return done

    # What is drawn

    def day(self) -> str:
        return f"2026-01-{self.rng.randint(6, 9):02d}"

    def twice(self) -> int:
        return self.rng.choice([1, 1, 1, 2])

    def sale(self) -> str:
        return self.rng.choice(self.sales)

    def rma(self) -> str:
        """One of the latest returns, so that some of them come far; seldom a number that does not exist."""
        if not self.returns and self.rng.random() < 0.8:
            self.piece_back()
        return self.rng.choice(self.returns[-4:] or ["R999"])

    def piece_back(self, type_: str = "return_refund", sale: str = "") -> str:
        """Ask a piece of a sale, the first one, back and have it allowed; the number, or nothing."""
        raw = {"sale": sale or self.sales[0], "lines": [self.line("A", 10_000)], "type": type_, "on": "2026-01-06"}
        rma = next(iter(self.attempt("returns.request", raw)), "")
        if rma:
            self.returns.append(rma)
            self.finish("returns.approve", rma)
        return rma

    def line(self, sku: str = "", quantity: int | None = None, lot: str | None = "") -> dict[str, Any]:
        """Describe a line; serials are some that follow each other."""
        sku = sku or self.rng.choice(SKUS)
        quantity = self.rng.choice(QUANTITIES) if quantity is None else quantity
        first, count = self.rng.randrange(8), min(quantity // 10_000, 4) if sku == "S" else 0
        lot = (self.rng.choice(LOTS) if lot == "" else lot) if sku == "L" else None
        serials = [self.serials[(first + n) % len(self.serials)] for n in range(count)]
        return {"sku": sku, "quantity_e4": quantity, "lot": lot, "serials": serials}

    def piece_here(self) -> str:
        """Ask a piece back that arrives and is looked at; the number, or nothing."""
        if rma := self.piece_back():
            for name in ("returns.receive", "returns.inspect"):
                self.attempt(name, {"document": rma, "lines": [self.line("A", 10_000)], "on": "2026-01-07"})
        return rma

    def step(self, name: str, rma: str, line: dict[str, Any], **header: Any) -> None:
        """Run a step with the same line once or twice, in one item or in two, together or one by one."""
        lines, items = self.rng.choice([(1, 1), (1, 1), (1, 1), (2, 1), (1, 2)])
        raw = {"document": rma, "on": self.day(), "lines": [line] * lines, **header}
        self.attempt(name, *[raw] * items, mode=self.rng.choice(["all", "each"]))

    # What is done

    def purchase(self) -> None:
        line = self.line(self.rng.choice("ALSB")) | {"unit_cost_e6": self.rng.choice(CENTS) * 10_000}
        if line["sku"] == "S" and self.rng.random() < 0.7:
            line["serials"] = [f"N{len(self.serials) + n}" for n in range(len(line["serials"]))]
            self.serials += line["serials"]
        raw = {"supplier": JIN, "warehouse": self.rng.choice("NNS"), "lines": [line], "on": "2026-01-05"}
        self.attempt("purchases.receive", *[raw] * self.twice(), mode="each")

    def sell(self) -> None:
        raw = {
            "customer": self.rng.choice([SUN, SUN, HE]), "lines": [self.line() for _ in range(self.rng.randint(1, 3))],
            "order_discount_cents": self.rng.choice([0, 0, 0, 1, 100]), "shipping_cents": self.rng.choice([0, 0, 500]),
            "shipped": self.rng.choice(["all", "none"]), "invoiced": self.rng.choice([True, False]),
            "paid": self.rng.choice(PAID), "on": "2026-01-05", "warehouse": "N",
        }  # fmt: skip
        self.sales += self.attempt("sales.sell", *[raw] * self.twice(), mode="each")

    def ship(self) -> None:
        """Ship a line of one of the latest sales, mostly one that waits and as much as is left of it."""
        if self.rng.random() < 0.5:
            raw = {
                "customer": SUN,
                "lines": [self.line("A", 20_000)],
                "shipped": "none",
                "invoiced": False,
                "paid": "none",
            }
            self.sales += self.attempt("sales.sell", raw | {"warehouse": "N", "on": "2026-01-05"})
        lines = [(number, line) for number in self.sales[-6:] for line in loaded_sale(number).lines]
        waiting = [each for each in lines if each[1].row.quantity_e4 > each[1].in_line_units("shipped_e4")]
        sale, chosen = self.rng.choice(waiting if waiting and self.rng.random() < 0.8 else lines)
        left = chosen.row.quantity_e4 - chosen.in_line_units("shipped_e4")
        line = self.line(chosen.row.product.sku, left if left and self.rng.random() < 0.7 else None)
        raw = {"sale": sale, "lines": [line] * self.twice(), "on": "2026-01-06"}
        self.attempt("sales.ship", *[raw] * self.twice(), mode="each")

    def invoice(self) -> None:
        if self.rng.random() < 0.6:
            raw = {
                "customer": SUN,
                "lines": [self.line("A", 10_000)],
                "invoiced": False,
                "paid": "none",
                "warehouse": "N",
            }
            self.sales += self.attempt("sales.sell", raw | {"on": "2026-01-05"})
        raw = {"sale": self.rng.choice(self.sales[-3:]), "on": "2026-01-06"}
        self.attempt("sales.invoice", *[raw] * self.twice(), mode="each")

    def pay(self) -> None:
        tender = {
            "tender": self.rng.choice(["cash", "card", "store_credit"]),
            "amount_cents": self.rng.choice(CENTS[1:]),
        }
        raw = {"sale": self.sale(), "tenders": [tender] * self.twice(), "on": "2026-01-06"}
        self.attempt("sales.pay", *[raw] * self.twice(), mode="each")

    def request(self) -> None:
        lines = [self.line() for _ in range(self.rng.randint(1, 3))]
        lines += [{**lines[0], "sale": self.sale()}] if self.rng.random() < 0.2 else []
        raw = {"sale": self.sale(), "lines": lines, "type": self.rng.choice(TYPES), "on": self.day()}
        self.returns += self.attempt("returns.request", *[raw] * self.twice(), mode=self.rng.choice(["all", "each"]))

    def blind(self) -> None:
        cost = self.rng.choice([None, *CENTS])
        line = self.line() | {"unit_price_e6": self.rng.choice(CENTS) * 10_000}
        line |= {} if cost is None else {"unit_cost_e6": cost * 10_000}
        self.returns += self.attempt("returns.request", {"customer": HE, "lines": [line], "on": "2026-01-07"})

    def return_to_a_depth(self) -> None:
        """Ask goods of the first sale back and go a number of steps on the usual way."""
        lines = [self.line(sku, self.rng.choice([10_000, 20_000]), "L1") for sku in self.rng.sample("ALSKB", 2)]
        raw = {"sale": self.sales[0], "lines": lines, "on": "2026-01-06"}
        for rma in self.attempt("returns.request", raw):
            self.returns.append(rma)
            for _ in range(self.rng.randint(1, 9)):
                self.take(rma, first=True)

    def go_on(self) -> None:
        """Take a step that is possible now, sometimes with more than is left for it."""
        self.take(self.rma(), first=False)

    def take(self, rma: str, first: bool) -> None:
        """Take the first or any possible step of a return, on a line that has something left for it."""
        try:
            loaded = loaded_return(rma)
        except DomainError:
            return
        legal = [name for name in legal_actions(loaded) if name in REGISTRY] or ["returns.close"]
        names = [name for name in FORWARD if name in legal] or legal
        name = names[0] if first else self.rng.choice(names if self.rng.random() < 0.7 else legal)
        room = f"to_{name.removeprefix('returns.')}_e4"
        open_lines = [line for line in loaded.lines if any(getattr(piece, room, 0) for piece in line.pieces)]
        if not open_lines:
            return self.finish(name, rma)
        line = self.rng.choice(open_lines)
        part = 1 if first else self.rng.choice([0.5, 1, 1, 1, 2])
        raw = self.line(line.row.product.sku, int(line.in_line_units(room) * part) // 10_000 * 10_000 or 10_000, None)
        pieces = [piece for piece in line.pieces if getattr(piece, room)]
        raw["serials"] = [_code(piece.lot_id) for piece in pieces[: len(raw["serials"])]]
        if name == "returns.inspect":
            raw |= {"accepted": self.rng.random() < 0.8, "grade": self.rng.choice([None, "A", "B", "D"])}
        if name == "returns.dispose":
            raw |= {"to": self.rng.choice(TO)}
            freight = self.rng.choice([None, {"freight": "customer", "freight_cents": self.rng.choice(CENTS)}])
            return self.step(name, rma, raw, sending=freight if raw["to"] == "send_back" else None)
        self.step(name, rma, raw)

    def finish(self, name: str, rma: str) -> None:
        raw: dict[str, Any] = {"document": rma, "on": self.day()}
        raw |= {"lines": [self.line()]} if name == "returns.edit" else {}
        self.attempt(name, *[raw] * self.twice(), mode="each")

    def edit(self) -> None:
        rma = self.rma()
        skus = [line.row.product.sku for line in loaded_return(rma).lines] if self.returns else ["A"]
        self.step("returns.edit", rma, self.line(self.rng.choice(skus)))

    def decide(self) -> None:
        self.finish(f"returns.{self.rng.choice(['approve', 'reject', 'cancel', 'close'])}", self.rma())

    def approve_a_part(self) -> None:
        self.step("returns.approve", self.rma(), self.line())

    def receive(self) -> None:
        found = self.rng.choice(["received", "damaged", "missing", "wrong_item"])
        self.step(
            "returns.receive", self.rma(), self.line() | {"found": found}, warehouse=self.rng.choice([None, "N", "S"])
        )

    def vendor_credit(self) -> None:
        rma = self.rma()
        if self.rng.random() < 0.5 and (rma := self.piece_here() or rma):
            self.step("returns.dispose", rma, self.line("A", 10_000) | {"to": "return_to_vendor"})
        raw = {"document": rma, "amount_cents": self.rng.choice(CENTS), "on": self.day()}
        raw |= {"lines": [self.line()]} if self.rng.random() < 0.3 else {}
        self.attempt("returns.vendor_credit", *[raw] * self.twice(), mode="each")

    def dispose(self) -> None:
        self.step(
            "returns.dispose",
            self.rma(),
            self.line() | {"to": "restock_discounted", "value_cents": self.rng.choice(CENTS)},
        )

    def settle(self) -> None:
        raw: dict[str, Any] = {"document": self.rma(), "on": self.day()}
        raw["to"] = self.rng.choice(["original", "original", "store_credit", "receivable", "cash"])
        for field in ("amount_cents", "fee_cents", "return_shipping_cents", "shipping_cents"):
            raw |= {field: self.rng.choice(CENTS)} if self.rng.random() < 0.25 else {}
        self.attempt("refunds.settle", *[raw] * self.twice(), mode="each")

    def undo(self) -> None:
        raw = {
            "document": self.rma(),
            "what": self.rng.choice(["receive", "inspect", "dispose", "dispose", "vendor_credit"]),
            "on": "2026-01-12",
        }
        self.attempt("returns.undo", *[raw] * self.twice(), mode="each")

    def undo_settlement(self) -> None:
        self.attempt(
            "refunds.undo_settlement", *[{"document": self.rma(), "on": "2026-01-12"}] * self.twice(), mode="each"
        )


def _code(lot_id: int) -> str:
    return Lot.objects.get(pk=lot_id).code if lot_id else "none"
