"""Which page of purchases answers at which address."""

from django.urls import path

from backstock.desk.purchases import billing, ordering, orders, owed_claims, reasons, receipts, returning

urlpatterns = [
    path("purchases/orders/", orders.order_list, name="purchase_order_list"),
    path("purchases/orders/new/", ordering.order_new, name="purchase_order_new"),
    path("purchases/orders/<str:number>/", orders.order_page, name="purchase_order_page"),
    path("purchases/orders/<str:number>/edit/", ordering.order_edit, name="purchase_order_edit"),
    path("purchases/orders/<str:number>/close/", ordering.order_close, name="purchase_order_close"),
    path("purchases/orders/<str:number>/receive/", ordering.order_receive, name="purchase_order_receive"),
    path("purchases/receipts/", receipts.receipt_list, name="purchase_receipt_list"),
    path("purchases/receipts/new/", receipts.receipt_new, name="purchase_receipt_new"),
    path("purchases/receipts/<str:number>/", receipts.receipt_page, name="purchase_receipt_page"),
    path("purchases/receipts/<str:number>/bill/", billing.receipt_bill, name="purchase_receipt_bill"),
    path("purchases/receipts/<str:number>/send-back/", returning.send_back_page, name="send_back"),
    path("purchases/undo/<str:number>/", receipts.purchase_undo, name="purchase_undo"),
    path("purchases/uninvoiced/", billing.uninvoiced_list, name="uninvoiced_list"),
    path("purchases/invoices/", billing.purchase_invoice_list, name="purchase_invoice_list"),
    path("purchases/invoices/new/<str:supplier>/", billing.purchase_invoice_new, name="purchase_invoice_new"),
    path("purchases/invoices/<str:number>/", billing.purchase_invoice_page, name="purchase_invoice_page"),
    path("purchases/returns/<str:number>/", returning.purchase_return_page, name="purchase_return_page"),
    path("purchases/claims/", returning.claim_list, name="claim_list"),
    path("purchases/claims/reasons/", reasons.claim_reasons, name="claim_reasons"),
    path("purchases/claims/suppliers/", owed_claims.claims_by_supplier, name="claims_by_supplier"),
    path("purchases/claims/<str:number>/<str:supplier>/", returning.claim_credit, name="claim_credit"),
]
