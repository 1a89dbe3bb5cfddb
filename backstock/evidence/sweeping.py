"""Remove what was uploaded and never brought to a document: a form that was left, an upload that was cut off.

A content that any row of evidence names, or that another app says it still needs, is never touched. While a few contents
are removed no command runs: none can name one of them at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Final

from django.db import transaction

from backstock.core import clock, files
from backstock.core.commands import lock_company
from backstock.evidence.keeping import AREA, HELD_SECONDS
from backstock.evidence.models import Evidence

# An hour longer than a form may hold a file.
LEAST: Final = timedelta(seconds=HELD_SECONDS + 3600)
AT_ONCE: Final = 50
# Says which contents it still needs.
Needing = Callable[[], Iterable[str]]
_NEEDING: list[Needing] = []


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed, or would be."""

    files: int = 0
    size_bytes: int = 0


def register(needing: Sequence[Needing]) -> None:
    """Replace who else needs contents; called once, at start."""
    _NEEDING[:] = needing


def sweep(older_than: timedelta = LEAST, only_look: bool = False) -> Swept:
    """Remove contents that lie unattached for longer than this, at least a day and an hour."""
    before, found = clock.now() - max(older_than, LEAST), Swept()
    old = (content_hash for content_hash, put_at in files.contents(AREA) if put_at < before)
    for some in batched(old, AT_ONCE, strict=False):
        with transaction.atomic():
            lock_company(alone=True)
            gone = sorted(set(some) - _needed(some))
            size = sum(files.size_of(content_hash, area=AREA) or 0 for content_hash in gone)
            found = Swept(found.files + len(gone), found.size_bytes + size)
            for content_hash in () if only_look else gone:
                files.remove_all(content_hash, AREA)
    return found


def _needed(some: Iterable[str]) -> set[str]:
    named = Evidence.objects.filter(content_hash__in=some, erased_at=None).values_list("content_hash", flat=True)
    return set(named).union(*(needing() for needing in _NEEDING))
