"""Goods go back to the customer: with which carrier, and who pays the freight. What the customer pays goes on account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Item
from backstock.core.errors import InvalidInput
from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.owing.debts import Debt, write_debts
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import SentBack

FIELDS = (
    "rma_id", "log_id", "carrier", "tracking_number", "freight", "freight_cents", "debt_id", "sent_on", "undone_log_id",
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class Sending:
    """The parcel that goes back; `freight_cents`, in the company's currency, only where the customer pays on account."""

    carrier: Annotated[str, Field(max_length=60)] = ""
    tracking_number: Annotated[str, Field(max_length=60)] = ""
    freight: Literal["ours", "customer", "on_delivery"] = "ours"
    freight_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0


def freight_of(sending: Sending | None, goes_back: bool, customer_id: int) -> list[Pay]:
    """Return what the freight means for the money ledger; refuse a parcel without goods, and an amount nobody owes."""
    if sending is None:
        return []
    if not goes_back:
        raise InvalidInput(field="sending", problem="nothing goes back to the customer")
    if (sending.freight == "customer") != bool(sending.freight_cents):
        raise InvalidInput(
            field="freight_cents", problem="an amount, where the customer pays it on account, and only there"
        )
    if not sending.freight_cents:
        return []
    return [
        Pay(
            amount_cents=sending.freight_cents, debit=Role.receivable, credit=Role.fee_income, partner_id=customer_id
        )
    ]  # fmt: skip


def write_sent(batch: Batch[Any], sent: Sequence[tuple[Item[Any], LoadedReturn, Sending | None]]) -> None:
    """Write down parcels that went back, and what customers owe for their freight."""
    told = [(item, rma, sending) for item, rma, sending in sent if sending is not None]
    if not told:
        return
    owed = [(item, rma, sending) for item, rma, sending in told if sending.freight_cents]
    debts = [
        (item, Debt(rma.row.customer_id, item.document, sending.freight_cents, "receivable"))
        for item, rma, sending in owed
    ]
    ids = {item.index: pk for (item, _), pk in zip(debts, write_debts(batch, debts), strict=True)} if debts else {}
    rows.insert(
        SentBack,
        FIELDS,
        [
            (
                rma.row.pk, item.log_id, each.carrier, each.tracking_number, each.freight, each.freight_cents,
                ids.get(item.index, 0), item.on, 0,
            )
            for item, rma, each in told
        ],
    )  # fmt: skip


def parcels_back(rma_id: int) -> list[SentBack]:
    """Return the parcels of a return that went back and stand."""
    return list(SentBack.objects.filter(rma_id=rma_id, undone_log_id=0).order_by("pk"))
