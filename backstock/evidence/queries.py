"""Read what proves or explains a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from backstock.core.permissions import Actor
from backstock.evidence.models import STEPS, Evidence
from backstock.evidence.subjects import subject_of


def evidence_of(document: str) -> list[Evidence]:
    """Return the evidence of a document in the order in which it came, the erased as well: it says that it was."""
    return list(Evidence.objects.filter(document=document).order_by("pk"))


def visible_type(content_hash: str, actor: Actor) -> str | None:
    """Return what a file is to somebody who may see one of its documents, else None."""
    rows = Evidence.objects.filter(content_hash=content_hash, erased_at=None).values_list("document", "media_type")
    for document, media_type in rows.order_by("pk"):
        subject = subject_of(document)
        if subject is not None and actor.may(subject.permission):
            return media_type
    return None


def documents_with_evidence(documents: Iterable[str]) -> set[str]:
    """Return the documents that have a photo or paper."""
    found = Evidence.objects.filter(document__in=set(documents), kind="file", erased_at=None)
    return set(found.values_list("document", flat=True))


@dataclass(frozen=True, slots=True)
class Given:
    """What a document has: files by their content (one that is shown at several places is one file), and notes."""

    files: frozenset[str] = frozenset()
    notes: int = 0


def evidence_given(documents: Iterable[str], step: str = "") -> dict[str, Given]:
    """Return what documents have, of one step where one is named."""
    found = Evidence.objects.filter(document__in=list(documents), erased_at=None)
    if step in STEPS:
        found = found.filter(step=step)
    files, notes = defaultdict[str, set[str]](set), Counter[str]()
    for document, kind, content_hash, name in found.values_list("document", "kind", "content_hash", "name"):
        if kind == "note":
            notes[document] += 1
        else:
            files[document].add(content_hash or name)
    return {each: Given(frozenset(files[each]), notes[each]) for each in files.keys() | notes.keys()}


def evidence_counts(documents: Iterable[str], step: str = "") -> dict[str, tuple[int, int]]:
    """Return how many files and notes documents have, of one step where one is named: {document: (files, notes)}."""
    return {each: (len(given.files), given.notes) for each, given in evidence_given(documents, step).items()}
