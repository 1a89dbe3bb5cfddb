"""The accounts that posting rules know, by role. Pure.

Codes and Chinese names follow 小企业会计准则 (财会〔2011〕17号, annex) where it has the account; the others are common
sub-accounts. The chart is data: a company edits codes and names, never roles.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Role(IntEnum):
    """An account by what it is for; the number is its id."""

    inventory = 1
    goods_in_quarantine = 2
    goods_in_repair = 3
    receivable = 4
    payable = 5
    cash = 6
    bank = 7
    store_credit = 8
    refunds_payable = 9
    supplier_claims = 10
    input_tax = 11
    output_tax = 12
    revenue = 13
    sales_returns = 14
    cost_of_goods_sold = 15
    loss_on_returns = 16
    stock_differences = 17
    repair_cost = 18
    fee_income = 19
    rounding = 20
    exchange_differences = 21
    opening_balances = 22
    other_income = 23
    purchase_differences = 24
    bad_debts = 25
    expenses = 26
    # What a period end accrues document by document, and estimates of sales that may still come back.
    accrued_credits = 27
    accrued_goods = 28
    expected_returns = 29
    expected_returns_cost = 30
    refund_liability = 31
    return_asset = 32


# Accounts whose balance is kept per partner.
PER_PARTNER: Final = frozenset(
    {Role.receivable, Role.payable, Role.store_credit, Role.refunds_payable, Role.supplier_claims}
)

# Accounts below which the company keeps its own tills and bank accounts; their ids begin here.
MONEY: Final = (Role.cash, Role.bank)
FIRST_OWN: Final = 100


def role_name(account_id: int) -> str:
    """Name an account for a message: its role, or its id where it is one of the company's own."""
    return Role(account_id).name if account_id < FIRST_OWN else f"account {account_id}"


CHART: Final[dict[Role, tuple[str, str, str]]] = {
    Role.inventory: ("1405", "库存商品", "Inventory"),
    Role.goods_in_quarantine: ("140501", "库存商品—待检退货", "Goods in quarantine"),
    Role.goods_in_repair: ("140502", "库存商品—维修中", "Goods in repair"),
    Role.receivable: ("1122", "应收账款", "Receivable"),
    Role.payable: ("2202", "应付账款", "Payable"),
    Role.cash: ("1001", "库存现金", "Cash"),
    Role.bank: ("1002", "银行存款", "Bank"),
    Role.store_credit: ("2203", "预收账款—储值", "Store credit"),
    Role.refunds_payable: ("2241", "其他应付款—应付退款", "Refunds payable"),
    Role.supplier_claims: ("1221", "其他应收款—供应商索赔", "Supplier claims"),
    Role.input_tax: ("22210101", "应交税费—进项税额", "Input tax"),
    Role.output_tax: ("22210106", "应交税费—销项税额", "Output tax"),
    Role.revenue: ("5001", "主营业务收入", "Revenue"),
    Role.sales_returns: ("500102", "主营业务收入—销售退回", "Sales returns"),
    Role.cost_of_goods_sold: ("5401", "主营业务成本", "Cost of goods sold"),
    Role.loss_on_returns: ("571101", "营业外支出—退货损失", "Loss on returns"),
    Role.stock_differences: ("190101", "待处理财产损溢", "Stock differences"),
    Role.repair_cost: ("540201", "其他业务成本—维修", "Repair cost"),
    Role.fee_income: ("505101", "其他业务收入—退货手续费", "Fee income"),
    Role.rounding: ("530102", "营业外收入—尾差", "Rounding"),
    Role.exchange_differences: ("560301", "财务费用—汇兑差额", "Exchange differences"),
    Role.opening_balances: ("3104", "利润分配—期初", "Opening balances"),
    Role.other_income: ("530199", "营业外收入—其他", "Other income"),
    Role.purchase_differences: ("540199", "主营业务成本—采购价差", "Purchase price differences"),
    Role.bad_debts: ("571102", "营业外支出—坏账损失", "Bad debts"),
    Role.expenses: ("5602", "管理费用", "Expenses"),
    Role.accrued_credits: ("224190", "其他应付款—预提退货款", "Accrued credit notes"),
    Role.accrued_goods: ("122190", "其他应收款—待收退货", "Accrued goods to come back"),
    Role.expected_returns: ("500103", "主营业务收入—预计退货", "Expected returns"),
    Role.expected_returns_cost: ("540103", "主营业务成本—预计退货", "Cost of expected returns"),
}

# Accounts that only some charts have: refunds that are likely, and the goods that would come back with them.
LIABILITY: Final[dict[Role, tuple[str, str, str]]] = {
    Role.refund_liability: ("2204", "应付退货款", "Refund liability"),
    Role.return_asset: ("1408", "应收退货成本", "Right to returned goods"),
}
