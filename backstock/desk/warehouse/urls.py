"""Which page of the warehouse answers at which address."""

from django.urls import path

from backstock.desk.warehouse import (
    adjustments,
    arriving,
    assemblies,
    counting,
    counts,
    houses,
    overview,
    transfers,
    watch,
)

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
    path("stock/assemblies/", assemblies.assembly_list, name="assembly_list"),
    path("stock/assemblies/new/", assemblies.assembly_new, name="assembly_new"),
    path("stock/assemblies/<str:number>/", assemblies.assembly_page, name="assembly_page"),
    path("stock/expiry/", watch.expiry_list, name="expiry_list"),
    path("stock/minimum/", watch.minimum_list, name="minimum_list"),
    path("stock/minimum/set/", watch.minimum_set, name="minimum_set"),
    path("stock/warehouses/", houses.warehouse_list, name="warehouse_list"),
    path("stock/warehouses/new/", houses.warehouse_new, name="warehouse_new"),
    path("stock/warehouses/shelves/", houses.shelves_arrange, name="shelves_arrange"),
    path("stock/warehouses/archive/", houses.warehouse_archive, name="warehouse_archive"),
]
