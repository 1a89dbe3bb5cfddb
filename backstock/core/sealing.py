"""Chain committed log rows in blocks, so that tampering with any of them shows, and commands never queue for it."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from django.db import connection, transaction

from backstock.core import clock
from backstock.core.models import CommandLog, SealBlock
from backstock.core.problems import Problem

FIRST: Final = "0" * 64
FIELDS = (
    "pk",
    "name",
    "actor_id",
    "key",
    "digest",
    "payload",
    "answer",
    "events",
    "document",
    "business_on",
    "recorded_at",
)
# One block never covers more than this, so that verifying reads in steps.
MOST_ROWS = 50_000


def hash_of(rows: list[tuple[object, ...]], previous: str) -> str:
    """Return the hash of a block over its rows and the block before."""
    digest = hashlib.sha256(previous.encode())
    for row in rows:
        digest.update(json.dumps(row, sort_keys=True, default=str, ensure_ascii=False).encode())
    return digest.hexdigest()


def _read(first: int, last: int) -> list[tuple[object, ...]]:
    found = CommandLog.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    return [tuple(row) for row in found.values_list(*FIELDS)]


def horizon() -> int:
    """Return the id up to which every log row is committed.

    On PostgreSQL ids are given at insertion, under the table's row lock mode; SHARE waits for all who hold it.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE core_commandlog IN SHARE MODE")
        return CommandLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def seal() -> int:
    """Chain what was committed since the last block; return how many rows were sealed."""
    end, sealed = horizon(), 0
    while True:
        with transaction.atomic():
            before = SealBlock.objects.select_for_update().order_by("-last_id").first()
            start = before.last_id if before else 0
            ids = CommandLog.objects.filter(pk__gt=start, pk__lte=end).order_by("pk").values_list("pk", flat=True)
            chosen = list(ids[:MOST_ROWS])
            if not chosen:
                return sealed
            previous = before.hash if before else FIRST
            SealBlock.objects.bulk_create(
                [
                    SealBlock(
                        first_id=chosen[0],
                        last_id=chosen[-1],
                        rows=len(chosen),
                        hash=hash_of(_read(chosen[0], chosen[-1]), previous),
                        previous_hash=previous,
                        sealed_at=clock.now(),
                    )
                ]
            )
            sealed += len(chosen)


def check_seals() -> list[Problem]:
    """Return every block whose rows or chain were tampered with."""
    found, previous, end = [], FIRST, 0
    for block in SealBlock.objects.order_by("last_id"):
        rows = _read(end + 1, block.last_id)
        if block.previous_hash != previous or len(rows) != block.rows or hash_of(rows, previous) != block.hash:
            found.append(Problem("the log is sealed", f"block {block.pk}, rows {block.first_id} to {block.last_id}"))
        previous, end = block.hash, block.last_id
    return found
