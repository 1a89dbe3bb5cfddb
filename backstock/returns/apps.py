"""Registers the app under its short label."""

from django.apps import AppConfig


class Returns(AppConfig):
    """Django's handle on this app."""

    name = "backstock.returns"
    label = "returns"
