"""What every gateway can be asked, and what it may answer. Pure: no Django, no database.

A gateway is given one stable key per refund and remembers it: the same key is the same refund, however often it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

# missing: the gateway has never heard of the key. pending: it has, and is still at it.
Outcome = Literal["paid", "failed", "pending", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One refund as a gateway is asked for it."""

    key: str
    # Definite failures so far; a gateway that remembers failures too is asked anew by it.
    round: int
    amount_cents: int
    currency: str
    digits: int
    # How the gateway (or we towards it) called the payment, and what was paid by it in all.
    payment: str
    tender: str
    paid_cents: int
    document: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said for certain."""

    outcome: Outcome
    # The gateway's own number, and its code for what went wrong: never words, never people.
    reference: str = ""
    problem: str = ""
    paid_at: datetime | None = None


class Unclear(Exception):
    """No certain answer: timed out, cut off, busy, badly signed. Whether it paid is found out by asking, never by paying."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadNotice(Exception):
    """A notice that the gateway did not sign, or that is too old."""


class Gateway(Protocol):
    """A means of giving money back that answers for itself."""

    # Content type and body by which a gateway knows that its notice was taken.
    accepted: tuple[str, str]

    def refund(self, asked: Asked) -> Answer:
        """Ask for a refund; the same key is paid once. Raises Unclear."""

    def query(self, asked: Asked) -> Answer:
        """Ask what became of a refund; `missing` when the key was never heard of. Raises Unclear."""

    def notice(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the key that a signed notice is about. Raises BadNotice."""
