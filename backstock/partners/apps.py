"""Registers the app under its short label."""

from django.apps import AppConfig


class Partners(AppConfig):
    """Django's handle on this app."""

    name = "backstock.partners"
    label = "partners"
