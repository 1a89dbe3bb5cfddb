"""Write what a kind of letter says in a language; a new version, older ones stay."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.notifications.errors import UnknownPlaceholder
from backstock.notifications.models import LetterText
from backstock.notifications.texts import KINDS, PLACEHOLDERS, unknown_placeholders


@typed(frozen=True, kw_only=True, config=STRICT)
class WriteLetter(Input):
    """The text of the company, not of a person; what stands in braces is filled in for each customer."""

    kind: Annotated[str, Field(max_length=40)]
    language: Literal["zh", "en"]
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    body: Annotated[str, Field(min_length=1, max_length=2000)]


@command("notifications.write_letter", WriteLetter)
def write_letter(batch: Batch[WriteLetter]) -> None:
    """Write texts."""
    for item in batch.open:
        with batch.attempt(item):
            if item.input.kind not in KINDS:
                raise InvalidInput(field="kind", problem=", ".join(KINDS))
            for name in unknown_placeholders(f"{item.input.subject}\n{item.input.body}"):
                raise UnknownPlaceholder(placeholder=name, choices=", ".join(PLACEHOLDERS))
            item.document = f"{item.input.kind}.{item.input.language}"[:40]
            item.answer = {"document": item.document}
            item.emit("LetterWritten")
    batch.log()
    rows.insert(
        LetterText, ("kind", "language", "subject", "body", "log_id"),
        [
            (item.input.kind, item.input.language, " ".join(item.input.subject.split()), item.input.body, item.log_id)
            for item in batch.open
        ],
    )  # fmt: skip
