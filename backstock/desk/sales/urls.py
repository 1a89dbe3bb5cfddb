"""Which page of sales answers at which address."""

from django.urls import path

from backstock.desk.sales import bulk, entering, listing, page, picks, pos, prints, quotes, steps

urlpatterns = [
    path("sales/", listing.sale_list, name="sale_list"),
    path("sales/new/", entering.order_new, name="order_new"),
    path("sales/new/addresses/", entering.order_addresses, name="order_addresses"),
    path("sales/bulk/", bulk.sales_bulk, name="sales_bulk"),
    path("sales/till/", pos.till, name="till"),
    path("sales/till/total/", pos.till_total, name="till_total"),
    path("sales/quotes/", quotes.quote_list, name="quote_list"),
    path("sales/quotes/new/", entering.quote_new, name="quote_new"),
    path("sales/quotes/<str:number>/", quotes.quote_page, name="quote_page"),
    path("sales/quotes/<str:number>/print/", prints.quote_print, name="quote_print"),
    path("sales/quotes/<str:number>/confirm/", quotes.quote_confirm, name="quote_confirm"),
    path("sales/quotes/<str:number>/withdraw/", quotes.quote_withdraw, name="quote_withdraw"),
    path("sales/picks/", picks.pick_list, name="pick_list"),
    path("sales/picks/<str:number>/", picks.pick_page, name="pick_page"),
    path("sales/picks/<str:number>/tick/", picks.pick_tick, name="pick_tick"),
    path("sales/picks/<str:number>/end/", picks.pick_end, name="pick_end"),
    path("sales/<str:number>/", page.sale_page, name="sale_page"),
    path("sales/<str:number>/print/", prints.sale_print, name="sale_print"),
    path("sales/<str:number>/receipt/", prints.sale_receipt, name="sale_receipt"),
    path("sales/<str:number>/close/", steps.sale_close, name="sale_close"),
    path("sales/<str:number>/pick/", steps.sale_pick, name="sale_pick"),
    path("sales/<str:number>/sign/<str:parcel>/", steps.sale_sign, name="sale_sign"),
    path("sales/<str:number>/<str:name>/", steps.sale_step, name="sale_step"),
]
