"""Registers the app under its short label."""

from django.apps import AppConfig


class Purchases(AppConfig):
    """Django's handle on this app."""

    name = "backstock.purchases"
    label = "purchases"
