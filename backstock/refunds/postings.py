"""What a settlement means for the money ledger. Pure.

Credit note: sales returns + output tax / receivable. Fee kept: receivable / fee income. Refund: receivable / refunds
payable when it is granted, refunds payable / cash, bank or store credit when it is paid, which cash and store credit are
at once. What stays on the receivable needs no refund.
"""

from __future__ import annotations

from collections.abc import Collection

from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.refunds.settlement import SaleShare
from backstock.sales.postings import Money


def settlement_transfers(money: Money, share: SaleShare, paid: Collection[str]) -> list[Pay]:
    """Return the transfers of what one sale gives back; `paid` names the tenders whose money leaves at once."""
    pays = [
        money.pay(share.goods_cents + share.shipping_cents, Role.sales_returns, Role.receivable),
        money.pay(share.tax_cents, Role.output_tax, Role.receivable),
        money.pay(share.fee_cents, Role.receivable, Role.fee_income),
        money.pay(share.rounding_cents, Role.receivable, Role.rounding),
    ]
    for tender, cents in share.by.items():
        if tender != "receivable":
            pays.append(money.pay(cents, Role.receivable, Role.refunds_payable))
            if tender in paid:
                pays.append(paid_transfer(money, tender, cents))
    return pays


def paid_transfer(money: Money, tender: str, cents: int) -> Pay:
    """Money leaves for what was granted."""
    return money.pay(cents, Role.refunds_payable, money.account_of(tender))
