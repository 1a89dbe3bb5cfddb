"""Registers the app under its short label."""

from django.apps import AppConfig


class Books(AppConfig):
    """Django's handle on this app."""

    name = "backstock.books"
    label = "books"
