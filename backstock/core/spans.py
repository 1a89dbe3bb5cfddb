"""Put a stretch of days together from few rolled-up years and months and single days, added or taken away. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

Unit = Literal["year", "month", "day"]
# Before any business day; a year and a month begin on it.
EVER = date(1, 1, 1)
LAST_DAY = date(9998, 12, 31)


type Bounds = tuple[date, date]


class Piece(NamedTuple):
    """Days from `first` up to and without `end`, read from years, months or rows, and added (1) or taken away (-1)."""

    sign: int
    unit: Unit
    first: date
    end: date


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def day_before(day: date) -> date:
    """Return the day before; before the first of all days nothing happened, so it stands for itself."""
    return day - timedelta(days=1) if day > EVER else EVER


def cover(first: date, last: date) -> list[Piece]:
    """Cover the days from first to last: whole years, then whole months, then single days; the shorter way at each end.

    Late in a month, the month less its last days is fewer rows than its days so far.
    """
    end = last + timedelta(days=1)
    if first >= end:
        return []
    days, months = _edges("day", first, end, _month_bounds)
    if months is None:
        return days
    edges, years = _edges("month", *months, _year_bounds)
    found = days + edges
    return found if years is None else [*found, Piece(1, "year", *years)]


def _month_bounds(day: date) -> Bounds:
    start = month_of(day)
    return start, start if start == day else next_month(start)


def _year_bounds(month: date) -> Bounds:
    start = month.replace(month=1)
    return start, start if start == month else date(month.year + 1, 1, 1)


def _edges(unit: Unit, first: date, end: date, bounds: Callable[[date], Bounds]) -> tuple[list[Piece], Bounds | None]:
    """Move both ends to the nearest bound of the next unit; return the pieces that this takes and what lies between."""
    (low, high), (floor, ceiling) = bounds(first), bounds(end)
    start = low if first - low <= high - first else high
    stop = floor if end - floor <= ceiling - end else ceiling
    if start >= stop:
        return [Piece(1, unit, first, end)], None
    pieces = [
        Piece(-1, unit, start, first) if start < first else Piece(1, unit, first, start),
        Piece(1, unit, stop, end) if stop < end else Piece(-1, unit, end, stop),
    ]
    return [piece for piece in pieces if piece.first < piece.end], (start, stop)
