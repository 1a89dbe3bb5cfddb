"""What the law gives whoever buys at a distance, whatever a policy says: a window to withdraw, and clocks. Pure.

Sources (research notes): PRC consumer protection law Art. 25 and SAIC order 90 (7 days from the day after signing, money
within 7 days of the goods' arrival), penalty rules for consumer rights Art. 8-10 (15 days to handle a request); EU
directive 2011/83 Art. 9, 13, 14; UK Consumer Contracts Regulations 2013, which keep the same 14 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from backstock.policies.engine import Decision, Finding, Outcome, Terms

DISTANCE: Final = frozenset({"online"})
# Asking for another one, for a repair or for money while keeping the goods is no withdrawal.
WITHDRAWALS: Final = frozenset({"return_refund", "rejected_delivery"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline: days from the request or from the goods' arrival, and the article that sets it."""

    days: int
    source: str
    starts: str = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The law of one market, as far as returns ask it."""

    window_days: int
    window_source: str
    clocks: Mapping[str, Clock]
    # Who sends everything back gets the first shipping back too, and the article that says so.
    shipping_source: str = ""


PACKS: Final[Mapping[str, Pack]] = {
    "CN": Pack(
        window_days=7,
        window_source="消费者权益保护法 Art. 25",
        clocks={
            "decide": Clock(days=15, source="侵害消费者权益行为处罚办法 Art. 8-10"),
            "refund": Clock(days=7, source="消费者权益保护法 Art. 25", starts="arrival"),
        },
    ),
    "EU": Pack(
        window_days=14,
        window_source="2011/83/EU Art. 9",
        clocks={
            "refund": Clock(days=14, source="2011/83/EU Art. 13"),
            "send_back": Clock(days=14, source="2011/83/EU Art. 14"),
        },
        shipping_source="2011/83/EU Art. 13",
    ),
    "UK": Pack(
        window_days=14,
        window_source="Consumer Contracts Regulations 2013 reg. 30",
        clocks={
            "refund": Clock(days=14, source="Consumer Contracts Regulations 2013 reg. 34", starts="arrival"),
            "send_back": Clock(days=14, source="Consumer Contracts Regulations 2013 reg. 35"),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Right:
    """A customer's right to withdraw from a line: under which law, and the last day of it."""

    law: str
    pack: Pack
    until: date


def right_of(law: str, type_: str, channel: str, delivered_on: date | None) -> Right | None:
    """Return the right to withdraw from what a channel sold; the day of delivery itself does not count."""
    if law not in PACKS or type_ not in WITHDRAWALS or channel not in DISTANCE or delivered_on is None:
        return None
    return Right(law, PACKS[law], delivered_on + timedelta(days=PACKS[law].window_days))


def with_right(terms: Terms, right: Right) -> Terms:
    """Return the terms of a line for whoever withdraws in time: never less than the law gives."""
    lifted = right.pack.shipping_source and terms.refund_shipping == "never"
    shipping = "full_return" if lifted else terms.refund_shipping
    return replace(terms, law=right.law, legal_until=right.until.isoformat(), refund_shipping=shipping)


def never_less(decision: Decision, right: Right) -> Decision:
    """Let a person look at what the policy alone would have turned down."""
    if decision.outcome is not Outcome.reject:
        return decision
    found = Finding("legal_right", Outcome.review, {"article": right.pack.window_source})
    return Decision(Outcome.review, (*decision.findings, found))


@dataclass(frozen=True, slots=True)
class Due:
    """Something that the law wants done by a day, counted from a day, and the article that says so."""

    what: str
    since: date
    on: date
    source: str


def dues(law: str | None, requested_on: date, arrived_on: date | None) -> list[Due]:
    """Return the clocks that run for a return; one that counts from the goods' arrival runs once they are here."""
    found = []
    for what, clock in PACKS[law].clocks.items() if law is not None else ():
        since = arrived_on if clock.starts == "arrival" else requested_on
        if since is not None:
            found.append(Due(what, since, since + timedelta(days=clock.days), clock.source))
    return found
