"""After an erasure was committed: remove the files that nothing needs any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from backstock.core import files
from backstock.evidence.keeping import AGAIN, AREA, SMALL
from backstock.evidence.models import Evidence


def remove_files(event: Mapping[str, Any]) -> None:
    """Remove the files of erased rows; may be run again. Who brings the same file at this moment waits for us, or we for it."""
    hashes = set(event["files"])
    with transaction.atomic():
        rows = Evidence.objects.filter(content_hash__in=hashes)
        list(rows.order_by("pk").select_for_update().values_list("pk"))
        # Asked anew: what others wrote while we waited is not among the rows that we locked.
        needed = set(rows.filter(erased_at=None).values_list("content_hash", flat=True))
        for content_hash in sorted(hashes - needed):
            files.remove(content_hash, SMALL, AGAIN, area=AREA)
