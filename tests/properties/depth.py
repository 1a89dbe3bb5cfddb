"""The shop in which anything is tried, with what makes returns deep: exchanges, repairs, requests taken apart, parcels."""

from __future__ import annotations

from typing import Any

from backstock.core.errors import DomainError
from backstock.returns.queries import legal_actions, loaded_return
from tests.properties import trade
from tests.properties.trade import CENTS, QUANTITIES, Trade

# What the customer gets instead of money, and what may become of a request.
SWAPS = ["exchange", "exchange", "replacement", "replacement", "repair"]
TYPES = ["return_refund", "refund_only", "exchange", "replacement", "repair", "rejected_delivery", "allowance"]
UNDONE = ["receive", "inspect", "dispose", "finish_repair", "finish_repair", "vendor_credit"]
ACTIONS = [
    *trade.ACTIONS, "ask_for_other_goods", "ask_for_other_goods", "ask_for_other_goods", "ship_replacement",
    "ship_replacement", "finish_repair", "finish_repair", "undo_depth", "undo_replacement", "undo_replacement", "split",
    "merge", "change_type", "prolong", "parcel", "scan", *["go_on"] * 8,
]  # fmt: skip


class Depth(Trade):
    """A shop that exchanges, replaces and repairs too."""

    def take(self, rma: str, first: bool) -> None:
        """Send other goods and finish repairs where that is possible, else go on as usual."""
        try:
            legal = legal_actions(loaded_return(rma))
        except DomainError:
            return
        if "returns.ship_replacement" in legal and self.rng.random() < 0.4:
            self.ship_replacement(rma)
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
        self.attempt("returns.ship_replacement", *[raw] * self.twice(), mode="each")

    def finish_repair(self, rma: str = "") -> None:
        rma = rma or self.rma()
        header = {"to": self.rng.choice(["restock", "send_back", "scrap"]), "cost_cents": self.rng.choice(CENTS)}
        header |= {"repairer": trade.JIN} if self.rng.random() < 0.3 else {}
        self.step("returns.finish_repair", rma, self.line(self.sku_of(rma), 10_000, None), **header)

    def undo_depth(self) -> None:
        raw = {"document": self.rma(), "what": self.rng.choice(UNDONE), "on": "2026-01-12"}
        self.attempt("returns.undo", *[raw] * self.twice(), mode="each")

    def undo_replacement(self) -> None:
        raw = {"document": self.rma(), "on": "2026-01-12"}
        self.attempt("returns.undo_replacement", *[raw] * self.twice(), mode="each")

    def split(self) -> None:
        rma = self.rma()
        line = self.line(self.sku_of(rma), self.rng.choice([5_000, 10_000, 20_000]), "L1")
        raw = {"document": rma, "lines": [line], "on": self.day()}
        self.returns += self.attempt("returns.split", raw)

    def merge(self) -> None:
        raw = {"document": self.rma(), "source": self.rma(), "on": self.day()}
        self.attempt("returns.merge", *[raw] * self.twice(), mode="each")

    def change_type(self) -> None:
        raw: dict[str, Any] = {"document": self.rma(), "type": self.rng.choice(TYPES), "on": self.day()}
        self.attempt("returns.change_type", *[raw] * self.twice(), mode="each")

    def prolong(self) -> None:
        raw = {"document": self.rma(), "until": f"2026-01-{self.rng.randint(5, 20):02d}", "on": self.day()}
        self.attempt("returns.prolong", *[raw] * self.twice(), mode="each")

    def parcel(self) -> None:
        number, documents = f"SF{self.rng.randrange(6)}", [self.rma() for _ in range(self.twice())]
        raw: dict[str, Any] = {"documents": documents, "on": self.day()}
        if self.rng.random() < 0.5:
            self.attempt("returns.announce_parcel", raw | {"tracking_number": number})
        else:
            self.attempt("returns.log_parcel", raw | {"parcel": number, "weight_grams": self.rng.choice([None, 0, 300])})

    def scan(self) -> None:
        rma = self.rma()
        raw = {
            "document": rma, "sku": self.sku_of(rma), "quantity_e4": self.rng.choice([10_000, 10_000, -10_000]),
            "found": self.rng.choice(["received", "damaged", "missing", "over", "empty"]), "on": self.day(),
        }  # fmt: skip
        self.attempt("returns.scan", raw)
