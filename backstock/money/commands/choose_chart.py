"""The chart of accounts is data: a company starts from one that ships and gives accounts its own codes and names."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode
from backstock.money.accounts import Role
from backstock.money.chart import ACCOUNT_FIELDS
from backstock.money.charts import CHARTS
from backstock.money.errors import UnknownAccount
from backstock.money.models import Account

Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z.\-]{1,20}$")]
Name = Annotated[str, Field(min_length=1, max_length=60)]


@typed(frozen=True, kw_only=True, config=STRICT)
class ChooseChart(Input):
    """小企业会计准则, 企业会计准则, or a plain international chart."""

    chart: Literal["small", "enterprise", "international"]


@typed(frozen=True, kw_only=True, config=STRICT)
class ReviseAccount(Input):
    """What an account is called from now on; what was posted on it stays there."""

    account: Annotated[str, Field(min_length=1, max_length=60)]
    code: Code
    name_zh: Name
    name_en: Name


@command("money.choose_chart", ChooseChart, alone=True)
def choose_chart(batch: Batch[ChooseChart]) -> None:
    """Give every account of a role the code and the names of a chart; tills and banks of the company keep theirs."""
    kept = {row.role: row for row in Account.objects.select_for_update().order_by("pk")}
    for item in batch.open:
        with batch.attempt(item):
            chart = {role.name: words for role, words in CHARTS[item.input.chart].items()}
            others = [row.code for row in kept.values() if row.role not in chart]
            _refuse_twice([*others, *(words[0] for words in chart.values())])
            item.plan, item.document = chart, item.input.chart
            item.answer = {"chart": item.input.chart}
    batch.log()
    fresh = {role: words for item in batch.open for role, words in item.plan.items() if role not in kept}
    values = [(int(Role[role]), role, *words, 0, "", False) for role, words in fresh.items()]
    rows.insert(Account, ACCOUNT_FIELDS, values)
    for item in batch.open:
        for role, words in item.plan.items():
            if role not in kept:
                continue
            kept[role].code, kept[role].name_zh, kept[role].name_en = words
    Account.objects.bulk_update(kept.values(), ["code", "name_zh", "name_en"])


@command("money.revise_account", ReviseAccount, alone=True)
def revise_account(batch: Batch[ReviseAccount]) -> None:
    """Give accounts other codes and names; raise UnknownAccount, DuplicateCode."""
    kept = {row.role: row for row in Account.objects.select_for_update().order_by("pk")}
    codes = {row.role: row.code for row in kept.values()}
    for item in batch.open:
        with batch.attempt(item):
            if item.input.account not in kept:
                raise UnknownAccount(account=item.input.account)
            codes_then = codes | {item.input.account: item.input.code}
            _refuse_twice(list(codes_then.values()))
            codes = codes_then
            item.document, item.answer = item.input.account, {"account": item.input.account, "code": item.input.code}
    batch.log()
    for item in batch.open:
        row = kept[item.input.account]
        row.code, row.name_zh, row.name_en = item.input.code, item.input.name_zh, item.input.name_en
    Account.objects.bulk_update(kept.values(), ["code", "name_zh", "name_en"])


def _refuse_twice(codes: list[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise DuplicateCode(field="code", value=code)
