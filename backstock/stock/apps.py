"""Registers the app under its short label."""

from django.apps import AppConfig


class Stock(AppConfig):
    """Django's handle on this app."""

    name = "backstock.stock"
    label = "stock"
