"""The gateway of the language: strict, in memory, and doing at its next call what the story says."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from enum import StrEnum

from backstock.refunds.gateways.protocol import Answer, Asked, BadNotice, Unclear


class Behaviour(StrEnum):
    """What the gateway does at its next call."""

    SUCCEEDS = "succeeds"
    FAILS = "fails"
    TIMES_OUT = "times_out"


class StrictGateway:
    """Remembers every key, refuses to give back more than was paid, and may pay and then not answer."""

    accepted = ("text/plain", "")

    def __init__(self) -> None:
        self.next = Behaviour.SUCCEEDS
        self.paid: dict[str, Asked] = {}
        self.calls = 0
        # How many questions it does not answer.
        self.deaf = 0
        self._lock = threading.Lock()

    def refund(self, asked: Asked) -> Answer:
        """Pay once by key; the story's word holds for this one call."""
        with self._lock:
            self.calls += 1
            behaviour, self.next = self.next, Behaviour.SUCCEEDS
            if asked.key not in self.paid:
                if behaviour is Behaviour.FAILS:
                    return Answer("failed", problem="refused")
                before = sum(
                    x.amount_cents for x in self.paid.values() if (x.payment, x.tender) == (asked.payment, asked.tender)
                )
                if before + asked.amount_cents > asked.paid_cents:
                    return Answer("failed", problem="refund_exceeds_payment")
                self.paid[asked.key] = asked
            if behaviour is Behaviour.TIMES_OUT:
                raise Unclear("timeout")
            return Answer("paid", reference=f"G-{asked.key}")

    def query(self, asked: Asked) -> Answer:
        """Say what became of a key."""
        if self.deaf:
            self.deaf -= 1
            raise Unclear("timeout")
        if asked.key in self.paid:
            return Answer("paid", reference=f"G-{asked.key}")
        return Answer("missing")

    def notice(self, headers: Mapping[str, str], body: bytes) -> str:
        """It sends none."""
        raise BadNotice
