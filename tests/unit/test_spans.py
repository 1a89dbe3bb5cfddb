"""Years, months and days put together are exactly the days that were asked for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backstock.core.spans import EVER, cover

DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS)
def test_every_day_counts_once(first: date, last: date) -> None:
    counted: Counter[date] = Counter()
    for piece in cover(first, last):
        assert piece.unit == "day" or piece.first.day == piece.end.day == 1
        assert piece.unit != "year" or piece.first.month == piece.end.month == 1
        for n in range((piece.end - piece.first).days):
            counted[piece.first + timedelta(days=n)] += piece.sign
    wanted = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    assert {day for day, times in counted.items() if times} == wanted
    assert set(counted.values()) <= {0, 1}


@given(DAYS)
def test_all_of_the_past_takes_at_most_half_a_year_of_months_and_half_a_month_of_days(last: date) -> None:
    lengths = Counter[str]()
    for piece in cover(EVER, last):
        lengths[piece.unit] += (piece.end - piece.first).days
    assert lengths["day"] <= 16
    assert lengths["month"] <= 184


def test_from_the_second_half_on_days_are_taken_away() -> None:
    assert [(p.sign, p.unit) for p in cover(date(2026, 1, 1), date(2026, 11, 24))] == [
        (-1, "day"), (-1, "month"), (1, "year"),
    ]  # fmt: skip
