"""Take allocations back: the document is open again, the money is free again, the day is today's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, Sum

from backstock.core import rows
from backstock.core.commands import Batch, Item
from backstock.owing.errors import AllocationRefunded
from backstock.owing.items import COUNTED, Items
from backstock.owing.models import Allocation, PaymentLine
from backstock.owing.paying import ALLOCATION_FIELDS, Loaded, Money, Settled
from backstock.sales.models import Payment, SaleTender

type Kept = dict[tuple[int, str], int]


@dataclass(slots=True)
class Releases:
    """What payments settle today, and what the sales concerned were paid with, locked."""

    kept: Kept
    tenders: Mapping[tuple[int, str], SaleTender]

    def targets(self, loaded: Loaded) -> list[str]:
        """Name the documents that a payment settles."""
        own = {line.pk for line in loaded.lines}
        return list(dict.fromkeys(target for line_id, target in self.kept if line_id in own))


def standing(numbers: Iterable[str]) -> Kept:
    """Return what of each payment line settles which document, what was taken back or given back left out."""
    own = Allocation.objects.filter(source__in=set(numbers)).exclude(target=F("source"))
    found = own.exclude(line_id=0).values_list("line_id", "target")
    sums = found.annotate(total=Sum("amount_cents")).order_by("line_id", "target")
    return {(line_id, target): total for line_id, target, total in sums if total}


def load_releases(kept: Kept, items: Items) -> Releases:
    """Lock what the sales among the documents were paid with."""
    sale_ids = [item.row.pk for item in items.by_number.values() if item.kind == "sale"]
    found = SaleTender.objects.filter(sale_id__in=sale_ids).order_by("pk").select_for_update()
    return Releases(kept, {(each.sale_id, each.tender): each for each in found})


def release(batch: Batch[Any], money: Money, target: str, items: Items, releases: Releases) -> None:
    """Take what a payment settles of a document off it; raise when that money was refunded meanwhile."""
    for line in money.lines:
        cents = releases.kept.pop((line.pk, target), 0)
        if not cents:
            continue
        batch.journal.append(partial(releases.kept.__setitem__, (line.pk, target), cents))
        item = items.find(target)
        if item.kind == "sale":
            tender = releases.tenders[item.row.pk, line.tender]
            left = tender.paid_cents - tender.refunded_cents
            if cents > left:
                raise AllocationRefunded(
                    document=target, tender=line.tender, asked_cents=cents, left_cents=left, digits=money.digits
                )
            batch.change(tender, paid_cents=-cents)
        line.take(batch, -cents)
        item.settle(batch, -cents)
        money.settled.append(Settled(line, item, -cents))


def write_released(batch: Batch[Any], done: Sequence[tuple[Item[Any], Money]]) -> None:
    """Write the opposite of allocations and payments of sales, and every counter concerned."""
    allocations: list[tuple[object, ...]] = []
    paid: dict[tuple[int, str, date], int] = defaultdict(int)
    for item, money in done:
        for each in money.settled:
            tender = each.line.tender
            allocations.append(
                (money.document, each.line.pk, tender, each.item.number, each.cents, item.on, item.log_id)
            )
            if each.item.kind == "sale":
                paid[each.item.row.pk, tender, item.on] += each.cents
    rows.insert(Allocation, ALLOCATION_FIELDS, allocations)
    payments = [(sale, tender, cents, on) for (sale, tender, on), cents in paid.items()]
    rows.insert(Payment, ("sale", "tender", "amount_cents", "paid_on"), payments)
    batch.write_changes(PaymentLine, *COUNTED, SaleTender)
