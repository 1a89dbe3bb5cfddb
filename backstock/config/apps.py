"""Registers the app, and wires the product at start: commands into their registry, handlers to their events."""

import importlib
import pkgutil

from django.apps import AppConfig

# Where commands live: every module below an app's `commands`, and the users of the company.
COMMAND_MODULES = (
    "books", "carriers", "catalog", "documents", "evidence", "flows", "money", "notifications", "partners", "policies", "purchases", "owing", "refunds", "returns", "sales",
    "warehouse",
)  # fmt: skip


class Config(AppConfig):
    """Django's handle on this app."""

    name = "backstock.config"
    label = "config"

    def ready(self) -> None:
        """Load every command and subscribe the handlers."""
        importlib.import_module("backstock.core.people")
        for app in COMMAND_MODULES:
            package = importlib.import_module(f"backstock.{app}.commands")
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{package.__name__}.{module.name}")
        events = importlib.import_module("backstock.core.events")
        wiring = importlib.import_module("backstock.config.subscriptions")
        events.subscribe(wiring.SUBSCRIPTIONS)
        importlib.import_module("backstock.evidence.subjects").register(wiring.EVIDENCE_SUBJECTS)
        importlib.import_module("backstock.evidence.sweeping").register(wiring.NEEDED_FILES)
