"""Read what proves or explains a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

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


def evidence_counts(documents: Iterable[str], step: str = "") -> dict[str, tuple[int, int]]:
    """Return how many files and notes documents have, of one step where one is named: {document: (files, notes)}."""
    found = Evidence.objects.filter(document__in=list(documents), erased_at=None)
    if step in STEPS:
        found = found.filter(step=step)
    counted = Counter(found.values_list("document", "kind"))
    return {document: (counted[document, "file"], counted[document, "note"]) for document, _ in counted}
