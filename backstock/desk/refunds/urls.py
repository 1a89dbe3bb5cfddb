"""Which page of refunds on their way answers at which address."""

from django.urls import path

from backstock.desk.refunds import listing, reconciling, releasing

urlpatterns = [
    path("money/refunds/", listing.listing, name="refund_list"),
    path("money/refunds/paid/", listing.refund_bulk, name="refund_bulk"),
    path("money/refunds/release/", releasing.release, name="refund_release"),
    path("money/refunds/payment-file/", releasing.payment_file, name="refund_file"),
    path("money/refunds/<str:number>/", listing.refund_page, name="refund_page"),
    path("money/reconciliation/", reconciling.statements, name="statement_list"),
    path("money/reconciliation/<str:number>/", reconciling.statement, name="statement_page"),
    path("money/differences/<str:number>/", reconciling.difference, name="difference_page"),
]
