"""The shop in which anything is tried, with what happens around returns: recalls, blocks, quotas, messages, refunds on their way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backstock.refunds.models import Refund
from backstock.returns.deciding.legal import keep_clocks
from backstock.returns.recall import recalling
from tests.cast import HE, JIN, SUN
from tests.properties import depth
from tests.properties.depth import Depth

ACTIONS = [
    *depth.ACTIONS, "recall", "recall", "ask_recall", "answer_recall", "close_recall", "block", "lift_block", "agree_quota",
    "end_quota", "message", "settle_message", "confirm_refund", "confirm_refund", "chore", "chore",
]  # fmt: skip

CHORES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "returns.lapse": lambda of: {"document": of["document"], "on": "2026-01-25"},
    "returns.warn_clock": lambda of: {"document": of["document"], "rule": "decide", "on": "2026-02-25"},
    "returns.note_purchase": lambda of: {"sale": of["sale"], "code": of["code"], "holds": of["holds"], "on": of["day"]},
    "returns.map_reasons": lambda of: {"supplier": JIN, "reasons": [{"reason": "broken", "theirs": of["code"]}]},
    "returns.publish_inspection": lambda of: {"terms": {"aql": of["aql"], "sample_from": 2}, "on": of["day"]},
    "returns.set_dock_rules": lambda of: {"blind_limits": of["limits"]},
    "returns.erase_unclaimed": lambda of: {"document": of["unclaimed"]},
    "returns.send_finding_back": lambda of: {"document": of["document"], "finding": of["finding"]},
    "returns.drop_scans": lambda of: {"documents": [of["document"]]},
}


class Wide(Depth):
    """A shop that calls goods back too."""

    def __init__(self, *given: Any) -> None:
        self.recalls: list[str] = []
        self.messages: list[str] = []
        super().__init__(*given)

    def some_lot(self) -> tuple[str, str]:
        return self.rng.choice([("L", "L1"), ("L", "L2"), ("L", "LX"), ("S", self.rng.choice(self.serials))])

    def called(self) -> str:
        if not self.recalls and self.rng.random() < 0.8:
            self.recall()
        return self.rng.choice(self.recalls[-2:] or ["RC999"])

    def recall(self) -> None:
        """Call a lot back, mostly without a block, so that the others go on; ask its buyers at once, or not."""
        sku, code = self.some_lot()
        goods = [{"sku": sku, "codes": [code]}] if self.rng.random() < 0.9 else []
        raw = {"title": "mould", "goods": goods, "block": self.rng.random() < 0.2, "on": self.day()}
        made = self.attempt("returns.open_recall", *[raw] * self.twice(), mode="each")
        self.recalls += made
        if made and self.rng.random() < 0.6:
            self.ask_recall(made[0])

    def ask_recall(self, recall: str = "") -> None:
        self.attempt("returns.ask_recall", {"document": recall or self.called(), "on": self.day()})
        while recalling.work_off():
            self.state = ""

    def answer_recall(self) -> None:
        answer = self.rng.choice(["waiting", "contacted", "refused", "unreachable"])
        raw = {"document": self.called(), "customer": self.rng.choice([SUN, HE]), "answer": answer, "on": self.day()}
        self.attempt("returns.answer_recall", *[raw] * self.twice(), mode="each")

    def close_recall(self) -> None:
        raw = {"document": self.called(), "reason": self.rng.choice(["", "enough"]), "on": self.day()}
        self.attempt("returns.close_recall", *[raw] * self.twice(), mode="each")

    def block(self, name: str = "stock.block") -> None:
        sku, code = self.some_lot()
        self.attempt(name, {"sku": sku, "codes": [code], "reason": "smells", "on": self.day()})

    def lift_block(self) -> None:
        for _ in range(3):
            self.block("stock.lift_block")

    def agree_quota(self) -> None:
        share = self.rng.choice([{"percent_e6": 100_000}, {"amount_cents": 5_000}, {}])
        period = self.rng.choice(["month", "quarter", "year"])
        self.attempt(
            "returns.agree_quota",
            {"customer": self.rng.choice([SUN, SUN, "NOBODY"]), "period": period, "on": self.day(), **share},
        )

    def end_quota(self) -> None:
        self.attempt("returns.end_quota", {"quota": self.rng.randint(1, 3), "on": self.day()})

    def message(self) -> None:
        text = self.rng.choice(
            [f"{self.sale()} 退货 两件 A", "hello", f"please repair {self.rng.choice(self.serials)}"]
        )
        self.messages += self.attempt("returns.draft", {"text": text, "on": self.day()})

    def settle_message(self) -> None:
        raw = {"document": self.rng.choice(self.messages[-3:] or ["MS999"]), "on": self.day()}
        self.attempt("returns.settle_draft", raw | {"became": self.rng.choice(["", self.rma()])})

    def confirm_refund(self) -> None:
        """Say of one of the latest refunds that it is on its way, paid, or came back."""
        latest = list(Refund.objects.order_by("-pk").values_list("pk", flat=True)[:3])
        number = Refund(pk=self.rng.choice(latest)).number if latest else "F999999"
        raw = {"refund": number, "status": self.rng.choice(["sent", "paid", "paid", "failed"]), "on": self.day()}
        self.attempt("refunds.confirm", *[raw] * self.twice(), mode="each")

    def chore(self) -> None:
        """Do one of the things that jobs and people do beside: what runs out, what is noted, and rules of the house."""
        name = self.rng.choice(["returns.lapse", "returns.warn_clock", *CHORES])
        given = {"document": self.rma(), "sale": self.sale(), "unclaimed": self.unowned(), "day": self.day()}
        limits = [{"role": "approver", "limit_cents": self.rng.choice([0, 1_000])}]
        facts = {
            "limits": self.rng.choice([[], [], limits]), "finding": self.rng.randint(1, 3), "holds": self.rng.random() < 0.8,
            "code": self.rng.choice(["confirmed", "uninformed", "custom_made"]), "aql": self.rng.choice([None, "2.5"]),
        }  # fmt: skip
        if name in ("returns.lapse", "returns.warn_clock") and self.rng.random() < 0.7:
            given["document"] = self.piece_back() or given["document"]
            keep_clocks()
            self.state = ""
        raw = CHORES[name](given | facts)
        self.attempt(name, *[raw] * self.twice(), mode="each")
