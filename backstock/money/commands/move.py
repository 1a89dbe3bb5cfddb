"""Move money between accounts of our own: cash to the bank, a wallet's balance paid out, a fee kept on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidAmount, InvalidInput
from backstock.money.models import AccountMove
from backstock.money.own_accounts import Till, Tills, load_tills
from backstock.money.posting import Entry, post
from backstock.money.postings import move_transfers

Code = Annotated[str, Field(min_length=1, max_length=60)]


@typed(frozen=True, kw_only=True, config=STRICT)
class MoveMoney(Input):
    """What leaves an account for another. `arrived_cents` differs where a rate did; without it all but the fee arrives."""

    PERSONAL: ClassVar = frozenset({"memo"})

    source: Code
    target: Code
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]
    fee_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0
    arrived_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)] | None = None
    memo: Annotated[str, Field(max_length=200)] = ""


@dataclass(slots=True)
class Plan:
    """A move that was checked."""

    source: Till
    target: Till
    arrived_cents: int


@command("money.move", MoveMoney)
def move_money(batch: Batch[MoveMoney]) -> None:
    """Book money out of one account into another."""
    tills = load_tills(code for item in batch.open for code in (item.input.source, item.input.target))
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, tills)
    ids = rows.insert_returning(
        AccountMove,
        ("moved_on", "source_id", "target_id", "amount_cents", "fee_cents", "arrived_cents", "memo"),
        [
            (
                i.on, i.plan.source.row.pk, i.plan.target.row.pk, i.input.amount_cents, i.input.fee_cents,
                i.plan.arrived_cents, i.input.memo,
            )
            for i in batch.open
        ],
    )  # fmt: skip
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = AccountMove(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    entries = []
    for item in batch.open:
        plan, wanted = item.plan, item.input
        transfers = move_transfers(
            plan.source.row.pk, plan.target.row.pk, wanted.amount_cents, wanted.fee_cents, plan.arrived_cents
        )
        entries.append(Entry(item.log_id, item.on, item.document, transfers))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _plan(batch: Batch[MoveMoney], wanted: MoveMoney, tills: Tills) -> Plan:
    source, target = tills.find(wanted.source), tills.find(wanted.target)
    if source is target:
        raise InvalidInput(field="target", problem="is the account that the money leaves")
    if wanted.fee_cents >= wanted.amount_cents:
        raise InvalidAmount(field="fee", amount=str(wanted.fee_cents))
    arrived = wanted.arrived_cents or wanted.amount_cents - wanted.fee_cents
    tills.take(batch.journal, source, wanted.amount_cents, batch.digits)
    tills.take(batch.journal, target, -arrived, batch.digits)
    return Plan(source, target, arrived)
