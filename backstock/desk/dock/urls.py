"""Which page of the dock answers at which address."""

from django.urls import path

from backstock.desk.dock import receiving

urlpatterns = [
    path("returns/receive/", receiving.dock, name="dock"),
]
