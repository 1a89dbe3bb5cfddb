"""Bring photos, videos and papers that were uploaded to a document, at any step of it and as often as there is something new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import InvalidInput, UnknownDocument
from backstock.evidence.errors import EvidenceLineUnknown
from backstock.evidence.keeping import Kept
from backstock.evidence.models import Evidence
from backstock.evidence.subjects import Place, places_of
from backstock.evidence.writing import Entry, append, find_kept

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@typed(frozen=True, kw_only=True, config=STRICT)
class AttachedFile:
    """A file that was uploaded, by its content; its name may be a person's."""

    PERSONAL: ClassVar = frozenset({"name"})

    content_hash: Hash
    name: Annotated[str, Field(max_length=200)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class AttachEvidence(Input):
    """Files or a note for a document. Unless it is said, what comes at the request is the customer's, all else ours."""

    PERSONAL: ClassVar = frozenset({"note"})

    document: Annotated[str, Field(min_length=1, max_length=40)]
    step: Literal["request", "receive", "inspect", "dispose"]
    whose: Literal["customer", "ours"] | None = None
    line: Annotated[int, Field(ge=0, le=100_000)] = 0
    lot: Annotated[str, Field(max_length=60)] = ""
    files: Annotated[tuple[AttachedFile, ...], Field(max_length=50)] = ()
    note: Annotated[str, Field(max_length=2000)] = ""


@dataclass(slots=True)
class Plan:
    """The files of one item that are new to its document."""

    files: list[tuple[AttachedFile, Kept]]


@command("evidence.attach", AttachEvidence)
def attach_evidence(batch: Batch[AttachEvidence]) -> None:
    """Append evidence to documents; the same file at the same place is there once."""
    places = places_of({item.input.document for item in batch.open})
    seen = _there(item.input.document for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            _check(item.input, places)
            found = find_kept(file.content_hash for file in item.input.files)
            fresh = [(f, found[f.content_hash]) for f in item.input.files if _key(item.input, f) not in seen]
            seen |= {_key(item.input, file) for file, _ in fresh}
            item.plan = Plan(list({file.content_hash: (file, kept) for file, kept in fresh}.values()))
            item.document = item.input.document
            item.answer = {"document": item.document, "added": len(item.plan.files) + bool(item.input.note)}
            item.emit("EvidenceAttached", step=item.input.step, files=len(item.plan.files))
    batch.log()
    append([entry for item in batch.open for entry in _entries(item)], batch.recorded_at)


def _check(wanted: AttachEvidence, places: dict[str, frozenset[Place]]) -> None:
    if wanted.document not in places:
        raise UnknownDocument(document=wanted.document)
    if not wanted.files and not wanted.note:
        raise InvalidInput(field="files", problem="a file or a note")
    if (wanted.line, wanted.lot) not in places[wanted.document]:
        raise EvidenceLineUnknown(document=wanted.document, line=wanted.line, lot=wanted.lot)


type Key = tuple[str, str, int, str, str]


def _key(wanted: AttachEvidence, file: AttachedFile) -> Key:
    return (wanted.document, wanted.step, wanted.line, wanted.lot, file.content_hash)


def _there(documents: object) -> set[Key]:
    found = Evidence.objects.filter(document__in=set(documents), erased_at=None).exclude(content_hash="")  # type: ignore[call-overload]
    return set(found.values_list("document", "step", "line", "lot", "content_hash"))


def _entries(item: Item[AttachEvidence]) -> list[Entry]:
    wanted = item.input
    whose = wanted.whose or ("customer" if wanted.step == "request" else "ours")
    about = {"document": wanted.document, "step": wanted.step, "whose": whose, "line": wanted.line, "lot": wanted.lot}
    found = [Entry(file=kept, name=file.name, log_id=item.log_id, **about) for file, kept in item.plan.files]  # type: ignore[arg-type]
    return found + ([Entry(note=wanted.note, log_id=item.log_id, **about)] if wanted.note else [])  # type: ignore[arg-type]
