"""Vouchers as rows for other programs: the columns each expects. Pure.

The layouts of 金蝶 and 用友 are what is commonly used for importing vouchers (own knowledge, not checked against a version:
`verified` is false). A program that wants other columns gets them by renaming heads in the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WORD: Final = "记"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cents:
    """An amount of the company's currency as a cell."""

    cents: int


type Cell = str | int | date | Cents | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLine:
    """One line of a numbered voucher with everything that a layout may want."""

    day: date
    number: int
    entry: int
    document: str
    account_code: str
    account_name: str
    partner_code: str
    partner_name: str
    currency: str
    debit_cents: int
    credit_cents: int
    is_mirror: bool

    @property
    def summary(self) -> str:
        """What stands as 摘要: the document, and whether it was taken back."""
        said = f"{self.document} {self.partner_name}".strip()
        return f"冲销 {said}" if self.is_mirror else said

    @property
    def debit(self) -> Cents | None:
        """The debit, nothing for a line on the other side."""
        return Cents(cents=self.debit_cents) if self.debit_cents else None

    @property
    def credit(self) -> Cents | None:
        """The credit, nothing for a line on the other side."""
        return Cents(cents=self.credit_cents) if self.credit_cents else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns that a program expects."""

    key: str
    name_zh: str
    name_en: str
    heads: Sequence[str]
    row: Callable[[VoucherLine], list[Cell]]
    verified: bool = False


def _journal(line: VoucherLine) -> list[Cell]:
    return [
        line.day, f"{WORD}-{line.number}", line.entry, line.document, line.account_code, line.account_name,
        line.partner_code, line.partner_name, line.debit, line.credit, line.currency,
    ]  # fmt: skip


def _kingdee(line: VoucherLine) -> list[Cell]:
    amount = Cents(cents=line.debit_cents or line.credit_cents)
    return [
        line.day, line.day.year, line.day.month, WORD, line.number, line.entry, line.summary, line.account_code,
        line.account_name, line.currency, amount, line.debit, line.credit, line.partner_code, line.partner_name, 0,
    ]  # fmt: skip


def _yonyou(line: VoucherLine) -> list[Cell]:
    return [
        line.day, WORD, line.number, 0, line.summary, line.account_code, line.account_name, line.debit, line.credit,
        line.partner_code, line.partner_name,
    ]  # fmt: skip


LAYOUTS: Final = {
    each.key: each
    for each in (
        Layout(
            key="journal", name_zh="普通分录表", name_en="Plain journal", row=_journal, verified=True,
            heads=("日期 Day", "凭证号 Voucher", "分录 Entry", "单据 Document", "科目编码 Account", "科目名称 Account name",
                   "往来编码 Partner", "往来名称 Partner name", "借方 Debit", "贷方 Credit", "币别 Currency"),
        ),
        Layout(
            key="kingdee", name_zh="金蝶", name_en="Kingdee", row=_kingdee,
            heads=("凭证日期", "会计年度", "会计期间", "凭证字", "凭证号", "分录号", "摘要", "科目代码", "科目名称", "币别", "原币金额",
                   "借方金额", "贷方金额", "往来单位代码", "往来单位", "附件数"),
        ),
        Layout(
            key="yonyou", name_zh="用友", name_en="Yonyou", row=_yonyou,
            heads=("制单日期", "凭证类别字", "凭证号", "附单据数", "摘要", "科目编码", "科目名称", "借方金额", "贷方金额", "往来单位编码",
                   "往来单位名称"),
        ),
    )
}  # fmt: skip
