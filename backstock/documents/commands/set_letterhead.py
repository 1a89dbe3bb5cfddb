"""Say what stands at the head and foot of the company's papers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.errors import UnknownPicture
from backstock.core import files
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.documents.models import Letterhead

Name = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=300)]
FIELDS = (
    "name_zh", "name_en", "address_zh", "address_en", "returns_to_zh", "returns_to_en", "phone", "email", "tax_number",
    "footer_zh", "footer_en", "logo_hash",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class SetLetterhead(Input):
    """The whole letterhead; what is left out becomes empty. It is the company's, so nothing of it is personal."""

    name_zh: Name = ""
    name_en: Name = ""
    address_zh: Line = ""
    address_en: Line = ""
    returns_to_zh: Line = ""
    returns_to_en: Line = ""
    phone: Annotated[str, Field(max_length=60)] = ""
    email: Name = ""
    tax_number: Annotated[str, Field(max_length=40)] = ""
    footer_zh: Line = ""
    footer_en: Line = ""
    logo_hash: Annotated[str, Field(max_length=64)] = ""


@command("documents.set_letterhead", SetLetterhead, alone=True)
def set_letterhead(batch: Batch[SetLetterhead]) -> None:
    """Replace the letterhead; the last item of a batch stands."""
    wanted: SetLetterhead | None = None
    for item in batch.open:
        with batch.attempt(item):
            if item.input.logo_hash and not files.is_kept(item.input.logo_hash):
                raise UnknownPicture(sku="letterhead", picture=item.input.logo_hash)
            item.document, item.answer = "letterhead", {"document": "letterhead"}
            item.emit("LetterheadSet")
            wanted = item.input
    batch.log()
    if wanted is not None:
        values = {name: getattr(wanted, name) for name in FIELDS}
        Letterhead.objects.update_or_create(id=1, defaults=values)
