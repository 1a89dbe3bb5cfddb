"""Registers the app under its short label."""

from django.apps import AppConfig


class Desk(AppConfig):
    """Django's handle on this app."""

    name = "backstock.desk"
    label = "desk"
