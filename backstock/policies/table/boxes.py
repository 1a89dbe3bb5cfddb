"""Which facts a row fits, as a box with a side for each fact: boxes are cut and taken apart exactly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backstock.policies.table.model import FIELDS, Row, Test

# More pieces than this are not taken further apart; what is left is then not known to be empty.
MOST_PIECES: Final = 3_000
OTHER: Final = "…"
FAR: Final = 10**30


@dataclass(frozen=True, slots=True)
class Values:
    """Some values, or all but some; that a fact is not known (None) is a value too."""

    values: frozenset[Any]
    all_but: bool = False

    def both(self, other: Values) -> Values:
        """Return what is in both."""
        if self.all_but and other.all_but:
            return Values(self.values | other.values, all_but=True)
        if self.all_but or other.all_but:
            some, but = (other, self) if self.all_but else (self, other)
            return Values(some.values - but.values)
        return Values(self.values & other.values)

    def rest(self) -> Values:
        """Return what is not in it."""
        return Values(self.values, not self.all_but)

    def is_empty(self) -> bool:
        """Say whether nothing is in it."""
        return not self.values and not self.all_but

    def example(self) -> Any:
        """Give one value, a known one if there is one."""
        if not self.all_but:
            return min(self.values, key=lambda value: (value is None, str(value)))
        return OTHER if OTHER not in self.values else None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Integers within any of some spans, in order, and perhaps that the number is not known."""

    spans: tuple[tuple[int, int], ...]
    unknown: bool = False

    def both(self, other: Numbers) -> Numbers:
        """Return what is in both."""
        cut = [(max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans]
        return Numbers(tuple(sorted(span for span in cut if span[0] <= span[1])), self.unknown and other.unknown)

    def rest(self) -> Numbers:
        """Return what is not in it."""
        starts = [-FAR, *(b + 1 for _, b in self.spans)]
        ends = [*(a - 1 for a, _ in self.spans), FAR]
        spans = tuple((a, b) for a, b in zip(starts, ends, strict=True) if a <= b)
        return Numbers(spans, not self.unknown)

    def is_empty(self) -> bool:
        """Say whether nothing is in it."""
        return not self.spans and not self.unknown

    def example(self) -> int | None:
        """Give one number, the nearest to nothing."""
        ends = [min(max(a, 0), b) for a, b in self.spans]
        return min(ends, key=abs) if ends else None


@dataclass(frozen=True, slots=True)
class Tags:
    """Sets of texts that meet each of some sets, and none of these."""

    meets: frozenset[frozenset[str]] = frozenset()
    without: frozenset[str] = frozenset()

    def both(self, other: Tags) -> Tags:
        """Return what is in both."""
        return Tags(self.meets | other.meets, self.without | other.without)

    def is_empty(self) -> bool:
        """Say whether nothing is in it."""
        return any(wanted <= self.without for wanted in self.meets)

    def example(self) -> list[str]:
        """Give one set of texts."""
        return sorted({min(wanted - self.without) for wanted in self.meets})


type Side = Values | Numbers | Tags
type Box = Mapping[str, Side]


def side(name: str, test: Test) -> Side:
    """Return the values of a fact that meet a test."""
    kind = FIELDS[name].kind
    if kind == "number":
        low, high = -FAR if test.low is None else test.low, FAR if test.high is None else test.high
        return Numbers(((low, high),))
    if kind == "yesno":
        return Values(frozenset([bool(test.yes)]))
    values = frozenset(test.values)
    if kind == "set":
        return Tags(without=values) if test.negated else Tags(meets=frozenset([values]))
    return Values(values, all_but=test.negated)


def others(found: Side) -> Side:
    """Return the values that do not meet the one test a side was made of."""
    if isinstance(found, Tags):
        return Tags(meets=frozenset([found.without])) if found.without else Tags(without=next(iter(found.meets)))
    return found.rest()


def box(row: Row) -> Box:
    """Return the facts that a row fits."""
    return {name: side(name, test) for name, test in row.when.items()}


def both(one: Box, other: Box) -> Box | None:
    """Return the facts in two boxes; None where there are none."""
    found = dict(one)
    for name, values in other.items():
        mine: Any = found.get(name)
        found[name] = values if mine is None else mine.both(values)
        if found[name].is_empty():
            return None
    return found


def without(one: Box, other: Box) -> Iterator[Box]:
    """Take a box out of another: the pieces that are left do not overlap."""
    inside: Box | None = one
    for name, values in other.items():
        if inside is None:
            return
        if (outside := both(inside, {name: others(values)})) is not None:
            yield outside
        inside = both(inside, {name: values})


def left(one: Box, taken: Iterable[Box]) -> list[Box]:
    """Return what is left of a box when all these are taken out: the widest first, which leave the fewest pieces."""
    pieces = [one]
    for each in sorted((each for each in taken if both(one, each) is not None), key=len):
        # A piece that lies beside what is taken out stays whole.
        cut = ([piece] if both(piece, each) is None else without(piece, each) for piece in pieces)
        pieces = [piece for found in cut for piece in found]
        if not pieces or len(pieces) > MOST_PIECES:
            break
    return pieces


def example(found: Box) -> dict[str, Any]:
    """Give facts that lie in a box; what may be anything is left out."""
    return {name: value for name, values in found.items() if (value := values.example()) is not None}
