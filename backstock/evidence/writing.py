"""Append rows of evidence; every command that brings some writes them here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from backstock.core import rows
from backstock.evidence.errors import EvidenceNotKept
from backstock.evidence.keeping import Kept, kept
from backstock.evidence.models import Evidence

FIELDS = (
    "document", "kind", "content_hash", "name", "text", "step", "whose", "line", "lot", "media_type", "size_bytes",
    "log_id", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row to come: a kept file, only the name of one that lies elsewhere, or a note."""

    document: str
    file: Kept | None = None
    name: str = ""
    note: str = ""
    step: str = "request"
    whose: str = "customer"
    line: int = 0
    lot: str = ""
    log_id: int = 0


def find_kept(content_hashes: Iterable[str]) -> dict[str, Kept]:
    """Return the files that are kept, by hash; raise EvidenceNotKept for the first that is not."""
    found = {}
    for content_hash in dict.fromkeys(content_hashes):
        file = kept(content_hash)
        if file is None:
            raise EvidenceNotKept(content_hash=content_hash[:64])
        found[content_hash] = file
    return found


def append(entries: Sequence[Entry], recorded_at: datetime) -> None:
    """Append rows, all in one statement; raise EvidenceNotKept when a file is being erased at this moment."""
    _hold({entry.file.content_hash for entry in entries if entry.file})
    rows.insert(Evidence, FIELDS, [_row(entry, recorded_at) for entry in entries])


def _hold(content_hashes: Collection[str]) -> None:
    """Let no erasure remove these files before our rows are there (`erasing.remove_files` takes the same locks)."""
    if not content_hashes:
        return
    same = Evidence.objects.filter(content_hash__in=content_hashes).order_by("pk").select_for_update()
    for content_hash, erased_at in same.values_list("content_hash", "erased_at"):
        if erased_at is not None and kept(content_hash) is None:
            raise EvidenceNotKept(content_hash=content_hash)


def _row(entry: Entry, recorded_at: datetime) -> tuple[object, ...]:
    file = entry.file or Kept("", "", 0)
    return (
        entry.document, "note" if entry.note else "file", file.content_hash, entry.name, entry.note, entry.step, entry.whose,
        entry.line, entry.lot, file.media_type, file.size_bytes, entry.log_id, recorded_at,
    )  # fmt: skip
