"""What a document wants to happen to money, before the ledger writes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """An amount for the debited account out of the credited one; `original` is in the document's own currency."""

    amount_cents: int
    # A Role, or the id of one of the company's own accounts below it.
    debit: int
    credit: int
    partner_id: int = 0
    original_cents: int | None = None
    currency: str = ""
    line_id: int = 0
    mirrors_log_id: int = 0

    def mirror(self, log_id: int) -> Pay:
        """Return the opposite of this transfer, naming the log row that it takes back."""
        return replace(self, debit=self.credit, credit=self.debit, mirrors_log_id=log_id)


def worth_writing(transfers: Iterable[Pay]) -> list[Pay]:
    """Leave out transfers of nothing; turn a negative amount round, so that every row is positive."""
    kept: list[Pay] = []
    for pay in transfers:
        if pay.amount_cents < 0:
            original = None if pay.original_cents is None else -pay.original_cents
            pay = replace(
                pay, amount_cents=-pay.amount_cents, original_cents=original, debit=pay.credit, credit=pay.debit
            )
        if pay.amount_cents or pay.original_cents:
            kept.append(pay)
    return kept
