"""Registers the app under its short label."""

from django.apps import AppConfig


class Core(AppConfig):
    """Django's handle on this app."""

    name = "backstock.core"
    label = "core"
