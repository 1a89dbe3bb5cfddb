"""Registers the app under its short label."""

from django.apps import AppConfig


class Money(AppConfig):
    """Django's handle on this app."""

    name = "backstock.money"
    label = "money"
