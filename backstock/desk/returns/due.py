"""Until when a return waits, as a column and a filter of lists of returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.desk.flows.wording import due_text, due_tone
from backstock.desk.parts import Tone
from backstock.desk.tables import Column, Filter
from backstock.returns.deciding.clocks import clocked, late


def until_column() -> Column[Any]:
    """Return the column that says how long is left, or how late a return is."""
    now = clock.now()

    def value(row: Any) -> str:
        return due_text(row.until, now) if row.until else ""

    def tone(row: Any) -> Tone:
        return due_tone(row.until, now) if row.until else "neutral"

    return Column(
        key="until", label=gettext_lazy("Due"), kind="badge", value=value, tone=tone, sort="until", written=clocked
    )


def late_filter() -> Filter:
    """Return the filter that leaves what is late, or due within a day."""
    before: dict[str, Callable[[], Any]] = {
        "late": clock.now,
        "day": lambda: clock.now() + timedelta(days=1),
    }
    return Filter(
        key="late", label=gettext_lazy("Due"),
        choices=[("late", gettext_lazy("Late")), ("day", gettext_lazy("Late, or due within a day"))],
        apply=lambda rows, value: late(rows, before[value]()),
    )  # fmt: skip
