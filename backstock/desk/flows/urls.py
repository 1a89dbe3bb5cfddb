"""Which page of flows answers at which address."""

from django.urls import path

from backstock.desk.flows import editing, listing, page

urlpatterns = [
    path("flows/", listing.flow_list, name="flow_list"),
    path("flows/new/", editing.flow_new, name="flow_new"),
    path("flows/<str:code>/", page.flow_page, name="flow_page"),
    path("flows/<str:code>/change/", editing.flow_change, name="flow_change"),
]
