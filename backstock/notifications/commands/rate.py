"""After the process: what the customer thought of it, by the link in the last letter or taken down by us."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.notifications.errors import AlreadyRated
from backstock.notifications.models import Rating
from backstock.returns.lifecycle import Status
from backstock.returns.loading import load_returns, return_of


@typed(frozen=True, kw_only=True, config=STRICT)
class RateReturn(Input):
    """A closed return, one to five stars, and words."""

    PERSONAL: ClassVar = frozenset({"comment"})

    document: str
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=1000)] = ""
    by_customer: bool = False


@command("notifications.rate", RateReturn)
def rate_return(batch: Batch[RateReturn]) -> None:
    """Remember ratings; each may be changed once."""
    returns = load_returns(item.input.document for item in batch.open)
    ratings = {row.rma_id: row for row in Rating.objects.filter(rma_id__in=[each.row.pk for each in returns.values()])}
    changed: dict[int, Rating] = {}
    for item in batch.open:
        with batch.attempt(item):
            row = return_of(returns, item.input.document).row
            if row.status != Status.CLOSED:
                raise TransitionNotAllowed(document=row.number, current=row.status, wanted="rated")
            before = ratings.get(row.pk)
            if before is not None and before.changes:
                raise AlreadyRated(document=row.number)
            rating = before or Rating(rma_id=row.pk, customer_id=row.customer_id)
            rating.stars, rating.comment, rating.rated_on = item.input.stars, item.input.comment, item.on
            rating.by_customer, rating.changes = item.input.by_customer, 0 if before is None else 1
            ratings[row.pk] = changed[row.pk] = rating
            item.document, item.answer = row.number, {"document": row.number, "stars": item.input.stars}
            item.emit("ReturnRated", stars=item.input.stars)
            item.plan = rating
    batch.log()
    for item in batch.open:
        item.plan.log_id = item.log_id
    Rating.objects.bulk_create(
        changed.values(),
        update_conflicts=True, unique_fields=["rma_id"],
        update_fields=["stars", "comment", "by_customer", "changes", "rated_on", "log_id"],
    )  # fmt: skip
