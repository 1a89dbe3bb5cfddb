"""Which page of money answers at which address."""

from django.urls import path

from backstock.desk.owing import (
    accounts,
    ageing,
    closing,
    documents,
    payments,
    settling,
    statements,
    tenders,
    write_offs,
)

urlpatterns = [
    path("money/receivables/", ageing.receivables, name="receivable_ages"),
    path("money/payables/", ageing.payables, name="payable_ages"),
    path("money/open/<str:side>/", ageing.items, name="open_items"),
    path("money/partners/<str:side>/<str:code>/", statements.statement, name="partner_statement"),
    path("money/receipts/", payments.receipts, name="receipt_list"),
    path("money/receipts/new/", payments.receipt_new, name="receipt_new"),
    path("money/payments/", payments.payments_made, name="payment_list"),
    path("money/payments/new/", payments.payment_new, name="payment_new"),
    path("money/documents/<str:number>/", documents.document, name="money_document"),
    path("money/set-off/<str:code>/", settling.set_off_page, name="money_set_off"),
    path("money/opening/new/", settling.opening_new, name="opening_new"),
    path("money/tenders/", tenders.tenders, name="money_tenders"),
    path("money/write-offs/", write_offs.listing, name="write_off_list"),
    path("money/write-offs/new/<str:number>/", write_offs.new, name="write_off_new"),
    path("money/accounts/", accounts.accounts, name="account_list"),
    path("money/accounts/new/", accounts.account_new, name="account_new"),
    path("money/accounts/<str:code>/", statements.journal, name="account_journal"),
    path("money/move/", accounts.move, name="money_move"),
    path("money/book/", accounts.book, name="money_book"),
    path("money/close/", closing.close, name="money_close"),
    path("money/close/accrue/", closing.close_accrue, name="money_close_accrue"),
]
