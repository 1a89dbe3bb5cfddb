"""Which page of returns answers at which address."""

from django.urls import path

from backstock.desk.returns import (
    blind,
    counter,
    flow_section,
    listing,
    new,
    page,
    queue,
    recalls,
    replacing,
    settle,
    step_pages,
    story,
    straight,
    undo,
    workshop,
)

urlpatterns = [
    path("returns/", listing.return_list, name="return_list"),
    path("returns/queue/", queue.return_queue, name="return_queue"),
    path("returns/queue/late/", queue.late_returns, name="late_returns"),
    path("returns/counter/", counter.counter_find, name="counter_find"),
    path("returns/counter/<str:number>/", counter.counter_return, name="counter_return"),
    path("returns/bulk/", listing.return_bulk, name="return_bulk"),
    path("returns/new/", new.return_new, name="return_new"),
    path("returns/new/without/", blind.return_blind, name="return_blind"),
    path("returns/new/<str:number>/", new.return_new_of, name="return_new_of"),
    path("returns/recalls/", recalls.recall_list, name="recall_list"),
    path("returns/recalls/new/", recalls.recall_new, name="recall_new"),
    path("returns/recalls/<str:number>/", recalls.recall_page, name="recall_page"),
    path("returns/recalls/<str:number>/do/", recalls.recall_do, name="recall_do"),
    path("returns/story/", story.story, name="lot_story"),
    path("returns/repairs/", workshop.repair_list, name="repair_list"),
    path("returns/<str:number>/", page.return_page, name="return_page"),
    path("returns/<str:number>/straight/", straight.return_straight, name="return_straight"),
    path("returns/<str:number>/ship_replacement/", replacing.return_ship, name="return_ship"),
    path("returns/<str:number>/waive/", flow_section.return_waive, name="return_waive"),
    path("returns/<str:number>/settle/", settle.settle, name="return_settle"),
    path("returns/<str:number>/opinion/", step_pages.second_opinion, name="return_opinion"),
    path("returns/<str:number>/undo/<str:what>/", undo.return_undo, name="return_undo"),
    path("returns/<str:number>/add/", new.return_add, name="return_add"),
    path("returns/<str:number>/<str:name>/", step_pages.return_step, name="return_step"),
]
