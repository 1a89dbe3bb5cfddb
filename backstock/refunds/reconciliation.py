"""Compare a day of a gateway's statement with our refunds and our ledger. Pure: what differs is said with its kind, nothing is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["missing_there", "missing_here", "amount", "twice", "status", "day", "ledger"]
Outcome = Literal["paid", "failed", "pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """One line of a statement; `position` is its line in the file."""

    position: int
    key: str
    reference: str
    amount_cents: int
    outcome: Outcome
    happened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """One refund of ours, and what the ledger says was paid for it."""

    refund_id: int
    number: str
    key: str
    reference: str
    amount_cents: int
    status: str
    paid_on: date | None
    # None: the ledger has no such payment.
    ledger_cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference, with both sides."""

    kind: Kind
    refund_id: int = 0
    position: int = 0
    ours_cents: int = 0
    theirs_cents: int = 0
    ours: str = ""
    theirs: str = ""


def match(theirs: Sequence[Theirs], ours: Sequence[Ours]) -> dict[int, Ours]:
    """Find the refund of each line: by its key, by its number, else by the gateway's own number of it."""
    by_name = {each.reference: each for each in ours if each.reference}
    by_name |= {each.number: each for each in ours}
    by_name |= {each.key: each for each in ours if each.key}
    found = {}
    for line in theirs:
        # Where a failed refund was asked for anew, its round stands behind the key.
        names = (line.key, line.key.rpartition("-")[0], line.key.partition("-")[0], line.reference)
        own = next((by_name[name] for name in names if name and name in by_name), None)
        if own is not None:
            found[line.position] = own
    return found


def compare(
    day: date, theirs: Sequence[Theirs], ours: Sequence[Ours], elsewhere: Mapping[int, date]
) -> list[Found]:  # fmt: skip
    """Return every difference of a day; `elsewhere` names refunds that stand on a statement of another day."""
    matched = match(theirs, ours)
    lines: dict[int, list[Theirs]] = defaultdict(list)
    found: list[Found] = []
    for line in theirs:
        own = matched.get(line.position)
        if own is not None:
            lines[own.refund_id].append(line)
        elif line.outcome == "paid":
            found.append(
                Found(kind="missing_here", position=line.position, theirs_cents=line.amount_cents, theirs=line.key)
            )
    for own in ours:
        if own.refund_id in lines:
            found += _of_refund(own, lines[own.refund_id])
        elif own.status == "paid" and own.paid_on == day:
            found.append(_missing(own, day, elsewhere))
        if (
            own.status == "paid"
            and own.ledger_cents != own.amount_cents
            and (own.paid_on == day or own.refund_id in lines)
        ):
            found.append(
                Found(
                    kind="ledger",
                    refund_id=own.refund_id,
                    ours_cents=own.amount_cents,
                    theirs_cents=own.ledger_cents or 0,
                )
            )
    return found


def _missing(own: Ours, day: date, elsewhere: Mapping[int, date]) -> Found:
    if own.refund_id in elsewhere:
        there = elsewhere[own.refund_id].isoformat()
        return Found(
            kind="day", refund_id=own.refund_id, ours_cents=own.amount_cents, ours=day.isoformat(), theirs=there
        )
    return Found(kind="missing_there", refund_id=own.refund_id, ours_cents=own.amount_cents, ours=own.status)


def _of_refund(own: Ours, lines: Sequence[Theirs]) -> list[Found]:
    """Compare a refund with its lines: how often, how it ended, how much, and when."""
    paid = [line for line in lines if line.outcome == "paid"]
    first = paid[0] if paid else lines[-1]
    found = [
        Found(
            kind="twice", refund_id=own.refund_id, position=line.position, ours_cents=own.amount_cents,
            theirs_cents=sum(each.amount_cents for each in paid), theirs=line.reference,
        )
        for line in paid[1:]
    ]  # fmt: skip

    def differs(kind: Kind, ours: str = "", theirs: str = "") -> None:
        found.append(
            Found(
                kind=kind, refund_id=own.refund_id, position=first.position, ours_cents=own.amount_cents,
                theirs_cents=first.amount_cents, ours=ours, theirs=theirs,
            )
        )  # fmt: skip

    if bool(paid) != (own.status == "paid"):
        differs("status", own.status, first.outcome)
    elif paid:
        if first.amount_cents != own.amount_cents:
            differs("amount")
        if first.happened_on != own.paid_on:
            differs("day", own.paid_on.isoformat() if own.paid_on else "", first.happened_on.isoformat())
    return found
