"""What hangs on a step beside goods and ledgers: a repair, a parcel to the customer, a fee, and the debts that they made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstock.core.commands import Batch, Item
from backstock.owing.debts import load_debts, take_debt_back, write_debts_taken_back
from backstock.owing.models import OpeningItem
from backstock.returns.models import ExchangeFee, Repair, SentBack

type Made = Repair | SentBack | ExchangeFee


@dataclass(slots=True)
class Hanging:
    """What hangs on one step that is taken back."""

    rows: list[Made] = field(default_factory=list)
    debts: list[OpeningItem] = field(default_factory=list)


@dataclass(slots=True)
class Aftermath:
    """What hangs on steps, by their log rows."""

    rows: dict[int, list[Made]] = field(default_factory=dict)
    debts: dict[int, OpeningItem] = field(default_factory=dict)

    def take_back(self, batch: Batch[Any], log_id: int) -> Hanging:
        """Settle the debts of a step with it; raise when one of them was paid."""
        mine = self.rows.get(log_id, [])
        return Hanging(mine, [take_debt_back(batch, self.debts[each.debt_id]) for each in mine if each.debt_id])


def aftermath_of(
    log_ids: Collection[int], repaired: bool = False, sent_back: bool = False, charged: bool = False
) -> Aftermath:
    """Read and lock what hangs on steps; what none of them made is not asked for."""
    found = Aftermath()
    made: list[Made] = []
    if repaired:
        made += Repair.objects.filter(log_id__in=log_ids)
    if sent_back:
        made += SentBack.objects.filter(log_id__in=log_ids)
    if charged:
        made += ExchangeFee.objects.filter(log_id__in=log_ids)
    for row in made:
        found.rows.setdefault(row.log_id, []).append(row)
    found.debts = load_debts(row.debt_id for row in made)
    return found


def write_taken_back(batch: Batch[Any], done: Sequence[tuple[Item[Any], Hanging]]) -> None:
    """Mark what hung on steps as taken back with them."""
    done = [(item, hanging) for item, hanging in done if hanging.rows]
    if not done:
        return
    for item, hanging in done:
        for row in hanging.rows:
            batch.change(row, undone_log_id=item.log_id)
    write_debts_taken_back(batch, [(item, hanging.debts) for item, hanging in done])
    batch.write_changes(Repair, SentBack, ExchangeFee)
