"""Which page of the books answers at which address."""

from django.urls import path

from backstock.desk.books import estimate, notes, reds

urlpatterns = [
    path("books/estimate/", estimate.estimate, name="estimate_page"),
    path("books/notes/", notes.note_list, name="note_list"),
    path("books/notes/number/", notes.note_number, name="note_number"),
    path("books/red/", reds.red_list, name="red_list"),
    path("books/red/<str:number>/", reds.red_page, name="red_page"),
    path("books/red/<str:number>/do/", reds.red_do, name="red_do"),
]
