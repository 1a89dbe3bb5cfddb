"""The only reader of time; tests, scenarios and the demo may freeze it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(timezone: str) -> date:
    """Return the present business day in the company's time zone."""
    return now().astimezone(ZoneInfo(timezone)).date()


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Let time stand still at `instant` inside the block."""
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
