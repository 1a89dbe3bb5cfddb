"""The only writer of the money ledger: appends transfers and brings partner balances along, set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from backstock.core import rows
from backstock.money.accounts import PER_PARTNER
from backstock.money.models import PartnerBalance, Transfer
from backstock.money.transfers import Pay, worth_writing

FIELDS = (
    "business_on", "log_id", "position", "recorded_at", "amount_cents", "debit_id", "credit_id", "partner_id",
    "original_amount_cents", "original_currency", "document", "line_id", "mirrors_log_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """The transfers of one item of a command, with the log row and document they belong to."""

    log_id: int
    business_on: date
    document: str
    transfers: Sequence[Pay]


def post(entries: Sequence[Entry], *, base_currency: str, recorded_at: datetime) -> None:
    """Append the transfers and add them to the partners' balances."""
    # One log row may move money under several documents: its rows are numbered through.
    numbers: dict[int, Iterator[int]] = defaultdict(count)
    placed = [
        (entry, next(numbers[entry.log_id]), pay) for entry in entries for pay in worth_writing(entry.transfers)
    ]  # fmt: skip
    if not placed:
        return
    ledger_rows = []
    balances: dict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for entry, n, pay in placed:
        original = pay.amount_cents if pay.original_cents is None else pay.original_cents
        currency = pay.currency or base_currency
        ledger_rows.append(
            (
                entry.business_on, entry.log_id, n, recorded_at, pay.amount_cents, int(pay.debit), int(pay.credit),
                pay.partner_id, original, currency, entry.document, pay.line_id, pay.mirrors_log_id,
            )
        )  # fmt: skip
        for account, sign in ((pay.debit, 1), (pay.credit, -1)):
            if pay.partner_id and account in PER_PARTNER:
                balance = balances[pay.partner_id, int(account), currency]
                balance[0] += sign * pay.amount_cents
                balance[1] += sign * original
    rows.insert(Transfer, FIELDS, ledger_rows)
    rows.add_or_insert(
        PartnerBalance, ("partner_id", "account_id", "currency"), ("amount_cents", "original_cents"), balances
    )
