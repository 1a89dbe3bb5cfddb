"""Say in which language a customer is written to, and whether at all."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.notifications.models import Preference
from backstock.partners.queries import known, partner_ids


@typed(frozen=True, kw_only=True, config=STRICT)
class PreferLetters(Input):
    """A customer's wish."""

    customer: Annotated[str, Field(max_length=60)]
    language: Literal["zh", "en"] = "zh"
    wants_mail: bool = True


@command("notifications.prefer", PreferLetters)
def prefer_letters(batch: Batch[PreferLetters]) -> None:
    """Remember the wishes of customers; the last item of a customer stands."""
    ids = partner_ids(item.input.customer for item in batch.open)
    wishes: dict[int, Preference] = {}
    for item in batch.open:
        with batch.attempt(item):
            partner = known(ids, item.input.customer)
            wishes[partner] = Preference(
                partner_id=partner, language=item.input.language, wants_mail=item.input.wants_mail
            )
            item.document, item.answer = item.input.customer[:40], {"customer": item.input.customer}
            item.emit("LettersPreferred")
    batch.log()
    Preference.objects.bulk_create(
        wishes.values(),
        update_conflicts=True, unique_fields=["partner_id"], update_fields=["language", "wants_mail"],
    )  # fmt: skip
