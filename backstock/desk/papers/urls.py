"""Which page of papers answers at which address."""

from django.urls import path

from backstock.desk.papers import letterhead, printing

urlpatterns = [
    path("returns/papers/", printing.paper_choice, name="paper_choice"),
    path("returns/<str:number>/papers/<str:kind>/", printing.return_paper, name="return_paper"),
    path("settings/letterhead/", letterhead.letterhead_page, name="letterhead"),
    path("settings/letterhead/logo/", letterhead.letterhead_logo, name="letterhead_logo"),
]
