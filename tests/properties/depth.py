"""The shop in which anything is tried, with what makes returns deep: exchanges, repairs, requests taken apart, parcels."""

from __future__ import annotations

from typing import Any

from backstock.core.errors import DomainError
from backstock.returns.queries import legal_actions, loaded_return
from tests.cast import SUN
from tests.properties import trade
from tests.properties.trade import CENTS, QUANTITIES, Trade

# What the customer gets instead of money, and what may become of a request.
SWAPS = ["exchange", "exchange", "replacement", "replacement", "repair"]
TYPES = ["return_refund", "refund_only", "exchange", "replacement", "repair", "rejected_delivery", "allowance"]
UNDONE = ["receive", "inspect", "dispose", "finish_repair", "finish_repair", "vendor_credit"]
ACTIONS = [
    *trade.ACTIONS, "ask_for_other_goods", "ask_for_other_goods", "ask_for_other_goods", "ship_replacement",
    "ship_replacement", "finish_repair", "finish_repair", "undo_depth", "undo_replacement", "undo_replacement", "split", "rearrange", "rearrange",
    "merge", "change_type", "prolong", "parcel", "scan", "take_in",
    "match", "place_unclaimed", "place_unclaimed", "undo_unclaimed", "second_opinion", "charge", "hold", *["go_on"] * 8,
]  # fmt: skip


