"""Pages that go by key: before and after, for ledgers too long to be counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from backstock.desk.reports.asking import Asked

SIZE, CHUNK = 50, 1000


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the neighbours of a page are; empty where there is none."""

    earlier_href: str
    later_href: str
    csv_href: str
    xlsx_href: str


def pager(want: Asked, keys: Sequence[object], has_earlier: bool, has_later: bool) -> Pager:
    """Make the links around a page of rows with these keys."""
    return Pager(
        want.href(until=keys[0]) if keys and has_earlier else "",
        want.href(after=keys[-1]) if keys and has_later else "",
        want.href(export="csv"),
        want.href(export="xlsx"),
    )


def every[Entry, Key](
    read: Callable[[Key | None], tuple[Sequence[Entry], bool]], key: Callable[[Entry], Key]
) -> Iterator[Entry]:
    """Walk over all rows, a page at a time."""
    after: Key | None = None
    while True:
        entries, more = read(after)
        yield from entries
        if not more or not entries:
            return
        after = key(entries[-1])
