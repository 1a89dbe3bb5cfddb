"""Registers the app under its short label."""

from django.apps import AppConfig


class Documents(AppConfig):
    """Django's handle on this app."""

    name = "backstock.documents"
    label = "documents"
