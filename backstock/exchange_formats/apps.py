"""Registers the app under its short label."""

from django.apps import AppConfig


class ExchangeFormats(AppConfig):
    """Django's handle on this app."""

    name = "backstock.exchange_formats"
    label = "exchange_formats"
