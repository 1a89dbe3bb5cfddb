"""Send a letter again: one that failed, or one that the customer cannot find."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.notifications.errors import LetterWaiting, UnknownLetter
from backstock.notifications.models import Letter


@typed(frozen=True, kw_only=True, config=STRICT)
class ResendLetter(Input):
    """Which letter of the outbox."""

    letter: Annotated[int, Field(gt=0, lt=2**62)]


@command("notifications.resend", ResendLetter)
def resend_letter(batch: Batch[ResendLetter]) -> None:
    """Let letters wait again, each with a fresh Message-ID: it is a new copy, and mailboxes shall show it."""
    wanted = {item.input.letter for item in batch.open}
    letters = {row.pk: row for row in Letter.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    for item in batch.open:
        with batch.attempt(item):
            letter = letters.get(item.input.letter)
            if letter is None:
                raise UnknownLetter(letter=item.input.letter)
            if letter.state == "waiting":
                raise LetterWaiting(letter=letter.pk)
            item.document, item.answer = letter.document, {"letter": letter.pk, "document": letter.document}
            item.emit("LetterResent", letter=letter.pk)
            item.plan = letter
    batch.log()
    again = {item.plan.pk: item.plan for item in batch.open}
    for item in batch.open:
        item.plan.state, item.plan.attempts, item.plan.problem, item.plan.sent_at = "waiting", 0, "", None
        item.plan.due_at = item.plan.written_at = batch.recorded_at
        item.plan.message_key = f"{item.plan.message_key[:32]}.{item.log_id}"[:40]
    fields = ["state", "attempts", "problem", "sent_at", "due_at", "written_at", "message_key"]
    Letter.objects.bulk_update(again.values(), fields)
