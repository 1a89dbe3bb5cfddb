"""Before the process: a message is kept until a person makes a request of it, or puts it aside."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import row_id
from backstock.returns.models import RequestDraft


@typed(frozen=True, kw_only=True, config={**STRICT, "str_max_length": 20_000})
class DraftRequest(Input):
    """What a customer wrote, with the names of what came along."""

    PERSONAL: ClassVar = frozenset({"text", "files"})

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    source: Literal["chat", "mail"] = "chat"
    files: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=50)] = ()


@typed(frozen=True, kw_only=True, config=STRICT)
class SettleDraft(Input):
    """Which draft is dealt with, and the return that it became; without one it is put aside. Its words are erased."""

    document: str
    became: Annotated[str, Field(max_length=40)] = ""


@command("returns.draft", DraftRequest)
def draft_request(batch: Batch[DraftRequest]) -> None:
    """Keep messages."""
    fields = ("source", "text", "files", "received_at", "became", "settled_at")
    heads = [(i.input.source, i.input.text, list(i.input.files), batch.recorded_at, "", None) for i in batch.open]
    made = rows.insert_returning(RequestDraft, fields, heads) if heads else []
    for item, pk in zip(batch.open, made, strict=True):
        item.document = RequestDraft(pk=pk).number
        item.answer = {"document": item.document}
        item.emit("RequestDrafted", source=item.input.source)
    batch.log()


@command("returns.settle_draft", SettleDraft)
def settle_draft(batch: Batch[SettleDraft]) -> None:
    """Settle drafts and erase their words."""
    ids: dict[int, str] = {}
    for item in batch.open:
        try:
            ids[row_id("RD", item.input.document)] = item.input.document
        except UnknownDocument:
            continue
    there = {row.number: row for row in RequestDraft.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for item in batch.open:
        with batch.attempt(item):
            row = there.get(item.input.document)
            if row is None:
                raise UnknownDocument(document=item.input.document[:60])
            if row.settled_at is not None:
                raise TransitionNotAllowed(document=row.number, current="closed", wanted="closed")
            row.settled_at, row.became, row.text, row.files = batch.recorded_at, item.input.became, "", []
            item.document, item.answer = row.number, {"document": row.number, "became": item.input.became}
            item.emit("DraftSettled", became=item.input.became)
    batch.log()
    settled = [there[item.document] for item in batch.open]
    RequestDraft.objects.bulk_update(settled, ["settled_at", "became", "text", "files"])
