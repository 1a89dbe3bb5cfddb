"""Recompute everything that must always hold, and say which rows offend."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from backstock.books.verify import check_books
from backstock.core.problems import Problem, sum_of_hashes
from backstock.core.sealing import check_seals
from backstock.evidence.verify import How, check_evidence
from backstock.money.accounts import Role
from backstock.money.verify import account_totals, canonical_transfers, check_money
from backstock.owing.verify import check_owing
from backstock.purchases.verify import check_purchases
from backstock.refunds.verify import check_refunds
from backstock.returns.verify import check_returns
from backstock.sales.verify import check_sales
from backstock.stock.verify import canonical_moves, check_stock, value_by_kind
from backstock.warehouse.verify import check_warehouse

# What kinds of stock are worth stands on one account, to the cent; on the way between warehouses it is still inventory.
STOCK_ACCOUNTS = {
    Role.inventory: ("sellable", "transit"),
    Role.goods_in_quarantine: ("quarantine",),
    Role.goods_in_repair: ("repair",),
    Role.supplier_claims: ("vendor",),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found; `ledger_hash` is the same for the same ledgers, however they came about."""

    problems: list[Problem]
    ledger_hash: str = ""


def verify(with_hash: bool = False, evidence: How = "sample") -> Verification:
    """Check both ledgers, every counter, the files of the evidence and the seals (DESIGN §9)."""
    problems = [
        *check_stock(),
        *check_money(),
        *_stock_on_accounts(),
        *check_warehouse(),
        *check_sales(),
        *check_purchases(),
        *check_returns(),
        *check_refunds(),
        *check_owing(),
        *check_books(),
        *check_evidence(evidence),
        *check_seals(),
    ]
    return Verification(problems, ledger_hash() if with_hash else "")


def _stock_on_accounts() -> list[Problem]:
    totals, values = account_totals(), value_by_kind()
    pools = {role: sum(values.get(kind, 0) for kind in kinds) for role, kinds in STOCK_ACCOUNTS.items()}
    found = [
        Problem(
            "stock value equals its account", f"{STOCK_ACCOUNTS[role][0]}: pools {value}, account {totals.get(role, 0)}"
        )
        for role, value in pools.items()
        if value != totals.get(role, 0)
    ]
    if sum(totals.values()):
        found.append(Problem("accounts sum to zero", str(sum(totals.values()))))
    return found


def ledger_hash() -> str:
    """Return the digest of both ledgers, independent of row ids, recording times and order."""
    total = (sum_of_hashes(canonical_moves()) + sum_of_hashes(canonical_transfers())) % 2**256
    return hashlib.sha256(str(total).encode()).hexdigest()
