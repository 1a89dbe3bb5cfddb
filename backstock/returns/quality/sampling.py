"""How many of a batch are looked at, and how many defects the whole batch may show: ISO 2859-1 as data. Pure.

Single sampling, normal inspection, general level II (tables 1 and 2-A of ISO 2859-1:1999; the same figures as ANSI/ASQ
Z1.4). Source: own knowledge, not checked against the standard's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Up to so many units → code letter; the letter's sample size stands at the same place.
LOTS: Final = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
LETTERS: Final = "ABCDEFGHJKLMNPQ"
SIZES: Final = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250)
# Defects per hundred units that are still acceptable on average.
AQLS: Final = (
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5", "4.0", "6.5",
)  # fmt: skip
# Down a diagonal of the table the acceptance number is the same: place of the letter + place of the AQL → number.
FIRST, ACCEPTS = 14, {14: 0, 17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21}


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """Look at `size` of `lot` units; up to `accept` defects the whole lot is good, from `reject` on it is not."""

    lot: int
    letter: str
    aql: str
    size: int
    accept: int

    @property
    def reject(self) -> int:
        """The number of defects from which the lot is turned down."""
        return self.accept + 1

    def passes(self, defects: int) -> bool:
        """Tell the verdict on the whole lot."""
        return defects <= self.accept


def sample_plan(lot: int, aql: str) -> SamplePlan:
    """Return the plan for a lot; where the table has an arrow, the plan that it points to, never more than the lot."""
    letter = sum(lot > most for most in LOTS)
    column = AQLS.index(aql)
    place = letter + column
    if place < FIRST:
        place = FIRST
    elif place == 15:
        place = 14
    elif place == 16:
        place = 17
    place = min(place, max(ACCEPTS), len(SIZES) - 1 + column)
    while place not in ACCEPTS:
        place -= 1
    row = place - column
    return SamplePlan(lot, LETTERS[row], aql, min(SIZES[row], lot), ACCEPTS[place])
