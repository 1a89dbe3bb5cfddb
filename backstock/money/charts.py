"""The charts of accounts that ship: codes and names for every role, to start from; 小企业会计准则 has no
refund liability. Pure.

小企业会计准则 follows 财会〔2011〕17号 where it has the account (`accounts.CHART`). The codes of 企业会计准则 and of the plain
international chart are own knowledge, not checked; a company edits codes and names, never roles.
"""

from __future__ import annotations

from typing import Final

from backstock.money.accounts import CHART, LIABILITY, Role

type Chart = dict[Role, tuple[str, str, str]]

# Where 企业会计准则 numbers otherwise: profit and loss begin with 6, equity with 4.
_ENTERPRISE: Final[dict[Role, tuple[str, str]]] = {
    Role.store_credit: ("2205", "合同负债—储值"),
    Role.refunds_payable: ("224101", "其他应付款—应付退款"),
    Role.revenue: ("6001", "主营业务收入"),
    Role.sales_returns: ("600102", "主营业务收入—销售退回"),
    Role.cost_of_goods_sold: ("6401", "主营业务成本"),
    Role.loss_on_returns: ("671101", "营业外支出—退货损失"),
    Role.repair_cost: ("640201", "其他业务成本—维修"),
    Role.fee_income: ("605101", "其他业务收入—退货手续费"),
    Role.rounding: ("630102", "营业外收入—尾差"),
    Role.exchange_differences: ("660301", "财务费用—汇兑差额"),
    Role.opening_balances: ("4104", "利润分配—期初"),
    Role.other_income: ("630199", "营业外收入—其他"),
    Role.purchase_differences: ("640199", "主营业务成本—采购价差"),
    Role.bad_debts: ("6702", "信用减值损失"),
    Role.expenses: ("6602", "管理费用"),
    Role.expected_returns: ("600103", "主营业务收入—预计退货"),
    Role.expected_returns_cost: ("640103", "主营业务成本—预计退货"),
}
_INTERNATIONAL: Final[dict[Role, str]] = {
    Role.cash: "1000", Role.bank: "1010", Role.receivable: "1100", Role.supplier_claims: "1150", Role.inventory: "1200",
    Role.goods_in_quarantine: "1210", Role.goods_in_repair: "1220", Role.input_tax: "1300", Role.payable: "2000",
    Role.output_tax: "2100", Role.refunds_payable: "2200", Role.store_credit: "2300", Role.opening_balances: "3000",
    Role.revenue: "4000", Role.sales_returns: "4010", Role.fee_income: "4100", Role.other_income: "4200",
    Role.cost_of_goods_sold: "5000", Role.purchase_differences: "5100", Role.stock_differences: "5200",
    Role.loss_on_returns: "5300", Role.repair_cost: "5400", Role.expenses: "6000", Role.bad_debts: "6100",
    Role.exchange_differences: "6200", Role.rounding: "6300",
    Role.accrued_goods: "1160", Role.return_asset: "1230", Role.accrued_credits: "2210", Role.refund_liability: "2220",
    Role.expected_returns: "4020", Role.expected_returns_cost: "5010",
}  # fmt: skip

CHARTS: Final[dict[str, Chart]] = {
    "small": CHART,
    "enterprise": {role: (*_ENTERPRISE.get(role, words[:2]), words[2]) for role, words in (CHART | LIABILITY).items()},
    "international": {role: (_INTERNATIONAL[role], *words[1:]) for role, words in (CHART | LIABILITY).items()},
}
