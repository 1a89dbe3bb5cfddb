"""Registers the app under its short label."""

from django.apps import AppConfig


class Sales(AppConfig):
    """Django's handle on this app."""

    name = "backstock.sales"
    label = "sales"
