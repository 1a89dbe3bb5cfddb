"""Registers the app under its short label."""

from django.apps import AppConfig


class Notifications(AppConfig):
    """Django's handle on this app."""

    name = "backstock.notifications"
    label = "notifications"
