"""Which report answers at which address."""

from django.urls import path

from backstock.desk.reports import (
    balance,
    card,
    earned,
    index,
    ledger,
    movements,
    numbering,
    profit,
    returned,
    returned_lines,
    value,
    vouchers,
)

urlpatterns = [
    path("reports/", index.report_index, name="report_index"),
    path("reports/movements/", movements.report_movements, name="report_movements"),
    path("reports/card/", card.report_card, name="report_card"),
    path("reports/value/", value.report_value, name="report_value"),
    path("reports/profit/", profit.report_profit, name="report_profit"),
    path("reports/profit/documents/", earned.report_earned, name="report_earned"),
    path("reports/returns/", returned.report_returned, name="report_returned"),
    path("reports/returns/lines/", returned_lines.report_returned_lines, name="report_returned_lines"),
    path("reports/balance/", balance.report_balance, name="report_balance"),
    path("reports/ledger/", ledger.report_ledger, name="report_ledger"),
    path("reports/vouchers/", vouchers.report_vouchers, name="report_vouchers"),
    path("reports/vouchers/post/", numbering.vouchers_post, name="vouchers_post"),
]
