"""What an exchange itself costs the customer, where the policy says so: owed by the shipment of the other goods (ADR 0032)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from backstock.core import rows
from backstock.core.amounts import E6, share, to_base_cents
from backstock.core.commands import Batch, Item
from backstock.money.accounts import Role
from backstock.money.posting import Entry
from backstock.money.transfers import Pay
from backstock.owing.debts import Debt, write_debts
from backstock.returns.after.swapping import Part
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import ExchangeFee

FIELDS = ("rma_id", "log_id", "fee_cents", "debt_id", "charged_on", "undone_log_id")


def fee_of(rma: LoadedReturn, part: Part, rate_e9: int) -> int:
    """Return the fee for old goods that a part of a shipment replaces, in the company's currency."""
    if rma.row.type != "exchange" or not part.line.terms.exchange_fee_e6:
        return 0
    return to_base_cents(share(sum(part.agreed), part.line.terms.exchange_fee_e6, E6), rate_e9)


def fee_entries(fees: Sequence[tuple[Item[Any], LoadedReturn, int]]) -> list[Entry]:
    """Return what fees mean for the money ledger."""
    return [
        Entry(
            item.log_id, item.on, rma.row.number,
            [Pay(amount_cents=cents, debit=Role.receivable, credit=Role.fee_income, partner_id=rma.row.customer_id)],
        )
        for item, rma, cents in fees
        if cents
    ]  # fmt: skip


def mirrored_fees(item: Item[Any], rma: LoadedReturn, cents: int, log_id: int) -> list[Entry]:
    """Return the opposite of a fee that a log row charged."""
    return [
        replace(entry, transfers=[pay.mirror(log_id) for pay in entry.transfers])
        for entry in fee_entries([(item, rma, cents)])
    ]


def write_fees(batch: Batch[Any], fees: Sequence[tuple[Item[Any], LoadedReturn, int]]) -> None:
    """Write down fees, each an open item of its customer."""
    owed = [(item, rma, cents) for item, rma, cents in fees if cents]
    if not owed:
        return
    debts = [(item, Debt(rma.row.customer_id, rma.row.number, cents, "receivable")) for item, rma, cents in owed]
    values = [
        (rma.row.pk, item.log_id, cents, debt_id, item.on, 0)
        for (item, rma, cents), debt_id in zip(owed, write_debts(batch, debts), strict=True)
    ]
    rows.insert(ExchangeFee, FIELDS, values)


def fees_of(rma_id: int) -> int:
    """Return what an exchange has cost its customer so far."""
    return sum(ExchangeFee.objects.filter(rma_id=rma_id, undone_log_id=0).values_list("fee_cents", flat=True))
