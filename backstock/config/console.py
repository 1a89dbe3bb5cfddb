"""The `backstock` command: sets Django up and gathers the console's parts."""

import importlib
import os
import sys

PARTS = (
    "backstock.cli.benches",
    "backstock.cli.books",
    "backstock.cli.drills",
    "backstock.cli.exchange",
    "backstock.cli.imports",
    "backstock.cli.mailbox",
    "backstock.cli.printing",
    "backstock.cli.serving",
    "backstock.cli.setting_up",
    "backstock.cli.trials",
    "backstock.demo.command",
)


def main() -> None:
    """Run the console; a database that cannot be used is one line, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstock.config.settings")
    import django
    from django.db.utils import OperationalError

    try:
        django.setup()
    except ValueError as error:  # a setting that cannot be meant, such as the database's address
        sys.exit(f"backstock: {error}")
    from backstock.cli.main import cli

    for part in PARTS:
        importlib.import_module(part)
    try:
        cli(prog_name="backstock")
    except OperationalError as error:
        sys.exit(f"backstock: {' '.join(str(error).split())}")


if __name__ == "__main__":
    main()
