"""Erase evidence where a person asks for it or the law wants it: the file, its name and its text go, that it was there stays."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import UnknownDocument
from backstock.evidence.errors import UnknownEvidence
from backstock.evidence.models import Evidence


@typed(frozen=True, kw_only=True, config=STRICT)
class EraseEvidence(Input):
    """Pieces of evidence of a document by id, all of it when none is named, and why."""

    PERSONAL: ClassVar = frozenset({"reason"})

    document: Annotated[str, Field(min_length=1, max_length=40)]
    evidence: Annotated[tuple[int, ...], Field(max_length=1000)] = ()
    reason: Annotated[str, Field(max_length=200)] = ""


@command("evidence.erase", EraseEvidence)
def erase_evidence(batch: Batch[EraseEvidence]) -> None:
    """Mark rows as erased and empty them; their files are removed after commit, where no other row needs them."""
    documents = {item.input.document for item in batch.open}
    there = {row.pk: row for row in Evidence.objects.select_for_update().filter(document__in=documents).order_by("pk")}
    known = {row.document for row in there.values()}
    gone: list[Evidence] = []
    for item in batch.open:
        with batch.attempt(item):
            document = item.input.document
            if document not in known:
                raise UnknownDocument(document=document)
            alive = {pk: row for pk, row in there.items() if row.document == document and row.erased_at is None}
            for wanted in item.input.evidence:
                if wanted not in alive:
                    raise UnknownEvidence(document=document, evidence=wanted)
            mine = [alive[pk] for pk in item.input.evidence or alive]
            if not mine:
                raise UnknownEvidence(document=document, evidence=0)
            for row in mine:
                row.erased_at, row.name, row.text = batch.recorded_at, "", ""
            gone += mine
            item.document, item.answer = document, {"document": document, "erased": len(mine)}
            item.emit("EvidenceErased", files=sorted({row.content_hash for row in mine} - {""}))
    batch.log()
    Evidence.objects.bulk_update(gone, ["erased_at", "name", "text"])
