"""What cases are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from backstock.core.commands import REGISTRY, Command
from tests import build
from tests.build import DAY

Raw = dict[str, Any]
NUMBERS = [count(1)]


@dataclass(frozen=True, slots=True)
class Case:
    """`make` reaches the state in which its input is good, a new one at each call; `spoil` makes that input refused."""

    make: Callable[[], Raw]
    spoil: Callable[[Raw], Raw]
    code: str


def number() -> int:
    """Return a number that nothing in this company has."""
    return next(NUMBERS[0])


def count_anew() -> None:
    """Begin with 1 again, in another company."""
    NUMBERS[0] = count(1)


def fresh(prefix: str) -> str:
    return f"{prefix}{number()}"


def lines(quantity: int = 1, **more: Any) -> list[Raw]:
    return [{"sku": "A", "quantity_e4": build.e4(quantity), **more}]


def first(raw: Raw, **changes: Any) -> Raw:
    """Change the first line."""
    return {**raw, "lines": [{**raw["lines"][0], **changes}]}


def requested() -> str:
    return build.requested(build.sold(quantity=1))


def too_many(raw: Raw) -> Raw:
    return first(raw, quantity_e4=build.e4(1_000))


def on_no_document(raw: Raw) -> Raw:
    return {**raw, "document": "R999999"}


def fresh_lot() -> str:
    """A lot of which a customer has one piece and one is here."""
    sku, code = build.product(fresh("L"), tracking="lot"), fresh("LOT")
    build.bought(sku, 2, 10, lot=code)
    build.sold(sku, 1, lot=code)
    return f"{sku}:{code}"


def command(name: str) -> Command[Any]:
    """Return a command by name."""
    return REGISTRY[name]


def parsed(name: str, raw: Raw) -> Any:
    """Build an input on the tests' day."""
    return command(name).parse({"on": DAY.isoformat(), **raw})
