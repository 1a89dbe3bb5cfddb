"""Which page of the books answers at which address."""

from django.urls import path

from backstock.desk.books import reds

urlpatterns = [
    path("books/red/", reds.red_list, name="red_list"),
    path("books/red/<str:number>/", reds.red_page, name="red_page"),
    path("books/red/<str:number>/do/", reds.red_do, name="red_do"),
]
