"""Registers the app under its short label."""

from django.apps import AppConfig


class Carriers(AppConfig):
    """Django's handle on this app."""

    name = "backstock.carriers"
    label = "carriers"
