"""Registers the app under its short label."""

from django.apps import AppConfig


class Owing(AppConfig):
    """Django's handle on this app."""

    name = "backstock.owing"
    label = "owing"
