"""Registers the app under its short label."""

from django.apps import AppConfig


class Policies(AppConfig):
    """Django's handle on this app."""

    name = "backstock.policies"
    label = "policies"
