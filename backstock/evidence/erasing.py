"""After an erasure was committed: remove the files that nothing needs any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backstock.core import files
from backstock.evidence.keeping import AREA, SMALL
from backstock.evidence.models import Evidence


def remove_files(event: Mapping[str, Any]) -> None:
    """Remove the files of erased rows; may be run again."""
    hashes = set(event["files"])
    needed = Evidence.objects.filter(content_hash__in=hashes, erased_at=None).values_list("content_hash", flat=True)
    for content_hash in sorted(hashes - set(needed)):
        files.remove(content_hash, SMALL, area=AREA)
