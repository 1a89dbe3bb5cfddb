"""Goods without an owner in words: how a parcel stands, what happened to it, and why a return may be its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.desk import words
from backstock.desk.figures import quantity_text
from backstock.desk.parts import Text, Tone
from backstock.returns.dock.candidates import Candidate
from backstock.returns.dock.unclaimed import LoadedUnclaimed
from backstock.returns.models import Return, UnclaimedEvent, UnclaimedLine

TO: Mapping[str, Text] = {
    "send_back": gettext_lazy("Back to the sender"),
    "restock": gettext_lazy("Keep it: to stock at a stated cost"),
    "scrap": gettext_lazy("Scrap"),
    "donate": gettext_lazy("Donate"),
}
REASONS: Mapping[str, Text] = {
    "tracking": gettext_lazy("the same waybill"),
    "serial": gettext_lazy("a serial number of it"),
    "phone": gettext_lazy("the same phone"),
    "phone_part": gettext_lazy("the phone fits as far as it can be read"),
    "lot": gettext_lazy("a lot of it"),
    "sku": gettext_lazy("expects this product"),
    "name": gettext_lazy("the same name"),
    "name_part": gettext_lazy("the name fits as far as it can be read"),
    "quantity": gettext_lazy("exactly as many"),
    "weight": gettext_lazy("weighs the same"),
    "route": gettext_lazy("comes from there"),
}
HAPPENED: Mapping[str, Text] = {
    "took": gettext_lazy("Taken in"),
    "matched": gettext_lazy("Matched"),
    "placed": gettext_lazy("Placed"),
}
# Points from which a candidate is as good as certain, and from which it is likely.
SURE, LIKELY = 50, 25


@dataclass(frozen=True, kw_only=True)
class Reasoned:
    """A return that the goods may be of, with why."""

    number: str
    customer: str
    points: int
    strength: Text
    tone: Tone
    reasons: str


def reasoned(candidate: Candidate) -> Reasoned:
    """Show a candidate with its reasons."""
    points = candidate.fit.points
    strength, tone = _("possible"), "neutral"
    if points >= SURE:
        strength, tone = _("as good as certain"), "good"
    elif points >= LIKELY:
        strength, tone = _("likely"), "info"
    said = [
        str(REASONS[code]) + (f" ({fact})" if fact and code in ("tracking", "route", "weight") else "")
        for code, fact in candidate.fit.reasons
    ]
    return Reasoned(
        number=candidate.rma.row.number, customer=candidate.customer, points=points, strength=strength,
        tone=tone, reasons=words.listed(said),  # type: ignore[arg-type] # one of the tones
    )  # fmt: skip


def state_of(lines: Sequence[UnclaimedLine]) -> tuple[str, Tone]:
    """Say whether goods still wait for their owner."""
    if any(line.here_e4 for line in lines):
        return _("Waits for its owner"), "warning"
    return _("Settled"), "good"


def goods_words(lines: Sequence[UnclaimedLine]) -> str:
    """Name the goods of a parcel."""
    return words.listed(
        f"{line.product.name or line.product.sku} × {quantity_text(line.quantity_e4, line.product.unit)}"
        for line in lines
    )


def history(parcel: LoadedUnclaimed, events: Sequence[UnclaimedEvent]) -> list[tuple[str, str, str, str]]:
    """Tell what happened to a parcel, the newest first: (day, what, goods, return)."""
    lines = {line.pk: line for line in parcel.lines}
    found = []
    for event in reversed(events):
        line = lines[event.line_id]
        what = str(TO[event.to]) if event.to else str(HAPPENED[event.kind])
        if event.mirrors_log_id:
            what = _("%(step)s: taken back") % {"step": what}
        goods = f"{line.product.name or line.product.sku} × {quantity_text(event.quantity_e4, line.product.unit)}"
        number = Return(pk=event.rma_id).number if event.rma_id else ""
        found.append((event.business_on.isoformat(), what, goods, number))
    return found
