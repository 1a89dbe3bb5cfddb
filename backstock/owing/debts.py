"""Debts that a step of a return makes: what a repairer is owed, or a customer owes, is an open item like any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backstock.core import rows
from backstock.core.amounts import E9
from backstock.core.commands import Batch, Item
from backstock.owing.commands.open import ITEM_FIELDS
from backstock.owing.errors import DebtPaid
from backstock.owing.models import Allocation, OpeningItem

# Stands in the allocation of a debt that was taken back: no money settled it.
TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Debt:
    """What we owe a partner for a step, or are owed; its money is posted by the step itself."""

    partner_id: int
    source: str
    cents: int
    # Who owes: we a supplier, or a customer us.
    side: str = "payable"


def write_debts(batch: Batch[Any], owed: Sequence[tuple[Item[Any], Debt]]) -> list[int]:
    """Write open items, due on their day; return their ids in order."""
    currency = batch.company.currency
    written = [
        (d.side, d.partner_id, d.source, i.on, i.on, currency, batch.digits, E9, d.cents, d.cents) for i, d in owed
    ]
    return [pk or 0 for pk in rows.insert_returning(OpeningItem, ITEM_FIELDS, written)]


def load_debts(ids: Iterable[int]) -> dict[int, OpeningItem]:
    """Lock debts by id."""
    wanted = set(ids) - {0}
    found = OpeningItem.objects.filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in found.select_for_update()} if wanted else {}


def take_debt_back(batch: Batch[Any], debt: OpeningItem) -> OpeningItem:
    """Settle a debt with its step; raise when some of it was paid."""
    if debt.owed_cents != debt.amount_cents:
        raise DebtPaid(
            document=debt.number, paid_cents=debt.amount_cents - debt.owed_cents, digits=debt.currency_digits
        )  # fmt: skip
    batch.change(debt, owed_cents=-debt.owed_cents)
    return debt


def write_debts_taken_back(batch: Batch[Any], done: Iterable[tuple[Item[Any], Sequence[OpeningItem]]]) -> None:
    """Write down what settled the debts, and their counters."""
    settled = [
        (item.document, 0, TAKEN_BACK, debt.number, debt.amount_cents, item.on, item.log_id)
        for item, debts in done
        for debt in debts
    ]
    fields = ("source", "line_id", "tender", "target", "amount_cents", "allocated_on", "log_id")
    rows.insert(Allocation, fields, settled)
    batch.write_changes(OpeningItem)
