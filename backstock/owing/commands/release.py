"""Take an allocation back: the document is open again, the money a prepayment."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry, post
from backstock.owing.errors import NothingOpen
from backstock.owing.items import load_items
from backstock.owing.paying import Number, later_transfers, load_payments, payment_of
from backstock.owing.releasing import load_releases, release, standing, write_released


@typed(frozen=True, kw_only=True, config=STRICT)
class Release(Input):
    """The payment, and the document that it shall no longer settle."""

    document: Number
    target: Number


@command("owing.release", Release)
def release_money(batch: Batch[Release]) -> None:
    """Take allocations back."""
    items = load_items(batch.company, None, (), (item.input.target for item in batch.open))
    payments = load_payments(item.input.document for item in batch.open)
    releases = load_releases(standing(payments), items)
    for item in batch.open:
        with batch.attempt(item):
            money = item.plan = payment_of(payments, item.input.document).money(batch)
            target = items.find(item.input.target).number
            release(batch, money, target, items, releases)
            if not money.settled:
                raise NothingOpen(document=target)
            item.document = money.document
            item.answer = {"document": money.document, "left_cents": money.left_cents}
    batch.log()
    entries = [Entry(item.log_id, item.on, item.document, later_transfers(item.plan)) for item in batch.open]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_released(batch, [(item, item.plan) for item in batch.open])
