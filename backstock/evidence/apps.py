"""Registers the app under its short label."""

from django.apps import AppConfig


class Evidence(AppConfig):
    """Django's handle on this app."""

    name = "backstock.evidence"
    label = "evidence"
