"""Whatever flows ask for is given, whoever does what in which order: approvals, evidence, papers, other eyes.

What must have been there is reckoned anew here, from the rows, after every step that took effect.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random, SystemRandom
from typing import Any

from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.evidence.models import Evidence
from backstock.returns.models import Return, ReturnApproval, WaivedPaper
from tests import build_evidence
from tests.cast import cast
from tests.invariants import broken_invariants
from tests.properties.trade import Trade

EXPLORE = int(os.environ.get("BACKSTOCK_EXPLORE", "0"))
SHOPS, STEPS = 2, 26
STEP_OF = {f"returns.{step}": step for step in ("approve", "receive", "inspect", "dispose")} | {
    "refunds.settle": "settle"
}
ACTIONS = [
    "publish",
    "sell",
    "ask",
    "ask",
    "prove",
    "prove",
    "erase",
    "waive",
    "change",
    "close",
    *["go_on"] * 9,
    "settle",
]
LEVELS = [[], [], [(0, "approver")], [(0, "approver"), (1_000, "manager")]]
PAPERS = ["file", "file_inspect", "note", "receipt", "inspection", "credit_note", "no_such_paper"]


class Flows(Trade):
    """A shop whose flows change while returns run, with people of several roles."""

    def __init__(self, *given: Any) -> None:
        self.people: Any = None
        # Return → what its flow asked when it began.
        self.asked: dict[str, dict[str, Any]] = {}
        super().__init__(*given)
        self.people, self.state = cast(), ""
        self.photos = [
            build_evidence.kept(build_evidence.picture(colour=each)).content_hash for each in ("red", "green", "blue")
        ]

    def attempt(self, name: str, *raws: dict[str, Any], mode: Any = "all") -> list[str]:
        if self.people is not None:
            who = self.rng.choice([SYSTEM, SYSTEM, self.people.admin, self.people.wang, self.people.qian])
            self.actor = who if who.may(name) else SYSTEM
        done = super().attempt(name, *raws, mode=mode)
        for document in done if name in STEP_OF or name == "returns.close" else ():
            self.check(name, document)
        return done

    def check(self, name: str, document: str) -> None:
        """Reckon from the rows that what the flow asks for was there."""
        row = Return.objects.get(pk=int(document[1:]))
        rows = Evidence.objects.filter(document=document, erased_at=None)
        if name == "returns.close":
            waived = set(WaivedPaper.objects.filter(rma_id=row.pk).values_list("paper", flat=True))
            missing = {
                "file": not rows.filter(kind="file"), "file_inspect": not rows.filter(kind="file", step="inspect"),
                "note": not rows.filter(kind="note"), "no_such_paper": True,
            }  # fmt: skip
            assert not [paper for paper in row.flow.get("papers", ()) if missing.get(paper) and paper not in waived]
            return
        step = STEP_OF[name]
        needs = (row.flow.get("evidence") or {}).get(step) or {}
        files = set(rows.filter(step=step, kind="file").values_list("content_hash", flat=True))
        assert len(files) >= needs.get("files", 0), (name, document)
        if step == "approve" and row.status == "approved" and (levels := row.flow.get("levels")):
            given = list(ReturnApproval.objects.filter(rma_id=row.pk).order_by("pk").values_list("level", "user_id"))
            last = max((n for n, (level, _) in enumerate(given) if level < 0), default=-1)
            users = [user for _, user in given[last + 1 :] if user]
            assert given[last + 1 :]
            assert len(users) == len(set(users)) <= len(levels)
        for first, second in (pair["steps"] for pair in row.flow.get("four_eyes", ())):
            if step in (first, second) and self.actor.user_id:
                other = {at: name_of for name_of, at in STEP_OF.items()}[second if step == first else first]
                assert not CommandLog.objects.filter(document=document, name=other, actor_id=self.actor.user_id)

    def publish(self) -> None:
        rng = self.rng
        terms = {
            "when": {"types": ["return_refund"], "from_cents": rng.choice([0, 0, 5_000])},
            "levels": [{"from_cents": cents, "role": role} for cents, role in rng.choice(LEVELS)],
            "evidence": {rng.choice(["receive", "inspect", "dispose"]): {"files": rng.choice([0, 1, 2])}},
            "papers": rng.sample(PAPERS, rng.choice([0, 0, 1, 2])),
            "four_eyes": rng.choice([[], [{"steps": rng.choice([["approve", "settle"], ["inspect", "dispose"]])}]]),
            "deadlines": {"settle": {"days": rng.choice([0, 3])}, "approve": {"hours": 5}},
        }  # fmt: skip
        self.attempt(
            "flows.publish", {"code": rng.choice(["return_refund", "dear"]), "terms": terms, "valid_from": "2026-01-01"}
        )

    def ask(self) -> None:
        raw = {"sale": self.sale(), "lines": [{**self.line(quantity=10_000), "line": None}], "on": self.day()}
        self.returns += (made := self.attempt("returns.request", raw))
        for document in made:
            self.asked[document] = Return.objects.get(pk=int(document[1:])).flow

    def prove(self) -> None:
        step = self.rng.choice(["receive", "inspect", "inspect", "dispose"])
        files = [{"content_hash": each} for each in self.rng.sample(self.photos, self.rng.choice([1, 2]))]
        note = self.rng.choice(["", "seen"])
        self.attempt(
            "evidence.attach",
            *[{"document": self.rma(), "step": step, "files": files, "note": note}] * self.twice(),
            mode="each",
        )

    def erase(self) -> None:
        if self.rng.random() < 0.3:
            self.attempt("evidence.erase", {"document": self.rma()})

    def waive(self) -> None:
        self.attempt(
            "returns.waive_paper", {"document": self.rma(), "paper": self.rng.choice(PAPERS), "reason": "lost"}
        )

    def change(self) -> None:
        line = {**self.line(quantity=self.rng.choice([10_000, 20_000])), "line": None}
        self.attempt("returns.edit", {"document": self.rma(), "lines": [line], "on": self.day()})

    def close(self) -> None:
        self.attempt("returns.close", {"document": self.rma(), "on": self.day()})


def test_whatever_a_flow_asks_for_is_given_and_both_ledgers_hold(scratch):
    seen: Counter[tuple[str, str]] = Counter()
    for n in range(SHOPS * max(1, EXPLORE)):
        shop = SystemRandom().randrange(2**32) if EXPLORE else n
        rng = Random(f"flow {shop}")
        with scratch.database():
            made = Flows("average", Random(shop), seen)
            for _ in range(STEPS):
                made.act(rng.choice(ACTIONS), rng.randrange(2**32))
                assert broken_invariants() == [], f"shop {shop}:\n" + "\n".join(made.story)
                kept = {row.number: row.flow for row in Return.objects.all() if row.number in made.asked}
                assert kept == made.asked, f"shop {shop}: a running return keeps its flow"
    done = {name for name, how in seen if how == "done"}
    assert done >= {"flows.publish", "returns.request", "returns.approve", "evidence.attach"}, seen
