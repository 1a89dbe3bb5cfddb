"""Debts and prepayments from before the company's first day here, document by document; an import brings them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.amounts import E9, MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.currencies import digits_of
from backstock.money.accounts import Role
from backstock.money.posting import Entry, post
from backstock.owing.commands.receive import LINE_FIELDS, PAYMENT_FIELDS
from backstock.owing.models import OpeningItem, PartnerPayment, PaymentLine
from backstock.owing.postings import Terms
from backstock.partners.queries import known, partner_ids

ITEM_FIELDS = (
    "side", "partner", "reference", "opened_on", "due_on", "currency", "currency_digits", "rate_e9", "amount_cents",
    "owed_cents",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class OpenDebt(Input):
    """An open invoice of a customer or supplier, or with `prepayment` what was paid ahead, as it stands on the first day."""

    side: Literal["receivable", "payable"]
    partner: Code
    reference: Annotated[str, Field(max_length=60)] = ""
    invoiced_on: date | None = None
    due_on: date | None = None
    amount_cents: Annotated[int, Field(gt=0, le=MAX_CENTS)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    rate_e9: Annotated[int, Field(gt=0, le=10**15)] = E9
    prepayment: bool = False


@command("owing.open", OpenDebt)
def open_debt(batch: Batch[OpenDebt]) -> None:
    """Bring in open invoices and prepayments against the opening balances."""
    partners = partner_ids(item.input.partner for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            wanted, own = item.input, batch.company.currency
            currency = wanted.currency or own
            rate_e9 = E9 if currency == own else wanted.rate_e9
            item.plan = Terms(wanted.side, known(partners, wanted.partner), currency, rate_e9, {})
    debts = [item for item in batch.open if not item.input.prepayment]
    ahead = [item for item in batch.open if item.input.prepayment]
    _number(debts, OpeningItem, rows.insert_returning(OpeningItem, ITEM_FIELDS, [_debt(batch, i) for i in debts]))
    ids = rows.insert_returning(PartnerPayment, PAYMENT_FIELDS, [_payment(batch, i) for i in ahead])
    _number(ahead, PartnerPayment, ids)
    batch.log()
    cents = [item.input.amount_cents for item in ahead]
    lines = [(pk, 1, "bank", amount, amount) for pk, amount in zip(ids, cents, strict=True)]
    rows.insert(PaymentLine, LINE_FIELDS, lines)
    entries = []
    for item in batch.open:
        amount = item.input.amount_cents * (1 if item.input.prepayment else -1)
        pay = item.plan.settle(int(Role.opening_balances), amount, item.plan.rate_e9)
        entries.append(Entry(item.log_id, item.on, item.document, [pay]))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _number(
    items: list[Item[OpenDebt]], model: type[OpeningItem | PartnerPayment], ids: list[int | None]
) -> None:  # fmt: skip
    for item, pk in zip(items, ids, strict=True):
        item.document = model(pk=pk, side=item.input.side).number
        item.answer = {"document": item.document}


def _digits(batch: Batch[OpenDebt], currency: str) -> int:
    return batch.digits if currency == batch.company.currency else digits_of(currency)


def _debt(batch: Batch[OpenDebt], item: Item[OpenDebt]) -> tuple[object, ...]:
    wanted, terms = item.input, item.plan
    invoiced_on = wanted.invoiced_on or item.on
    return (
        wanted.side, terms.partner_id, wanted.reference, invoiced_on, wanted.due_on or invoiced_on, terms.currency,
        _digits(batch, terms.currency), terms.rate_e9, wanted.amount_cents, wanted.amount_cents,
    )  # fmt: skip


def _payment(batch: Batch[OpenDebt], item: Item[OpenDebt]) -> tuple[object, ...]:
    wanted, terms = item.input, item.plan
    digits = _digits(batch, terms.currency)
    return (
        wanted.side, terms.partner_id, item.on, terms.currency, digits, terms.rate_e9, wanted.reference, "", 0, 0,
    )  # fmt: skip
