"""The `backstock` command: sets Django up and gathers the console's parts."""

import os


def main() -> None:
    """Run the console."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstock.config.settings")
    import django

    django.setup()
    from backstock.cli.main import cli

    cli(prog_name="backstock")
