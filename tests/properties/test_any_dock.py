"""Anything at the dock keeps both ledgers right: goods with and without an owner, found, matched, placed and taken back."""

from __future__ import annotations

import os
from collections import Counter
from random import Random, SystemRandom
from typing import Any

import pytest
from django.db.models import F

from backstock.returns.models import Return, ReturnEvent, ReturnPiece, Unclaimed, UnclaimedLine
from tests.invariants import broken_invariants
from tests.properties.trade import Trade

EXPLORE = int(os.environ.get("BACKSTOCK_EXPLORE", "0"))
SHOPS, STEPS = (4 if os.environ["BACKSTOCK_TEST_DB"] == "sqlite" else 1), 30
# Fewer shops reach fewer pairs of command and outcome.
MISSED_AT_MOST = 1 if SHOPS > 1 else 9
ACTIONS = [
    "sell", "expect", "expect", "expect", "receive", "return_to_a_depth", "find", "take_in", "take_in", "match", "match", "match",
    "place", "undo_unclaimed", "undo_receipt", "undo_receipt", "go_on", "settle",
]  # fmt: skip


class Dock(Trade):
    """A shop to which parcels come that nobody knows the sender of."""

    parcels: list[str]

    def parcel(self) -> str:
        """One of the latest parcels; before there is any, a number that does not exist."""
        return self.rng.choice(self.parcels[-4:] or ["UN999999"])

    def expect(self) -> None:
        """Have a return approved whose goods have not come."""
        line = self.line(self.rng.choice("AALS"), 10_000)
        asked = self.attempt("returns.request", {"sale": self.sale(), "lines": [line], "on": self.day()})
        self.returns += asked
        for number in asked:
            self.attempt("returns.approve", {"document": number, "on": self.day()})

    def take_in(self) -> None:
        raw = {
            "lines": [self.line() for _ in range(self.twice())],
            "warehouse": self.rng.choice([None, "S"]),
            "on": self.day(),
        }
        if self.rng.random() < 0.3:
            found = ReturnEvent.objects.filter(verdict__in=("over", "wrong_item")).order_by("-pk").first()
            raw |= {"finding": found.pk if found else 99, "lines": []}
        self.parcels += self.attempt("returns.take_in", *[raw] * self.twice(), mode="each")

    def find(self) -> None:
        line = self.line() | {"found": self.rng.choice(["over", "wrong_item", "short", "empty"])}
        self.step("returns.receive", self.rma(), line)

    def match(self) -> None:
        lines = [{"line": self.rng.choice([1, 1, 2]), "quantity_e4": self.rng.choice([None, None, 10_000, 5_000])}]
        raw = {
            "document": self.parcel(),
            "rma": self.rma(),
            "lines": lines[: self.rng.choice([0, 1, 1])],
            "on": self.day(),
        }
        if self.rng.random() < 0.8 and (fitting := self.fitting()):
            raw |= self.rng.choice(fitting)
        self.attempt("returns.match_unclaimed", *[raw] * self.twice(), mode=self.rng.choice(["all", "each"]))

    def fitting(self) -> list[dict[str, Any]]:
        """Which goods without an owner some return waits for."""
        waiting = ReturnPiece.objects.filter(line__rma__status="approved", authorized_e4__gt=F("received_e4"))
        left = {(piece.product_id, piece.lot_id): piece for piece in waiting.select_related("line").order_by("pk")}
        return [
            {
                "document": Unclaimed(pk=line.unclaimed_id).number, "rma": Return(pk=piece.line.rma_id).number,
                "lines": [{"line": line.position, "quantity_e4": min(line.here_e4, piece.to_receive_e4)}],
            }
            for line in UnclaimedLine.objects.filter(here_e4__gt=0).order_by("pk")
            if (piece := left.get((line.product_id, line.lot_id)))
        ]  # fmt: skip

    def place(self) -> None:
        line = {
            "line": self.rng.choice([1, 1, 2]), "to": self.rng.choice(["restock", "scrap", "donate", "send_back"]),
            "quantity_e4": self.rng.choice([None, 10_000]), "unit_cost_e6": self.rng.choice([None, 0, 333, 12_345_678]),
        }  # fmt: skip
        raw = {"document": self.parcel(), "on": self.rng.choice(["2026-02-20", "2026-02-20", "2026-01-09"])}
        there = UnclaimedLine.objects.filter(here_e4__gt=0).order_by("-pk").first()
        if there is not None and self.rng.random() < 0.7:
            raw["document"], line["line"], line["quantity_e4"] = (
                Unclaimed(pk=there.unclaimed_id).number,
                there.position,
                None,
            )
        raw["lines"] = [line]
        self.attempt("returns.place_unclaimed", *[raw] * self.twice(), mode="each")

    def undo_unclaimed(self) -> None:
        raw = {"document": self.parcel(), "on": "2026-02-20"}
        self.attempt("returns.undo_unclaimed", *[raw] * self.twice(), mode="each")

    def undo_receipt(self) -> None:
        raw = {"document": self.rma(), "what": "receive", "on": "2026-02-20"}
        self.attempt("returns.undo", *[raw] * self.twice(), mode="each")


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_anything_at_the_dock_keeps_both_ledgers_right(scratch, cost_method):
    seen: Counter[tuple[str, str]] = Counter()
    for n in range(SHOPS * max(1, EXPLORE)):
        shop = SystemRandom().randrange(2**32) if EXPLORE else n
        rng = Random(f"dock {cost_method} {shop}")
        with scratch.database():
            made = Dock(cost_method, Random(shop), seen)
            made.parcels = []
            for _ in range(STEPS):
                made.act(rng.choice(ACTIONS), rng.randrange(2**32))
                assert broken_invariants() == [], f"shop {shop}:\n" + "\n".join(made.story)
    wanted = {f"returns.{name}" for name in ("take_in", "match_unclaimed", "place_unclaimed", "undo_unclaimed")}
    # A driver that never gets anywhere proves nothing.
    missed = {(name, how) for name in wanted for how in ("done", "refused")} - set(seen)
    assert len(missed) <= MISSED_AT_MOST, missed
