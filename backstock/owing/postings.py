"""What receipts, payments and write-offs mean for the money ledger. Pure.

receipt: cash, bank or store credit / receivable · payment: payable / cash or bank. A discount given is an expense, one
taken is other income. Documents are settled at their own rate; what the payment's rate makes of it is a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backstock.core.amounts import to_base_cents
from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.sales.postings import NO_MONEY, USUAL

# A discount that a supplier gives us, and a debt that we need not pay.
OF_SUPPLIERS: Mapping[str, Role] = {
    "discount": Role.other_income,
    "write_off": Role.other_income,
    "set_off": Role.receivable,
    "return_credit": Role.payable,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Whose account is settled on which side, in which currency and at which rate the money came."""

    side: str
    partner_id: int
    currency: str
    rate_e9: int
    accounts: Mapping[str, int]

    @property
    def role(self) -> Role:
        """The account on which the partner owes or is owed."""
        return Role[self.side]

    def account_of(self, tender: str) -> int:
        """Return the account that a means of payment moves on this side."""
        if tender in NO_MONEY:
            return (NO_MONEY if self.side == "receivable" else OF_SUPPLIERS)[tender]
        return self.accounts.get(tender) or USUAL.get(tender, Role.bank)

    def settle(self, account: int, cents: int, rate_e9: int) -> Pay:
        """Lower what is owed, at the rate at which it is owed; a negative amount raises it again."""
        base = to_base_cents(cents, rate_e9)
        debit, credit = (account, self.role) if self.side == "receivable" else (self.role, account)
        return Pay(
            amount_cents=base, debit=debit, credit=credit, partner_id=self.partner_id, original_cents=cents,
            currency=self.currency,
        )  # fmt: skip

    def difference(self, account: int, cents: int, rate_e9: int) -> Pay:
        """Post what the money is worth more than the debt that it settles; nothing at the same rate."""
        base = to_base_cents(cents, self.rate_e9) - to_base_cents(cents, rate_e9)
        debit, credit = account, int(Role.exchange_differences)
        if self.side == "payable":
            debit, credit = credit, debit
        return Pay(
            amount_cents=base, debit=debit, credit=credit, partner_id=self.partner_id, original_cents=0,
            currency=self.currency,
        )  # fmt: skip
