"""What the strict gateway remembers: payments, refunds by key, and how often money really left. Knows no wire format."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

# What it does at its next call. `drop` cuts the connection, before or after it has paid; `hold` pays and answers late.
Behaviour = Literal["pay", "refuse", "busy", "drop_before", "drop_after", "hold_before", "hold_after", "pend", "lie"]
HOLD_SECONDS = 30.0


@dataclass(slots=True)
class Refund:
    """One key, and what became of it."""

    wire: str
    key: str
    payment: str
    amount: int
    state: Literal["paid", "failed", "pending"]
    number: int
    round: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    # How often money left for it: anything but 1 is the end of a gateway.
    times_paid: int = 0
    notes: int = 0


class Refused(Exception):
    """A business reason not to pay, as a neutral word."""


class Busy(Exception):
    """Not now."""


class Cut(Exception):
    """The connection is cut without an answer."""


class Till:
    """Pays every key once, never more than was paid in, and misbehaves as it is told."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.payments: dict[str, int] = {}
        self.refunds: dict[tuple[str, str], Refund] = {}
        self.plan: deque[Behaviour] = deque()
        self.calls = 0
        self.held = threading.Event()

    def refund(self, wire: str, key: str, payment: str, amount: int, round_: str = "") -> tuple[Refund, bool, bool]:
        """Take a request for a refund; return it, whether money left now, and whether to answer with a lie."""
        with self.lock:
            self.calls += 1
            behaviour = self.plan.popleft() if self.plan else "pay"
            if behaviour == "busy":
                raise Busy
            if behaviour == "drop_before":
                raise Cut
        if behaviour == "hold_before":
            self._hold()
        with self.lock:
            found, moved = self._decided(wire, key, payment, amount, round_, behaviour)
        if behaviour == "drop_after":
            raise Cut
        if behaviour == "hold_after":
            self._hold()
        return found, moved, behaviour == "lie"

    def _decided(
        self, wire: str, key: str, payment: str, amount: int, round_: str, behaviour: Behaviour
    ) -> tuple[Refund, bool]:
        known = self.refunds.get((wire, key))
        if known is not None and (known.payment, known.amount) != (payment, amount):
            raise Refused("key_reused")
        if known is not None and known.state != "failed":
            return known, False
        if behaviour == "refuse":
            raise Refused("not_enough_balance")
        given = sum(each.amount for each in self.refunds.values() if each.payment == payment and each.state != "failed")
        if payment not in self.payments:
            raise Refused("no_such_payment")
        if given + amount > self.payments[payment]:
            raise Refused("refund_exceeds_payment")
        made = Refund(wire, key, payment, amount, "pending", len(self.refunds) + 1, round_)
        self.refunds[wire, key] = made
        if behaviour != "pend":
            self._pay(made)
        return made, True

    def _pay(self, refund: Refund) -> None:
        refund.state = "paid"
        refund.times_paid += 1

    def find(self, wire: str, key: str) -> Refund | None:
        """Say what became of a key; what was pending has been paid meanwhile."""
        with self.lock:
            self.calls += 1
            if self.plan and self.plan[0] == "busy":
                self.plan.popleft()
                raise Busy
            found = self.refunds.get((wire, key))
            if found is not None and found.state == "pending":
                self._pay(found)
            return found

    def of_payment(self, wire: str, payment: str) -> list[Refund]:
        """Return the refunds of a payment."""
        with self.lock:
            keys = [key for (own, key), each in self.refunds.items() if own == wire and each.payment == payment]
        return [found for key in keys if (found := self.find(wire, key)) is not None]

    def _hold(self) -> None:
        """Keep the caller waiting until it is gone, or killed."""
        self.held.set()
        time.sleep(HOLD_SECONDS)
        raise Cut

    def told(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do what the drill says: take payments, plan behaviours; say what was paid."""
        with self.lock:
            self.payments |= order.get("payments", {})
            if "plan" in order:
                self.plan = deque(order["plan"])
                self.held.clear()
            return {
                "refunds": [asdict(each) for each in self.refunds.values()],
                "held": self.held.is_set(),
                "calls": self.calls,
                "left": len(self.plan),
            }
