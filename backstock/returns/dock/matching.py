"""How well goods without an owner fit a return that is still expected, in points with their reasons. Pure.

What only one parcel can have (its tracking number, a serial number) weighs most, what many have (a product, a place) least.
Labels in China often hide a part: 138****1234, 张**; what can be read of it counts less than the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

POINTS: Final[Mapping[str, int]] = {
    "tracking": 60, "serial": 50, "phone": 30, "lot": 20, "phone_part": 18, "sku": 15, "name": 15, "quantity": 8, "weight": 8,
    "route": 6, "name_part": 5,
}  # fmt: skip
# Weights that lie closer than this are the same: packing differs.
NEAR_PERCENT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What can be seen of goods without an owner: on the label, on the scale, in the box."""

    tracking: str = ""
    phone: str = ""
    name: str = ""
    route: str = ""
    weight_grams: int = 0
    # Product → quantity.
    goods: Mapping[int, int] = field(default_factory=dict)
    serials: frozenset[int] = frozenset()
    lots: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is known of a return whose goods have not come."""

    tracking: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    name: str = ""
    address: str = ""
    weights: frozenset[int] = frozenset()
    goods: Mapping[int, int] = field(default_factory=dict)
    lots: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """Points, and why: codes of POINTS with what matched."""

    points: int
    reasons: tuple[tuple[str, str], ...]


def fit(seen: Seen, expected: Expected) -> Fit:
    """Say how well goods fit a return."""
    reasons = [*_label(seen, expected), *_goods(seen, expected)]
    return Fit(sum(POINTS[code] for code, _ in reasons), tuple(reasons))


def _label(seen: Seen, expected: Expected) -> Iterable[tuple[str, str]]:
    if seen.tracking and seen.tracking in expected.tracking:
        yield "tracking", seen.tracking
    if how := same_phone(seen.phone, expected.phones):
        yield how, seen.phone
    if how := same_name(seen.name, expected.name):
        yield how, seen.name
    if place := same_place(seen.route, expected.address):
        yield "route", place
    if any(
        abs(seen.weight_grams - each) * 100 <= each * NEAR_PERCENT for each in expected.weights if seen.weight_grams
    ):
        yield "weight", f"{seen.weight_grams} g"


def _goods(seen: Seen, expected: Expected) -> Iterable[tuple[str, str]]:
    if seen.serials & expected.lots:
        yield "serial", ""
    if seen.lots & expected.lots:
        yield "lot", ""
    shared = seen.goods.keys() & expected.goods.keys()
    if shared:
        yield "sku", ""
    if (
        shared
        and all(seen.goods[product] == expected.goods[product] for product in shared)
        and shared == seen.goods.keys()
    ):
        yield "quantity", ""


def digits_of(phone: str) -> str:
    """Return a phone as its digits, hidden ones as stars, without the country's code."""
    kept = re.sub(r"[^0-9*]", "", phone.replace("×", "*").replace("＊", "*"))
    return kept[2:] if len(kept) == 13 and kept.startswith("86") else kept


def same_phone(seen: str, known: Iterable[str]) -> str:
    """Tell whether a phone is one of those known: phone, phone_part where a part of it is hidden, or nothing."""
    label = digits_of(seen)
    readable = label.replace("*", "")
    if len(readable) < 4:
        return ""
    for each in known:
        full = digits_of(each)
        if full == label and "*" not in label:
            return "phone"
        if full and _fits(label, full):
            return "phone_part"
    return ""


def _fits(label: str, full: str) -> bool:
    """Compare digit by digit where none hides the length; a few last digits alone count as well."""
    if len(label) == len(full):
        return all(one in ("*", other) for one, other in zip(label, full, strict=True))
    return "*" not in label and len(label) == 4 and full.endswith(label)


def same_name(seen: str, known: str) -> str:
    """Tell whether a name is the one known: name, name_part where a part of it is hidden, or nothing."""
    label, full = "".join(seen.split()), "".join(known.split())
    if not label or not full:
        return ""
    if label.casefold() == full.casefold():
        return "name"
    shown = label.replace("*", "").replace("某", "")
    hidden = "*" in label or "某" in label
    return "name_part" if hidden and shown and full.startswith(shown[0]) else ""


def same_place(route: str, address: str) -> str:
    """Return the word of the route that stands in the address: 杭州, Berlin."""
    words = [word for word in re.split(r"[\s,，·/>→\-—]+", route) if len(word) > 1]
    return next((word for word in words if word.casefold() in address.casefold()), "")
