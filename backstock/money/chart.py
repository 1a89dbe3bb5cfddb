"""Write the chart of accounts with which a company starts."""

from __future__ import annotations

from backstock.core import rows
from backstock.money.accounts import CHART
from backstock.money.models import Account, RollUp

ACCOUNT_FIELDS = ("id", "role", "code", "name_zh", "name_en", "parent_id", "currency", "may_be_negative")


def write_chart() -> None:
    """Make the accounts of 小企业会计准则; the company edits codes and names afterwards."""
    account_rows = [(int(role), role.name, *words, 0, "", False) for role, words in CHART.items()]
    rows.insert(Account, ACCOUNT_FIELDS, account_rows)
    rows.insert(RollUp, ("id", "through_log_id"), [(1, 0)])
