"""What was owed and what lay in tills and banks on the first day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

from backstock.exchange_formats import cells
from backstock.exchange_formats.kinds.kind import (
    CODE,
    CODES,
    DAY,
    MONEY,
    SHORT,
    SIGNED,
    YES,
    Column,
    Form,
    Kind,
    Row,
    choice,
    one_each,
)
from backstock.money.commands.open_account import OpenAccount, open_account
from backstock.money.queries import own_accounts
from backstock.owing.commands.open import OpenDebt, open_debt
from backstock.owing.queries import open_debts

Side = Literal["receivable", "payable"]


def _debt(side: Side) -> Callable[[Row, date], OpenDebt]:
    def make(row: Row, on: date) -> OpenDebt:
        return OpenDebt(
            side=side, on=on, prepayment=bool(row["prepayment"]),
            **row.given("partner", "reference", "invoiced_on", "due_on", "amount_cents"),
        )  # fmt: skip

    return make


def _open_debts(side: Side) -> Callable[[], Iterator[Mapping[str, Any]]]:
    def existing() -> Iterator[Mapping[str, Any]]:
        for partner, reference, invoiced_on, due_on, cents in open_debts(side):
            yield {
                "partner": partner, "reference": reference, "invoiced_on": invoiced_on, "due_on": due_on,
                "amount_cents": abs(cents), "prepayment": cents < 0,
            }  # fmt: skip

    return existing


def _debts(side: Side, who: str, owed: str) -> tuple[Column, ...]:
    return (
        Column(
            key="partner", zh=who, en="Customer" if side == "receivable" else "Supplier", form=CODE, required=True,
            example="C001" if side == "receivable" else "V001", note_zh="编码", note_en="Its code",
            aliases={"guanjiapo": ("往来单位编号", "单位编号"), "kingdee": (f"{who}编码", f"{who}编号"), "jsherp": ("名称",)},
        ),
        Column(
            key="reference", zh="单据号", en="Invoice", form=CODE, example="XS-2025-0118",
            aliases={"guanjiapo": ("单据编号",), "kingdee": ("单据编号", "发票号")},
        ),
        Column(key="invoiced_on", zh="单据日期", en="Invoiced on", form=DAY, example="2025-12-01", aliases={"guanjiapo": ("单据日期", "日期"), "kingdee": ("单据日期", "业务日期")}),
        Column(key="due_on", zh="到期日", en="Due on", form=DAY, aliases={"guanjiapo": ("收款期限", "到期日期"), "kingdee": ("到期日",)}),
        Column(
            key="amount_cents", zh="未结金额", en="Open amount", form=MONEY, required=True, example="1280.00", facts=("amount",),
            aliases={
                "guanjiapo": (f"{owed}款", f"{owed}余额", "期初金额"), "kingdee": (f"期初{owed}款", "期初余额", f"期初{owed}"),
                "jsherp": (f"期初{owed}",),
            },
        ),
        Column(
            key="prepayment", zh="预收" if side == "receivable" else "预付", en="Paid ahead", form=YES,
            note_zh="1：对方先付的钱" if side == "receivable" else "1：我方先付的钱", note_en="1: money paid before the goods",
        ),
    )  # fmt: skip


RECEIVABLES = Kind(
    key="receivables", zh="期初应收", en="Open receivables", columns=_debts("receivable", "客户", "应收"), commands=("owing.open",),
    about_zh="客户未结的发票与预收款，逐张单据。", about_en="What customers owe, invoice by invoice, and what they paid ahead.",
    entries=one_each(open_debt, _debt("receivable")), existing=_open_debts("receivable"),
)  # fmt: skip
PAYABLES = Kind(
    key="payables", zh="期初应付", en="Open payables", columns=_debts("payable", "供应商", "应付"), commands=("owing.open",),
    about_zh="欠供应商的发票与预付款，逐张单据。", about_en="What is owed to suppliers, invoice by invoice, and what was paid ahead.",
    entries=one_each(open_debt, _debt("payable")), existing=_open_debts("payable"),
)  # fmt: skip


def _account(row: Row, on: date) -> OpenAccount:
    named = row.given("code", "kind", "name_en", "currency", "may_be_negative", "tenders", "opening_cents")
    return OpenAccount(name_zh=row["name_zh"] or row["code"], on=on, **named)


def _accounts() -> Iterator[Mapping[str, Any]]:
    yield from own_accounts()


ACCOUNTS = Kind(
    key="accounts", zh="资金账户与期初余额", en="Tills and bank accounts", commands=("money.open_account",),
    about_zh="现金、银行、支付宝等账户及启用日余额。", about_en="Tills, bank accounts and wallets with what they hold on the first day.",
    columns=(
        Column(
            key="code", zh="账户编码", en="Account", form=SHORT, required=True, example="ICBC", facts=("account",),
            aliases={"guanjiapo": ("账户编号", "科目编号"), "kingdee": ("账户编号", "账户编码"), "jsherp": ("名称", "账户名称")},
        ),
        Column(key="kind", zh="类型", en="Type", form=choice(bank=("银行", "银行存款", "微信", "支付宝"), cash=("现金",)), example="bank", aliases={"kingdee": ("账户类别",)}),
        Column(
            key="name_zh", zh="中文名称", en="Name in Chinese", form=CODE, example="工商银行",
            aliases={"guanjiapo": ("账户名称", "账户全名"), "kingdee": ("账户名称",), "jsherp": ("名称", "账户名称")},
        ),
        Column(key="name_en", zh="英文名称", en="Name in English", form=CODE),
        Column(key="currency", zh="币种", en="Currency", form=Form(cells.line(3)), note_zh="空着就是本位币", note_en="Empty: the company's"),
        Column(key="may_be_negative", zh="可透支", en="May be negative", form=YES),
        Column(key="tenders", zh="支付方式", en="Means of payment", form=CODES, example="card; wechat"),
        Column(
            key="opening_cents", zh="期初余额", en="Opening balance", form=SIGNED, example="25000.00", facts=("amount",),
            aliases={"guanjiapo": ("期初余额", "账户余额"), "kingdee": ("期初余额",), "jsherp": ("期初金额", "当前余额")},
        ),
    ),
    entries=one_each(open_account, _account), existing=_accounts,
)  # fmt: skip
