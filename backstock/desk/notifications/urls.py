"""Which page of notes and letters answers at which address."""

from django.urls import path

from backstock.desk.notifications import letters, notes, rating, settings

urlpatterns = [
    path("notes/", notes.note_list, name="note_list"),
    path("notes/count/", notes.note_count, name="note_count"),
    path("notes/read/", notes.note_read, name="note_read"),
    path("notes/<int:pk>/", notes.note_open, name="note_open"),
    path("letters/", letters.letter_list, name="letter_list"),
    path("letters/again/", letters.letter_again, name="letter_again"),
    path("letters/<int:pk>/", letters.letter_page, name="letter_page"),
    path("letters/language/<str:number>/", letters.letter_language, name="letter_language"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("returns/<str:number>/rating/", rating.return_rating, name="return_rating"),
    path("settings/telling/", settings.telling, name="telling"),
    path("settings/letters/", settings.letter_texts, name="letter_texts"),
    path("settings/letters/<str:kind>/<str:language>/", settings.letter_text, name="letter_text"),
]
