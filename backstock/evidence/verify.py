"""Check that every file that evidence names is here and unchanged, and that what was erased is gone."""

from __future__ import annotations

from typing import Literal

from backstock.core import files
from backstock.core.problems import MOST, Problem, found_by
from backstock.evidence.keeping import AREA
from backstock.evidence.models import Evidence

How = Literal["none", "sample", "all"]
SAMPLE = 200
# Longer files are read through only when everything is.
SHORT = 20 * 1024 * 1024


def check_evidence(how: How = "sample") -> list[Problem]:
    """Return what does not hold about files: the newest ones, or all of them."""
    if how == "none" or not found_by("SELECT 1 FROM evidence_evidence WHERE content_hash <> ''", most=1):
        return []
    alive = Evidence.objects.filter(erased_at=None).exclude(content_hash="").order_by("-pk")
    named = alive.values_list("document", "content_hash", "size_bytes")
    found = []
    for document, content_hash, size in named[:SAMPLE] if how == "sample" else named.iterator():
        if files.size_of(content_hash, area=AREA) != size:
            found.append(Problem("every file of evidence is here", f"{document} {content_hash}"))
        elif (how == "all" or size <= SHORT) and not files.is_whole(content_hash, AREA):
            found.append(Problem("every file of evidence is what it was", f"{document} {content_hash}"))
    return [*found[:MOST], *_not_erased(how)]


def _not_erased(how: How) -> list[Problem]:
    """Return erased contents that are here after all, though nothing names them any more."""
    erased = Evidence.objects.exclude(erased_at=None).exclude(content_hash="").order_by("-pk")
    hashes = list(dict.fromkeys(erased.values_list("content_hash", flat=True)[: SAMPLE if how == "sample" else None]))
    alive = Evidence.objects.filter(content_hash__in=hashes, erased_at=None).values_list("content_hash", flat=True)
    here = [each for each in hashes if each not in set(alive) and files.is_kept(each, AREA)]
    return [Problem("what was erased is gone", each) for each in here[:MOST]]
