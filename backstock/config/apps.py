"""Registers the app under its short label."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on this app."""

    name = "backstock.config"
    label = "config"