class Depth(Trade):
    """A shop that exchanges, replaces and repairs too."""

    def __init__(self, *given: Any) -> None:
        self.unclaimed: list[str] = []
        super().__init__(*given)

    def take(self, rma: str, first: bool) -> None:
        """Send other goods and finish repairs where that is possible, else go on as usual."""
        try:
            legal = legal_actions(loaded_return(rma))
        except DomainError:
            return
        if "returns.ship_replacement" in legal and self.rng.random() < 0.4:
            self.ship_replacement(rma)
        elif "returns.send_straight" in legal and self.rng.random() < 0.08:
            self.step("returns.send_straight", rma, self.line(self.sku_of(rma)))
        elif "returns.finish_repair" in legal and self.rng.random() < 0.4:
            self.finish_repair(rma)
        else:
            super().take(rma, first)

    def sku_of(self, rma: str) -> str:
        """A product of the return mostly, else any."""
        try:
            return str(self.rng.choice(loaded_return(rma).lines).row.product.sku)
        except DomainError:
            return "A"

    def ask_for_other_goods(self) -> None:
        line = self.line(quantity=self.rng.choice(QUANTITIES[:6]))
        wish = {"sku": self.rng.choice("ABLK"), "quantity_e4": self.rng.choice(QUANTITIES)}
        line |= {"exchange_for": wish} if self.rng.random() < 0.7 else {}
        raw = {"sale": self.sale(), "lines": [line], "type": self.rng.choice(SWAPS), "on": self.day()}
        for rma in self.attempt("returns.request", raw):
            self.returns.append(rma)
            for _ in range(self.rng.randint(0, 6)):
                self.take(rma, first=True)

    def ship_replacement(self, rma: str = "") -> None:
        rma = rma or self.rma()
        sku = self.sku_of(rma) if self.rng.random() < 0.6 else self.rng.choice("ABLK")
        line = self.line(sku, self.rng.choice(QUANTITIES[:6]), "L1")
        raw = {"document": rma, "lines": [line] * self.twice(), "on": self.day()}
        if self.attempt("returns.ship_replacement", *[raw] * self.twice(), mode="each") and self.rng.random() < 0.3:
            self.undo_replacement(rma)

    def finish_repair(self, rma: str = "") -> None:
        rma = rma or self.rma()
        header = {"to": self.rng.choice(["restock", "send_back", "scrap"]), "cost_cents": self.rng.choice(CENTS)}
        header |= {"repairer": trade.JIN} if self.rng.random() < 0.3 else {}
        self.step("returns.finish_repair", rma, self.line(self.sku_of(rma), 10_000, None), **header)

    def undo_depth(self) -> None:
        raw = {"document": self.rma(), "what": self.rng.choice(UNDONE), "on": "2026-01-12"}
        self.attempt("returns.undo", *[raw] * self.twice(), mode="each")

    def undo_replacement(self, rma: str = "") -> None:
        raw = {"document": rma or self.rma(), "on": "2026-01-12"}
        self.attempt("returns.undo_replacement", *[raw] * self.twice(), mode="each")

    def rearrange(self) -> None:
        """Ask for several goods, take the request apart, correct it, and put it together again."""
        lines = [self.line(sku, 20_000, "L1") for sku in self.rng.sample("ALSK", 2)]
        raw = {"sale": self.sales[0], "lines": lines, "on": "2026-01-06", "type": self.rng.choice(TYPES[:4])}
        for rma in self.attempt("returns.request", raw):
            self.returns.append(rma)
            part = {"document": rma, "lines": [self.rng.choice(lines)], "on": "2026-01-07"}
            self.attempt("returns.split", part)
            parts = self.parts()
            if self.rng.random() < 0.5:
                self.attempt(
                    "returns.edit", part | {"lines": [self.rng.choice(lines) | {"quantity_e4": 10_000, "serials": []}]}
                )
            if parts and self.rng.random() < 0.7:
                self.attempt("returns.merge", {"document": rma, "source": parts[0], "on": "2026-01-07"})

    def split(self) -> None:
        rma = self.rma()
        line = self.line(self.sku_of(rma), self.rng.choice([5_000, 10_000, 20_000]), "L1")
        raw = {"document": rma, "lines": [line], "on": self.day()}
        self.attempt("returns.split", raw)
        self.parts()

    def parts(self) -> list[str]:
        """Give the request that was just taken from another."""
        parts = [str(answer["new"]) for answer in self.answers]
        self.returns += parts
        return parts

    def merge(self) -> None:
        pair = self.rng.sample(self.returns[-5:], 2) if len(self.returns) > 1 else ["R999", self.rma()]
        raw = {"document": pair[0], "source": pair[1], "on": self.day()}
        self.attempt("returns.merge", *[raw] * self.twice(), mode="each")

    def change_type(self) -> None:
        raw: dict[str, Any] = {"document": self.rma(), "type": self.rng.choice(TYPES), "on": self.day()}
        self.attempt("returns.change_type", *[raw] * self.twice(), mode="each")

    def prolong(self) -> None:
        rma = self.piece_back() if self.rng.random() < 0.5 else ""
        raw = {"document": rma or self.rma(), "until": f"2026-01-{self.rng.randint(5, 20):02d}", "on": self.day()}
        self.attempt("returns.prolong", *[raw] * self.twice(), mode="each")

    def parcel(self) -> None:
        number, documents = f"SF{self.rng.randrange(6)}", [self.rma() for _ in range(self.twice())]
        raw: dict[str, Any] = {"documents": documents, "on": self.day()}
        if self.rng.random() < 0.5:
            self.attempt("returns.announce_parcel", raw | {"tracking_number": number})
        else:
            self.attempt(
                "returns.log_parcel", raw | {"parcel": number, "weight_grams": self.rng.choice([None, 0, 300])}
            )

    def take_in(self) -> None:
        """Take goods without an owner in, and mostly find out at once whose they are, or what becomes of them."""
        sku = self.rng.choice("AALB")
        line = self.line(sku, self.rng.choice([10_000, 20_000]), "L1")
        raw = {"warehouse": self.rng.choice("NS"), "tracking_number": f"SF{self.rng.randrange(6)}", "lines": [line]}
        for number in self.attempt("returns.take_in", raw | {"on": self.day()}):
            self.unclaimed.append(number)
            for rma in self.attempt("returns.request", {"sale": self.sales[0], "lines": [line], "on": "2026-01-06"}):
                self.returns.append(rma)
                self.finish("returns.approve", rma)
                self.match(number, rma)

    def unowned(self) -> str:
        if not self.unclaimed and self.rng.random() < 0.8:
            line = self.line("A", 20_000)
            raw = {"warehouse": "N", "tracking_number": "SF1", "lines": [line], "on": "2026-01-06"}
            self.unclaimed += self.attempt("returns.take_in", raw)
        return self.rng.choice(self.unclaimed[-3:] or ["U999"])

    def match(self, number: str = "", rma: str = "") -> None:
        raw: dict[str, Any] = {"document": number or self.unowned(), "rma": rma or self.rma(), "on": self.day()}
        raw |= {"lines": [{"line": 1, "quantity_e4": 10_000, "found": "damaged"}]} if self.rng.random() < 0.4 else {}
        self.attempt("returns.match_unclaimed", *[raw] * self.twice(), mode="each")

    def place_unclaimed(self) -> None:
        line = {
            "line": 1, "quantity_e4": 10_000, "to": self.rng.choice(["restock", "scrap", "donate", "send_back"]),
            "unit_cost_e6": self.rng.choice([None, 3_330_000]),
        }  # fmt: skip
        raw = {"document": self.unowned(), "lines": [line], "on": self.rng.choice([self.day(), "2026-03-01"])}
        self.attempt("returns.place_unclaimed", *[raw] * self.twice(), mode="each")

    def undo_unclaimed(self) -> None:
        raw = {"document": self.unowned(), "on": "2026-01-12"}
        self.attempt("returns.undo_unclaimed", *[raw] * self.twice(), mode="each")

    def second_opinion(self) -> None:
        rma = self.piece_here() if self.rng.random() < 0.5 else self.rma()
        line = self.line(self.sku_of(rma), 10_000, None) | {"accepted": self.rng.random() < 0.5, "grade": "C"}
        self.step("returns.give_second_opinion", rma, line)

    def hold(self) -> None:
        raw = {"document": self.rma(), "hold": self.rng.random() < 0.3, "on": self.day()}
        self.attempt("returns.hold_goods", *[raw] * self.twice(), mode="each")

    def charge(self) -> None:
        """Bill goods that left ahead, which only who paid by card gets; mostly such as just did."""
        rma, line = "", self.line("A", 10_000)
        if self.rng.random() < 0.7:
            raw = {
                "customer": SUN,
                "lines": [line],
                "paid": [{"tender": "card", "amount_cents": 1_000}],
                "warehouse": "N",
            }
            for sale in self.attempt("sales.sell", raw | {"on": "2026-01-05"}):
                self.sales.append(sale)
                rma = self.piece_back("replacement", sale)
                self.attempt("returns.ship_replacement", {"document": rma, "lines": [line], "on": "2026-01-07"})
        raw = {"document": rma or self.rma(), "on": "2026-01-31"}
        self.attempt("returns.charge_replacement", *[raw] * self.twice(), mode="each")

    def scan(self) -> None:
        rma = self.rma()
        raw = {
            "document": rma, "sku": self.sku_of(rma), "quantity_e4": self.rng.choice([10_000, 10_000, -10_000]),
            "found": self.rng.choice(["received", "damaged", "missing", "over", "empty"]), "on": self.day(),
        }  # fmt: skip
        self.attempt("returns.scan", raw)
