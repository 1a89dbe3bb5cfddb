"""The `backstock` command: sets Django up and gathers the console's parts."""

import importlib
import os

PARTS = ("backstock.cli.benches", "backstock.cli.imports", "backstock.cli.serving", "backstock.demo.command")


def main() -> None:
    """Run the console."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstock.config.settings")
    import django

    django.setup()
    from backstock.cli.main import cli

    for part in PARTS:
        importlib.import_module(part)
    cli(prog_name="backstock")


if __name__ == "__main__":
    main()
