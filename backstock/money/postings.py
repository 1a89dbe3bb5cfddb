"""What moving and booking money means for the ledger. Pure."""

from __future__ import annotations

from backstock.money.accounts import Role
from backstock.money.transfers import Pay


def move_transfers(source: int, target: int, amount_cents: int, fee_cents: int, arrived_cents: int) -> list[Pay]:
    """Money from one account to another; a fee is an expense, what the rate made more or less a difference."""
    rest = amount_cents - fee_cents
    return [
        Pay(amount_cents=min(arrived_cents, rest), debit=target, credit=source),
        Pay(amount_cents=max(0, rest - arrived_cents), debit=Role.exchange_differences, credit=source),
        Pay(amount_cents=max(0, arrived_cents - rest), debit=target, credit=Role.exchange_differences),
        Pay(amount_cents=fee_cents, debit=Role.expenses, credit=source),
    ]


def booking_transfer(kind: str, account: int, amount_cents: int, partner_id: int) -> Pay:
    """Money in for other income, out for an expense."""
    if kind == "income":
        return Pay(amount_cents=amount_cents, debit=account, credit=Role.other_income, partner_id=partner_id)
    return Pay(amount_cents=amount_cents, debit=Role.expenses, credit=account, partner_id=partner_id)
