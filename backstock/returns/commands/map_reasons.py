"""Beside the process: what a supplier calls the reasons for which goods come back, so that it understands our claims."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.partners.queries import known, partner_ids
from backstock.returns.after.claim_reasons import ANYBODY
from backstock.returns.models import SupplierReason

Words = Annotated[str, Field(min_length=1, max_length=60)]


@typed(frozen=True, kw_only=True, config=STRICT)
class MappedReason:
    """One of our reasons, and their word for it."""

    reason: Words
    theirs: Words


@typed(frozen=True, kw_only=True, config=STRICT)
class MapReasons(Input):
    """Every reason that has a word of this supplier; without a supplier the words for all who have none of their own."""

    supplier: Code | None = None
    reasons: Annotated[tuple[MappedReason, ...], Field(max_length=500)] = ()


@command("returns.map_reasons", MapReasons)
def map_reasons(batch: Batch[MapReasons]) -> None:
    """Say anew what suppliers call our reasons."""
    codes = {item.input.supplier for item in batch.open if item.input.supplier}
    ids = partner_ids(codes) if codes else {}
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            item.plan = known(ids, wanted.supplier) if wanted.supplier else ANYBODY
            if len({each.reason for each in wanted.reasons}) < len(wanted.reasons):
                raise InvalidInput(field="reasons", problem="one word for each reason")
            item.document = wanted.supplier or ""
            item.answer = {"reasons": len(wanted.reasons)}
            item.emit("ReasonsMapped")
    batch.log()
    # The last word counts, should one batch speak twice for the same supplier.
    last = {item.plan: item.input.reasons for item in batch.open}
    list(SupplierReason.objects.select_for_update().filter(supplier_id__in=last).order_by("pk"))
    SupplierReason.objects.filter(supplier_id__in=last).delete()
    values = [(who, each.reason, each.theirs) for who, reasons in last.items() for each in reasons]
    rows.insert(SupplierReason, ("supplier_id", "reason", "theirs"), values)
