"""What the components show: small values that a view makes and a template tag renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backstock.core.amounts import decimal_text
from backstock.core.errors import DomainError

type Text = str | Promise
Tone = Literal["neutral", "info", "good", "warning", "bad"]
TONES: tuple[Tone, ...] = get_args(Tone)

# What a refusal's facts are called on the page; a fact that is missing here keeps its own name.
FACTS: Mapping[str, Text] = {
    "accepted": gettext_lazy("Accepted"), "actor": gettext_lazy("Who"), "amount": gettext_lazy("Amount"), "asked": gettext_lazy("Asked"),
    "authorized": gettext_lazy("Still expected"), "available": gettext_lazy("Available"), "choices": gettext_lazy("Choices"),
    "cost": gettext_lazy("Cost"), "current": gettext_lazy("Now"), "customer": gettext_lazy("Customer"), "decimals": gettext_lazy("Decimals"),
    "delivered_on": gettext_lazy("Delivered on"), "given": gettext_lazy("Given"), "inspected": gettext_lazy("Inspected and not yet placed"),
    "lapsed_on": gettext_lazy("Lapsed after"), "last_day": gettext_lazy("Last day"), "left": gettext_lazy("Left"), "lot": gettext_lazy("Lot"),
    "needed": gettext_lazy("Needed"), "on": gettext_lazy("Day"), "reason": gettext_lazy("Reason"), "step": gettext_lazy("Step"),
    "tender": gettext_lazy("Means of payment"), "value": gettext_lazy("Value"), "wanted": gettext_lazy("Wanted"),
    "window_days": gettext_lazy("Days to return"),
    "done": gettext_lazy("Done already"), "papers": gettext_lazy("Papers"), "paper": gettext_lazy("Paper"), "role": gettext_lazy("Role"),
    "document": gettext_lazy("Document"), "field": gettext_lazy("Field"), "limit": gettext_lazy("Limit"), "line": gettext_lazy("Line"),
    "paid": gettext_lazy("Paid"), "permission": gettext_lazy("Permission"), "place": gettext_lazy("Place"), "problem": gettext_lazy("Problem"),
    "quantity": gettext_lazy("Quantity"), "received": gettext_lazy("Received"), "refunded": gettext_lazy("Refunded"),
    "requested": gettext_lazy("Requested"), "returnable": gettext_lazy("Still returnable"), "serial": gettext_lazy("Serial number"),
    "shipped": gettext_lazy("Shipped"), "sku": gettext_lazy("Product"), "state": gettext_lazy("State"), "warehouse": gettext_lazy("Warehouse"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One entry of a timeline."""

    at: datetime
    title: Text
    who: Text = ""
    detail: Text = ""
    icon: str = "activity"
    tone: Tone = "neutral"
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why something was not done, and what to do about it."""

    code: str
    sentence: Text
    advice: Text = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: DomainError) -> Refusal:
        """Tell a command's refusal in the reader's language."""
        raw = error.facts()
        digits = int(raw.get("digits", 2))
        facts = {
            str(FACTS.get(plain(name), plain(name))): fact_text(name, value, digits)
            for name, value in raw.items()
            if value not in ("", None) and name != "digits"
        }
        return cls(code=error.code, sentence=error.sentence(get_language() or "zh-hans"), facts=facts)


def plain(name: str) -> str:
    return name.removesuffix("_e4").removesuffix("_cents")


def fact_text(name: str, value: Any, digits: int) -> str:
    if isinstance(value, int) and name.endswith("_e4"):
        return decimal_text(value, 4)
    if isinstance(value, int) and name.endswith("_cents"):
        return decimal_text(value, digits, trim=False)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A link or a button (POST) that a page offers."""

    label: Text
    href: str
    icon: str = ""
    method: Literal["get", "post"] = "get"


@dataclass(frozen=True, kw_only=True)
class Empty:
    """What stands where nothing is yet: says what will be here and how to get it."""

    title: Text
    explanation: Text
    steps: Sequence[Text] = ()
    icon: str = "inbox"
    action: Action | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a long task is; `url` answers with this very component again, so a reload loses nothing."""

    name: str
    label: Text
    url: str
    done: int
    total: int
    state: Literal["waiting", "running", "done", "failed"] = "running"
    note: Text = ""

    @property
    def percent(self) -> int:
        return 0 if self.total <= 0 else min(100, self.done * 100 // self.total)

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def tone(self) -> str:
        return {"done": "good", "failed": "bad", "waiting": "neutral"}.get(self.state, "info")

    @property
    def state_label(self) -> str:
        return {"waiting": _("Waiting"), "running": _("Running"), "done": _("Done"), "failed": _("Failed")}[self.state]
