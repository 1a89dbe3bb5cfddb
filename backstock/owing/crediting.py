"""Credits that returns leave on partners' accounts: prepayments that no money brought, used like any other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backstock.core import rows
from backstock.core.commands import Batch, Item
from backstock.owing.errors import CreditUsed
from backstock.owing.models import PartnerPayment, PaymentLine
from backstock.owing.paying import Loaded, load_payments

FIELDS = (
    "side", "partner", "paid_on", "currency", "currency_digits", "rate_e9", "reference", "memo", "twin_id",
    "undone_log_id", "credit_log_id",
)  # fmt: skip
TENDER = "return_credit"

type Credits = Mapping[int, list[Loaded]]


@dataclass(frozen=True, slots=True)
class Credit:
    """What a step of a return took off a partner's account without naming a document that it settles."""

    side: str
    partner_id: int
    source: str
    currency: str
    digits: int
    rate_e9: int
    cents: int


def write_credits(done: Iterable[tuple[Item[Any], Credit]]) -> None:
    """Write credits that logged items give; their money is posted by the step itself."""
    given = [(item, credit) for item, credit in done if credit.cents]
    if not given:
        return
    heads = [
        (c.side, c.partner_id, i.on, c.currency, c.digits, c.rate_e9, c.source, "", 0, 0, i.log_id) for i, c in given
    ]
    ids = rows.insert_returning(PartnerPayment, FIELDS, heads)
    lines = [(pk, 1, TENDER, c.cents, c.cents) for pk, (_, c) in zip(ids, given, strict=True)]
    rows.insert(PaymentLine, ("payment", "position", "tender", "amount_cents", "rest_cents"), lines)


def load_credits(log_ids: Iterable[int]) -> Credits:
    """Lock the credits that steps gave, by the log row of each."""
    found = PartnerPayment.objects.filter(credit_log_id__in=set(log_ids) - {0})
    numbers = [row.number for row in found]
    credits: dict[int, list[Loaded]] = defaultdict(list)
    for loaded in load_payments(numbers).values() if numbers else ():
        credits[loaded.row.credit_log_id].append(loaded)
    return credits


def take_credits_back(batch: Batch[Any], credits: Sequence[Loaded]) -> list[PartnerPayment]:
    """Take credits back with their step; raise when one was used. Who calls counts `undone_log_id` once it is known."""
    for loaded in credits:
        for line in loaded.lines:
            if line.rest_cents != line.amount_cents:
                raise CreditUsed(
                    document=loaded.row.number, asked_cents=line.amount_cents, left_cents=line.rest_cents,
                    digits=loaded.row.currency_digits,
                )  # fmt: skip
            line.take(batch, line.rest_cents)
    return [loaded.row for loaded in credits]


def write_taken_back(batch: Batch[Any], done: Iterable[tuple[Item[Any], Sequence[PartnerPayment]]]) -> None:
    """Mark credits as taken back by the log rows of their items, and store their counters."""
    for item, taken in done:
        for row in taken:
            batch.change(row, undone_log_id=item.log_id)
    batch.write_changes(PartnerPayment, PaymentLine)
