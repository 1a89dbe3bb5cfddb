"""Registers the app under its short label."""

from django.apps import AppConfig


class Catalog(AppConfig):
    """Django's handle on this app."""

    name = "backstock.catalog"
    label = "catalog"
