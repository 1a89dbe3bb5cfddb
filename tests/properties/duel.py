"""The product and the reference model do the same random things; what they disagree on is told."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from backstock.catalog.models import Lot
from backstock.core.commands import REGISTRY, Done
from backstock.core.errors import DomainError
from backstock.core.permissions import SYSTEM
from tests import build
from tests.cast import JIN, SUN
from tests.properties.duel_figures import differences
from tests.properties.reference import Parts, Reference

TERMS: list[dict[str, str]] = [
    {"approval": "manual", "inspection": "required", "refund_when": "disposed"},
    {"approval": "auto", "inspection": "required", "refund_when": "inspected"},
    {"approval": "auto", "inspection": "required", "refund_when": "received"},
    {"approval": "auto", "inspection": "none", "refund_when": "received"},
    {"approval": "auto", "inspection": "none", "refund_when": "disposed"},
]
PRICES = {"A": "33.33", "B": "7.77", "L": "50", "S": "100.01"}
# Uneven, so that every share has a rest; nothing at all is among them.
COSTS_E6 = [0, 333_300, 10_000_000, 12_345_678, 20_010_000, 99_999_999]
TO = ["restock", "restock", "restock_discounted", "return_to_vendor", "scrap", "donate", "send_back"]
# What is done, how often.
ACTIONS = [
    "buy", "buy", "sell", "sell", "sell", "ship", "ship", "transfer", "transfer", "arrive", "adjust", "count", "send_back",
    "request", "request", "request", *["go_on"] * 12, "end", "end", "undo", "undo", "undo", "settle", "settle", "settle", "settle",
]  # fmt: skip
# The model knows what is wrong, not how the product calls it: kinds of refusal, and the codes that say them.
CODES = {
    "shipment_exceeds_order": {"shipment_exceeds_order", "serial_required"},
    "insufficient_stock": {"insufficient_stock", "not_on_the_way"},
    "quantity_exceeds_receipt": {"quantity_exceeds_receipt", "lot_not_in_receipt"},
    "not_in_sale": {"serial_not_in_sale", "lot_not_in_sale", "item_not_in_sale", "not_shipped"},
    "quantity_exceeds_returnable": {
        "quantity_exceeds_returnable", "serial_already_returned", "not_shipped", "transition_not_allowed", "lot_not_in_sale",
    },
}  # fmt: skip


class Duel:
    """A shop with plain goods, goods by weight, goods in lots and goods with serial numbers, in two warehouses."""

    def __init__(self, cost_method: str, rng: Random, seen: Counter[tuple[str, str]]) -> None:
        self.rng, self.seen = rng, seen
        self.story: list[str] = []
        self.serials = 0
        self.terms, self.grade = rng.choice(TERMS), rng.choice("ABCD")
        if self.terms["inspection"] == "none":
            self.grade = "B"  # Nobody gave another.
        self.model = Reference(cost_method)
        build.found(cost_method=cost_method, warehouses=("N", "S"))
        build.customer(SUN)
        build.supplier(JIN)
        build.product("A", PRICES["A"], tax="0.13")
        build.product("B", PRICES["B"], unit_decimals=4)
        build.product("L", PRICES["L"], tracking="lot")
        build.product("S", PRICES["S"], tracking="serial")
        build.policy(**self.terms)
        for sku in "AABBLLSSS":
            self.buy(sku)

    def act(self, action: str, seed: int) -> list[str]:
        """Do one thing, the same for the same number; tell on what the two disagree afterwards."""
        self.rng = Random(seed)
        getattr(self, action)()
        return differences(self.model)

    def both(self, name: str, raw: dict[str, Any], model: str, *args: Any) -> None:
        """Let both do it: both do, or both refuse for the same kind of reason. `#` stands for the new document."""
        self.story.append(f"{name} {raw}")
        code, document = "", "?"
        try:
            [done] = REGISTRY[name].batch([REGISTRY[name].parse({**raw, "on": "2026-01-05"})], actor=SYSTEM)
            assert isinstance(done, Done)
            document = done.document
        except DomainError as error:
            code = error.code
        self.story[-1] += f" → {code or document}"
        self.seen[name, code or "done"] += 1
        reasons = self.model.run(model, *(document if arg == "#" else arg for arg in args))
        expected = set[str]().union(*(CODES.get(reason, {reason}) for reason in reasons))
        if bool(code) != bool(reasons) or (code and code not in expected):
            raise AssertionError(f"{name}: {code or 'done'}, the model says {sorted(reasons) or 'done'}")

    # What is drawn

    def quantity(self, sku: str) -> int:
        return (
            self.rng.choice([5_000, 12_500, 3_333])
            if sku == "B" and self.rng.random() < 0.5
            else self.rng.choice([10_000, 10_000, 20_000, 30_000])
        )

    def held(self, sku: str, place: str) -> Parts:
        """What the model has of a product at a place."""
        return {key[2]: n for key, n in self.model.now.items() if key[:2] == ("at", sku) and key[3] == place and n > 0}

    def parts(self, sku: str, there: Parts) -> Parts:
        """Some of what is there: pieces of one lot, a few serials; now and then more than there is."""
        if sku == "S":
            return dict.fromkeys(
                sorted(self.rng.sample(sorted(there), min(len(there), self.rng.randint(1, 3)))), 10_000
            )
        if not there:
            return {"": self.quantity(sku)} if sku in "AB" else {}
        lot = self.rng.choice(sorted(there))
        most = there.get(lot, 0)
        chosen = self.quantity(sku)
        if self.rng.random() < 0.3:
            chosen = most
        return {lot: chosen if self.rng.random() < 0.1 else min(chosen, most)}

    def line(self, sku: str, parts: Parts, **more: Any) -> dict[str, Any]:
        line: dict[str, Any] = {"sku": sku, "quantity_e4": sum(parts.values()), **more}
        if sku == "S":
            line["serials"] = sorted(parts)
        elif sku == "L":
            line["lot"] = next(iter(parts))
        return line

    # What is done

    def buy(self, sku: str = "") -> None:
        sku, warehouse = sku or self.rng.choice("ABLS"), self.rng.choice("NNS")
        count = self.rng.randint(2, 6)
        parts = {"": count * 10_000}
        if sku == "L":
            parts = {self.rng.choice(["L1", "L2"]): count * 10_000}
        if sku == "S":
            parts = {f"N{self.serials + n:03d}": 10_000 for n in range(count)}
            self.serials += count
        cost = self.rng.choice(COSTS_E6)
        raw = {"supplier": JIN, "warehouse": warehouse, "lines": [self.line(sku, parts, unit_cost_e6=cost)]}
        self.both("purchases.receive", raw, "buy", "#", warehouse, sku, parts, cost)

    def send_back(self) -> None:
        receipt, sku = self.rng.choice(
            sorted({key[1:3] for key, n in self.model.now.items() if key[0] == "kept" and n})
        )
        kept = {key[3]: n for key, n in self.model.now.items() if key[:3] == ("kept", receipt, sku) and n}
        parts, warehouse = self.parts(sku, kept), self.rng.choice("NNS")
        if sum(parts.values()):
            raw = {"receipt": receipt, "warehouse": warehouse, "lines": [self.line(sku, parts)]}
            self.both("purchases.send_back", raw, "send_back", receipt, warehouse, sku, parts)

    def count(self) -> None:
        """Count all of a product in a warehouse, some of it wrongly, and post what differs."""
        sku, warehouse = self.rng.choice("ABLS"), self.rng.choice("NS")
        there = self.held(sku, f"sellable {warehouse}")
        found = {lot: max(0, n + self.rng.choice([-20_000, -10_000, 0, 0, 10_000])) for lot, n in there.items()}
        if sku == "S":
            found = {lot: min(n, 10_000) for lot, n in found.items()}
        ids = dict(Lot.objects.values_list("code", "pk"))
        found = dict(sorted(found.items(), key=lambda each: ids.get(each[0], 0)))
        if not found:
            return
        opened = REGISTRY["stock.count"].parse(
            {"warehouse": warehouse, "scope": "products", "skus": [sku], "on": "2026-01-05"}
        )
        [counted] = REGISTRY["stock.count"].batch([opened], actor=SYSTEM)
        assert isinstance(counted, Done)
        lines = [
            {"sku": sku, "quantity_e4": n, **({"serials": [lot]} if sku == "S" else {"lot": lot} if lot else {})}
            for lot, n in found.items()
        ]
        told = {"document": counted.document, "lines": lines, "how": "set", "on": "2026-01-05"}
        self.story.append(f"stock.count_goods {told}")
        REGISTRY["stock.count_goods"].batch([REGISTRY["stock.count_goods"].parse(told)], actor=SYSTEM)
        self.both("stock.post_count", {"document": counted.document}, "count", warehouse, sku, found)

    def sell(self) -> None:
        warehouse, paid, ships = self.rng.choice("NNS"), self.rng.random() < 0.5, self.rng.random() < 0.8
        lines, raws = [], []
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            sku, price, discount = (
                self.rng.choice("AABLS"),
                self.rng.choice([9_990_000, 33_330_000, 100_000_000]),
                self.rng.choice([0, 0, 1, 99]),
            )
            parts = self.parts(sku, self.held(sku, f"sellable {warehouse}"))
            if sum(parts.values()) >= 5_000:
                lines.append((sku, parts, price, discount))
                raws.append(self.line(sku, parts, unit_price_e6=price, discount_cents=discount))
        raw = {
            "customer": SUN, "warehouse": warehouse, "lines": raws, "paid": "all" if paid else "none",
            "shipped": "all" if ships else "none",
        }  # fmt: skip
        if lines:
            self.both("sales.sell", raw, "sell", "#", warehouse, lines, paid, ships)

    def ship(self) -> None:
        waiting = [key for key, line in self.model.sales.items() if self.model.total("shipped", *key) < line[1]]
        if not waiting:
            return
        sale, n = self.rng.choice(waiting)
        sku, ordered, _, warehouse, _ = self.model.sales[sale, n]
        parts = self.parts(sku, self.held(sku, f"sellable {warehouse}"))
        left = ordered - self.model.total("shipped", sale, n)
        if self.rng.random() < 0.9:  # Mostly no more than the order still wants.
            parts = (
                dict(list(parts.items())[: left // 10_000])
                if sku == "S"
                else {k: min(q, left) for k, q in parts.items()}
            )
        if sum(parts.values()):
            raw = {"sale": sale, "lines": [self.line(sku, parts, line=n)]}
            self.both("sales.ship", raw, "ship", sale, n, parts)

    def transfer(self) -> None:
        source, target = self.rng.choice(["NS", "SN"])
        sku, in_two_steps = self.rng.choice("ABLS"), self.rng.random() < 0.5
        parts = self.parts(sku, self.held(sku, f"sellable {source}"))
        if sum(parts.values()):
            raw = {"source": source, "target": target, "lines": [self.line(sku, parts)], "in_two_steps": in_two_steps}
            self.both("stock.transfer", raw, "transfer", "#", source, target, sku, parts, in_two_steps)

    def arrive(self) -> None:
        on_the_way = [key for key, n in self.model.now.items() if key[:2] == ("quantity", "transit") and n]
        if not on_the_way:
            return
        _, _, number, sku, *_ = self.rng.choice(on_the_way)
        there = {key[4]: self.model.now[key] for key in on_the_way if key[2:4] == (number, sku)}
        parts, found = self.parts(sku, there), self.rng.choice(["arrived", "arrived", "returned", "lost"])
        raw = {"document": number, "lines": [self.line(sku, parts, found=found)]}
        self.both("stock.arrive", raw, "arrive", number, sku, parts, found)

    def adjust(self) -> None:
        warehouse, sku, more = self.rng.choice("NS"), self.rng.choice("ABLS"), self.rng.random() < 0.5
        parts = self.parts(sku, self.held(sku, f"sellable {warehouse}"))
        if more and sku == "S":
            gone = {
                key[2]: n
                for key, n in self.model.now.items()
                if key[:2] == ("beyond", "S") and key[3] == "outside" and n > 0
            }
            parts = self.parts(sku, gone)
        elif more:
            known = sorted({lot for of, lot in self.model.bought if of == "L"} & {"L1", "L2"}) or ["L1"]
            parts = {self.rng.choice(known) if sku == "L" else "": self.quantity(sku)}
        if sum(parts.values()):
            line = self.line(sku, parts)
            line["quantity_e4"] *= 1 if more else -1
            self.both("stock.adjust", {"warehouse": warehouse, "lines": [line]}, "adjust", warehouse, sku, parts, more)

    def request(self) -> None:
        sale = self.rng.choice(sorted({sale for sale, _ in self.model.sales} - {"?"}) or [""])
        lines, raws = {}, []
        for n in [n for of, n in self.model.sales if of == sale]:
            sku = self.model.sales[sale, n][0]
            if self.rng.random() < 0.7 and sku not in {self.model.sales[sale, m][0] for m in lines}:
                shipped = {key[3]: q for key, q in self.model.now.items() if key[:3] == ("shipped", sale, n) and q}
                parts = self.parts(sku, {lot: max(0, self.model.returnable(sale, n, lot)) for lot in shipped})
                if sum(parts.values()):
                    lines[n] = parts
                    raws.append(self.line(sku, parts, line=n))
        if lines:
            warehouse = self.rng.choice("NS")
            self.both(
                "returns.request", {"sale": sale, "lines": raws}, "request", "#", warehouse, sale, lines, self.terms
            )

    def rma(self) -> str:
        return self.rng.choice([rma for rma in self.model.returns if rma != "?"][-5:] or [""])

    def pieces(self, rma: str, sku: str) -> dict[str, Counter[str]]:
        """Counters of a line of a return, by lot or serial."""
        found: dict[str, Counter[str]] = {}
        for key, n in self.model.now.items():
            if key[1:3] == (rma, sku) and len(key) == 4:
                found.setdefault(key[3], Counter())[key[0]] += n
        return found

    def go_on(self) -> None:
        """Take a step of a return, mostly one for which there is room."""
        rma = self.rma()
        if not rma:
            return
        steps = []
        for sku in self.model.returns[rma][1]:
            of = self.pieces(rma, sku)
            rooms = {
                "receive": {lot: c["wanted"] - c["received"] for lot, c in of.items()},
                "inspect": {lot: c["received"] - c["accepted"] - c["rejected"] for lot, c in of.items()},
                "dispose": {
                    lot: c["accepted"] + c["rejected"] - c["accepted gone"] - c["rejected gone"]
                    for lot, c in of.items()
                },
            }
            steps += [(what, sku, {lot: n for lot, n in room.items() if n > 0}) for what, room in rooms.items()]
        if not self.model.now["approved", rma] and self.rng.random() < 0.8:
            return self.approve(rma)
        open_steps = [step for step in steps if step[2]]
        what, sku, room = self.rng.choice(open_steps if open_steps and self.rng.random() < 0.95 else steps)
        parts = self.parts(sku, room or dict.fromkeys(self.pieces(rma, sku), 10000))
        if sum(parts.values()):
            getattr(self, what)(rma, sku, parts)

    def approve(self, rma: str) -> None:
        lines = {
            sku: {lot: c["wanted"] for lot, c in self.pieces(rma, sku).items()} for sku in self.model.returns[rma][1]
        }
        raw: dict[str, Any] = {"document": rma}
        granted = {}
        if self.rng.random() < 0.4:
            granted = {sku: self.parts(sku, parts) for sku, parts in lines.items()}
            granted = {sku: parts for sku, parts in granted.items() if sum(parts.values())}
            raw["lines"] = [self.line(sku, parts) for sku, parts in granted.items()]
            if len(granted) < len(lines):
                return
        self.both("returns.approve", raw, "approve", rma, granted)

    def receive(self, rma: str, sku: str, parts: Parts) -> None:
        raw = {"document": rma, "warehouse": self.model.returns[rma][0], "lines": [self.line(sku, parts)]}
        self.both("returns.receive", raw, "step", "receive", rma, sku, parts)

    def inspect(self, rma: str, sku: str, parts: Parts) -> None:
        accepted = self.rng.random() < 0.6
        line = self.line(sku, parts, accepted=accepted, grade=self.grade)
        self.both("returns.inspect", {"document": rma, "lines": [line]}, "step", "inspect", rma, sku, parts, accepted)

    def dispose(self, rma: str, sku: str, parts: Parts) -> None:
        to, worth = self.rng.choice(TO), 0
        line = self.line(sku, parts, to=to)
        if to == "restock_discounted":
            parts = dict(list(parts.items())[:1])
            worth = self.rng.choice([0, 1, 333, 1_000, 99_999])
            line = self.line(sku, parts, to=to, value_cents=worth)
        self.both(
            "returns.dispose",
            {"document": rma, "lines": [line]},
            "step",
            "dispose",
            rma,
            sku,
            parts,
            to,
            self.grade,
            worth,
        )

    def end(self) -> None:
        how, rma = self.rng.choice(["reject", "cancel", "close"]), self.rma()
        if rma:
            self.both(f"returns.{how}", {"document": rma}, "end", rma, how)

    def undo(self) -> None:
        rma, what = self.rma(), self.rng.choice(["receive", "inspect", "dispose", "dispose", "settle"])
        done = [step[:2] for step in self.model.steps]
        if done and self.rng.random() < 0.8:
            rma, what = self.rng.choice(done[-6:])
        if rma and what == "settle":
            self.both("refunds.undo_settlement", {"document": rma}, "undo", rma, what)
        elif rma:
            self.both("returns.undo", {"document": rma, "what": what}, "undo", rma, what)

    def settle(self) -> None:
        rma = self.rma()
        if rma:
            self.both("refunds.settle", {"document": rma}, "settle", rma)
