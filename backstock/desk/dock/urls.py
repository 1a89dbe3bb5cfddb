"""Which page of the dock answers at which address."""

from django.urls import path

from backstock.desk.dock import carriers, labels, parcel_page, parcels, receiving, rules, section, settling, unclaimed

urlpatterns = [
    path("returns/receive/", receiving.dock, name="dock"),
    path("returns/labels/", labels.labels, name="dock_labels"),
    path("returns/scan/", labels.goto, name="dock_goto"),
    path("returns/parcels/", parcels.parcel_list, name="parcel_list"),
    path("returns/parcels/announce/", parcels.parcel_announce, name="parcel_announce"),
    path("returns/parcels/arrived/", parcels.parcel_log, name="parcel_log"),
    path("returns/parcels/<str:number>/", parcel_page.parcel_page, name="parcel_page"),
    path("returns/carriers/", carriers.carrier_list, name="carrier_list"),
    path("returns/carriers/new/", carriers.carrier_new, name="carrier_new"),
    path("returns/carriers/<str:code>/", carriers.carrier_change, name="carrier_change"),
    path("returns/unclaimed/", unclaimed.unclaimed_list, name="unclaimed_list"),
    path("returns/unclaimed/new/", unclaimed.unclaimed_new, name="unclaimed_new"),
    path("returns/unclaimed/<str:number>/", unclaimed.unclaimed_page, name="unclaimed_page"),
    path("returns/unclaimed/<str:number>/place/", settling.unclaimed_place, name="unclaimed_place"),
    path("returns/unclaimed/<str:number>/undo/", settling.unclaimed_undo, name="unclaimed_undo"),
    path("returns/unclaimed/<str:number>/erase/", settling.unclaimed_erase, name="unclaimed_erase"),
    path("returns/unclaimed/<str:number>/match/<str:rma>/", settling.unclaimed_match, name="unclaimed_match"),
    path("returns/dock-rules/", rules.dock_rules, name="dock_rules"),
    path("returns/<str:number>/finding/<int:finding>/back/", section.finding_back, name="finding_back"),
]
