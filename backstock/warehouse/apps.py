"""Registers the app under its short label."""

from django.apps import AppConfig


class Warehouse(AppConfig):
    """Django's handle on this app."""

    name = "backstock.warehouse"
    label = "warehouse"
