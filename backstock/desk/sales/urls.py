"""Which page of sales answers at which address."""

from django.urls import path

from backstock.desk.sales import listing, page

urlpatterns = [
    path("sales/", listing.sale_list, name="sale_list"),
    path("sales/<str:number>/", page.sale_page, name="sale_page"),
]
