"""Which documents may have evidence: the apps above say so at start (`config/subscriptions.py`), by their numbers' letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

# (line, lot or serial number); (0, "") is the document as a whole.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of document: who may see it, and which places its evidence may be about, by number."""

    permission: str
    places: Callable[[Iterable[str]], Mapping[str, frozenset[Place]]]


_SUBJECTS: dict[str, Subject] = {}


def register(subjects: Mapping[str, Subject]) -> None:
    """Replace the kinds of documents; called once, at start."""
    _SUBJECTS.clear()
    _SUBJECTS.update(subjects)


def subject_of(document: str) -> Subject | None:
    """Return the kind of a document by the letters of its number."""
    return _SUBJECTS.get(document.rstrip("0123456789"))


def places_of(documents: Iterable[str]) -> dict[str, frozenset[Place]]:
    """Return the places of documents that exist: one question for each kind."""
    by_kind: dict[str, list[str]] = {}
    for document in documents:
        by_kind.setdefault(document.rstrip("0123456789"), []).append(document)
    found: dict[str, frozenset[Place]] = {}
    for kind, numbers in by_kind.items():
        if kind in _SUBJECTS:
            found |= _SUBJECTS[kind].places(numbers)
    return found
