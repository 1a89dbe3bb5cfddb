"""What selling means for the two ledgers. Pure.

ship: sellable → customer, cost of goods sold / inventory. Invoice: receivable / revenue + output tax.
Payment: cash, bank or store credit / receivable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from backstock.core.amounts import to_base_cents
from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.stock.moves import Move
from backstock.stock.places import CUSTOMER
from backstock.stock.valuation import Taken

# What reduces a bill without money: given away, given up, set off against what we owe, credited for goods that came
# back. A return gives it back likewise.
NO_MONEY: Final[Mapping[str, Role]] = {
    "discount": Role.expenses,
    "write_off": Role.bad_debts,
    "set_off": Role.payable,
    "return_credit": Role.receivable,
}
USUAL: Final[Mapping[str, Role]] = {"cash": Role.cash, "store_credit": Role.store_credit, **NO_MONEY}


@dataclass(frozen=True, slots=True)
class Money:
    """Whose money, in which currency and at which rate."""

    customer_id: int
    currency: str
    rate_e9: int
    # Means of payment → account, where it is not the usual one (`Company.tender_accounts`).
    accounts: Mapping[str, int] = field(default_factory=dict)

    def account_of(self, tender: str) -> int:
        """Return the account that a tender moves: everything but cash and store credit goes through the bank."""
        return self.accounts.get(tender) or USUAL.get(tender, Role.bank)

    def pay(self, cents: int, debit: int, credit: int, line_id: int = 0) -> Pay:
        """Make a transfer of an amount in the document's currency."""
        return Pay(
            amount_cents=to_base_cents(cents, self.rate_e9),
            debit=debit,
            credit=credit,
            partner_id=self.customer_id,
            original_cents=cents,
            currency=self.currency,
            line_id=line_id,
        )


def shipment_moves(product_id: int, lot_id: int, place_id: int, taken: Sequence[Taken], line_id: int = 0) -> list[Move]:
    """Goods leave for the customer, one move per pool they are taken from."""
    return [
        Move(
            product_id=product_id,
            lot_id=lot_id,
            quantity_e4=part.quantity_e4,
            source_id=place_id,
            target_id=CUSTOMER,
            source_pool=part.pool,
            source_value_cents=part.value_cents,
            target_value_cents=part.value_cents,
            line_id=line_id,
        )
        for part in taken
    ]


def cost_of_sale(moves: Sequence[Move], customer_id: int) -> Pay:
    """The cost of what left, as one transfer for the document."""
    return Pay(
        amount_cents=sum(move.source_value_cents for move in moves),
        debit=Role.cost_of_goods_sold,
        credit=Role.inventory,
        partner_id=customer_id,
    )


def invoice_transfers(money: Money, net_cents: int, tax_cents: int, shipping_cents: int) -> list[Pay]:
    """Bill the customer; shipping has no tax."""
    return [
        money.pay(net_cents + shipping_cents, Role.receivable, Role.revenue),
        money.pay(tax_cents, Role.receivable, Role.output_tax),
    ]


def payment_transfer(money: Money, tender: str, cents: int) -> Pay:
    """Take the customer's money."""
    return money.pay(cents, money.account_of(tender), Role.receivable)
