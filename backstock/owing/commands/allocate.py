"""Settle documents with a prepayment that is left."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.posting import Entry, post
from backstock.owing.errors import NothingOpen
from backstock.owing.items import load_items
from backstock.owing.paying import (
    Number,
    What,
    documents_of,
    later_transfers,
    load_payments,
    owners_of,
    payment_of,
    settle,
    write_settled,
)


@typed(frozen=True, kw_only=True, config=STRICT)
class Allocate(Input):
    """The receipt or payment whose money is left, and what it settles."""

    document: Number
    settles: What = "oldest"


@command("owing.allocate", Allocate)
def allocate_money(batch: Batch[Allocate]) -> None:
    """Use prepayments for what is open."""
    # Documents before payments, as every command locks; whose payments these are is read ahead, and checked after.
    inputs = [item.input for item in batch.open]
    owners = owners_of(each.document for each in inputs)
    items = load_items(
        batch.company, None, owners, (number for each in inputs for number in documents_of(each.settles))
    )
    payments = load_payments(each.document for each in inputs)
    for item in batch.open:
        with batch.attempt(item):
            loaded = payment_of(payments, item.input.document)
            money = item.plan = loaded.money(batch)
            settle(batch, money, item.input.settles, items)
            if not money.settled:
                raise NothingOpen(document=money.document)
            item.document = money.document
            item.answer = {"document": money.document, "left_cents": money.left_cents}
    batch.log()
    entries = [Entry(item.log_id, item.on, item.document, later_transfers(item.plan)) for item in batch.open]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_settled(batch, [(item, item.plan) for item in batch.open])
