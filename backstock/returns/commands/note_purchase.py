"""Beside the process: what the buyer confirmed at the purchase, or was not told, so that the law is applied as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput, UnknownDocument
from backstock.core.numbers import document_id
from backstock.policies.law import PACKS
from backstock.returns.deciding.errors import ConfirmedTooLate
from backstock.returns.deciding.notices import UNINFORMED
from backstock.returns.models import PurchaseNotice
from backstock.sales.errors import ItemNotInSale
from backstock.sales.models import SaleLine

EXCEPTIONS = frozenset(rule.code for pack in PACKS.values() for rule in pack.rules if rule.kind == "exception")


@typed(frozen=True, kw_only=True, config=STRICT)
class NotePurchase(Input):
    """Which sale or line of it; `code` is an exception of the law that the buyer confirmed, or `uninformed`.

    Without a day the confirmation is of the day of the order. `holds: false` takes an earlier note back.
    """

    sale: str
    line: int | None = None
    code: Annotated[str, Field(max_length=40)]
    confirmed_on: date | None = None
    holds: bool = True


@command("returns.note_purchase", NotePurchase)
def note_purchase(batch: Batch[NotePurchase]) -> None:
    """Note what was confirmed or not told; requests that were asked already keep what held then."""
    lines = _lines(item.input.sale for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            sale_id = document_id("S", wanted.sale) or 0
            own = lines.get(sale_id)
            if not own:
                raise UnknownDocument(document=wanted.sale[:60])
            if wanted.code != UNINFORMED and (wanted.code not in EXCEPTIONS or wanted.line is None):
                raise InvalidInput(
                    field="code", problem=f"with a line one of {', '.join(sorted(EXCEPTIONS))}; or {UNINFORMED}"
                )
            line = next((each for each in own if each.position == wanted.line), None)
            if wanted.line is not None and line is None:
                raise ItemNotInSale(sku=str(wanted.line), document=own[0].sale.number)
            ordered, day = own[0].sale.ordered_on, wanted.confirmed_on or own[0].sale.ordered_on
            if wanted.holds and wanted.code != UNINFORMED and day > ordered:
                raise ConfirmedTooLate(document=own[0].sale.number, on=day.isoformat(), ordered_on=ordered.isoformat())
            item.plan, item.document = (sale_id, line.pk if line else 0, day), own[0].sale.number
            item.answer = {"document": item.document}
            item.emit("PurchaseNoted", code=wanted.code)
    batch.log()
    rows.insert(
        PurchaseNotice,
        ("sale_id", "sale_line_id", "code", "holds", "confirmed_on", "log_id"),
        [(i.plan[0], i.plan[1], i.input.code, i.input.holds, i.plan[2], i.log_id) for i in batch.open],
    )


def _lines(numbers: Iterable[str]) -> dict[int, list[SaleLine]]:
    found: dict[int, list[SaleLine]] = {}
    ids = {pk for number in numbers if (pk := document_id("S", number)) is not None}
    for line in SaleLine.objects.filter(sale_id__in=ids).select_related("sale").order_by("position"):
        found.setdefault(line.sale_id, []).append(line)
    return found
