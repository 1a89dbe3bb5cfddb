"""Take products out of the catalogue, and bring them back: what was traded is never deleted."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.models import Product
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed, UnknownProduct


@typed(frozen=True, kw_only=True, config=STRICT)
class ArchiveProduct(Input):
    """A product that is not to be bought or sold any more; `archived=False` brings it back."""

    sku: Code
    archived: bool = True


@command("catalog.archive", ArchiveProduct)
def archive_product(batch: Batch[ArchiveProduct]) -> None:
    """Archive products or bring them back; what was sold can still be returned."""
    found = Product.objects.select_for_update().filter(sku__in={item.input.sku for item in batch.open}).order_by("pk")
    ids = {product.sku: product.pk for product in found}
    archived = {product.sku: product.archived_at is not None for product in found}
    for item in batch.open:
        with batch.attempt(item):
            said = item.input
            if said.sku not in ids:
                raise UnknownProduct(sku=said.sku)
            if archived[said.sku] == said.archived:
                states = ("archived", "active")
                raise TransitionNotAllowed(
                    document=said.sku, current=states[not said.archived], wanted=states[not said.archived]
                )
            archived[said.sku] = said.archived
            item.document, item.answer = said.sku, {"sku": said.sku}
    batch.log()
    changed = {item.input.sku for item in batch.open}
    for state, at in ((True, batch.recorded_at), (False, None)):
        wanted = [ids[sku] for sku in changed if archived[sku] is state]
        if wanted:
            Product.objects.filter(pk__in=wanted).update(archived_at=at)
