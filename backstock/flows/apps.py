"""Registers the app under its short label."""

from django.apps import AppConfig


class Flows(AppConfig):
    """Django's handle on this app."""

    name = "backstock.flows"
    label = "flows"
