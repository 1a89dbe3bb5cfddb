"""Write down a carrier, or change one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.carriers.known import NUMBER
from backstock.carriers.models import Carrier
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput


@typed(frozen=True, kw_only=True, config=STRICT)
class DefineCarrier(Input):
    """A carrier as a whole: `tracking_url` is a web address with {number} where the waybill goes."""

    code: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[a-z0-9_]+$")]
    words: dict[Literal["zh-hans", "en"], Annotated[str, Field(min_length=1, max_length=40)]]
    tracking_url: Annotated[str, Field(max_length=300)] = ""
    prefixes: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=10, pattern=r"^[A-Z0-9]+$")], ...], Field(max_length=20)
    ] = ()
    retired: bool = False


@command("carriers.define", DefineCarrier)
def define_carrier(batch: Batch[DefineCarrier]) -> None:
    """Keep carriers; what stood there of the same code is replaced, parcels keep the name that they were given."""
    for item in batch.open:
        with batch.attempt(item):
            _check(item.input)
            item.answer = {"code": item.input.code}
            item.emit("CarrierDefined", code=item.input.code)
    batch.log()
    last = {item.input.code: item.input for item in batch.open}
    Carrier.objects.bulk_create(
        [
            Carrier(
                code=c.code, words=c.words, tracking_url=c.tracking_url, prefixes=list(c.prefixes), is_retired=c.retired
            )
            for c in last.values()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["words", "tracking_url", "prefixes", "is_retired"],
    )


def _check(wanted: DefineCarrier) -> None:
    """Refuse a carrier without a name, and an address that is none or that does not say where the waybill goes."""
    if not wanted.words:
        raise InvalidInput(field="words", problem="a name in one language at least")
    url = wanted.tracking_url
    if not url:
        return
    rest = url.replace(NUMBER, "", 1)
    if not url.startswith(("https://", "http://")) or rest == url or any(char in rest for char in "{}<>\"' "):
        raise InvalidInput(field="tracking_url", problem=f"https://… with {NUMBER} where the waybill goes")
