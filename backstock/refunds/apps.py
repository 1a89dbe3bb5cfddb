"""Registers the app under its short label."""

from django.apps import AppConfig


class Refunds(AppConfig):
    """Django's handle on this app."""

    name = "backstock.refunds"
    label = "refunds"
