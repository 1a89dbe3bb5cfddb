"""Which page of the warehouse answers at which address."""

from django.urls import path

from backstock.desk.warehouse import adjustments, arriving, counting, counts, overview, transfers

urlpatterns = [
    path("stock/", overview.stock_list, name="stock_list"),
    path("stock/transfers/", transfers.transfer_list, name="transfer_list"),
    path("stock/transfers/new/", transfers.transfer_new, name="transfer_new"),
    path("stock/transfers/<str:number>/", transfers.transfer_page, name="transfer_page"),
    path("stock/transfers/<str:number>/arrive/", arriving.transfer_arrive, name="transfer_arrive"),
    path("stock/adjustments/", adjustments.adjustment_list, name="adjustment_list"),
    path("stock/adjustments/new/", adjustments.adjustment_new, name="adjustment_new"),
    path("stock/adjustments/<str:number>/", adjustments.adjustment_page, name="adjustment_page"),
    path("stock/counts/", counts.count_list, name="count_list"),
    path("stock/counts/new/", counts.count_new, name="count_new"),
    path("stock/counts/<str:number>/", counts.count_page, name="count_page"),
    path("stock/counts/<str:number>/scan/", counting.count_scan, name="count_scan"),
    path("stock/counts/<str:number>/post/", counts.count_post, name="count_post"),
    path("stock/counts/<str:number>/cancel/", counts.count_cancel, name="count_cancel"),
]
