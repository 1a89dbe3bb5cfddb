"""Other income and expenses: rent, postage, bank interest, whatever belongs to no sale and no purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.models import Booking
from backstock.money.own_accounts import Till, Tills, load_tills
from backstock.money.posting import Entry, post
from backstock.money.postings import booking_transfer
from backstock.partners.queries import known, partner_ids


@typed(frozen=True, kw_only=True, config=STRICT)
class BookMoney(Input):
    """Money in or out of an account, by category."""

    PERSONAL: ClassVar = frozenset({"memo"})

    kind: Literal["income", "expense"]
    account: Annotated[str, Field(min_length=1, max_length=60)]
    category: Annotated[str, Field(min_length=1, max_length=60)]
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]
    partner: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    memo: Annotated[str, Field(max_length=200)] = ""


@dataclass(slots=True)
class Plan:
    """A booking that was checked."""

    till: Till
    partner_id: int


@command("money.book", BookMoney)
def book_money(batch: Batch[BookMoney]) -> None:
    """Book other income and expenses."""
    tills = load_tills(item.input.account for item in batch.open)
    partners = partner_ids(item.input.partner for item in batch.open if item.input.partner)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, tills, partners)
    ids = rows.insert_returning(
        Booking,
        ("kind", "booked_on", "account_id", "category", "amount_cents", "partner_id", "memo"),
        [
            (i.input.kind, i.on, i.plan.till.row.pk, i.input.category, i.input.amount_cents, i.plan.partner_id, i.input.memo)
            for i in batch.open
        ],
    )  # fmt: skip
    for item, pk in zip(batch.open, ids, strict=True):
        item.document = Booking(pk=pk).number
        item.answer = {"document": item.document}
    batch.log()
    entries = []
    for item in batch.open:
        pay = booking_transfer(item.input.kind, item.plan.till.row.pk, item.input.amount_cents, item.plan.partner_id)
        entries.append(Entry(item.log_id, item.on, item.document, [pay]))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _plan(batch: Batch[BookMoney], wanted: BookMoney, tills: Tills, partners: dict[str, int]) -> Plan:
    till = tills.find(wanted.account)
    partner_id = known(partners, wanted.partner) if wanted.partner else 0
    out = wanted.amount_cents if wanted.kind == "expense" else -wanted.amount_cents
    tills.take(batch.journal, till, out, batch.digits)
    return Plan(till, partner_id)
