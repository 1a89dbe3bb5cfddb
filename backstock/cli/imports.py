"""`backstock import …`: what other programs know, into the books."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.conf import settings
from django.db import connection

from backstock.cli.databases import default_url, migrated
from backstock.cli.main import cli, json_option, print_json, refusals_as_text

if TYPE_CHECKING:
    from backstock.exchange_formats.online_retail.run import Imported, Progress

RULES = """\b
What is decided, and always shown:
  sales          one per invoice, customer and day, shipped, billed and paid (bank)
  cancellations  take back the customer's own earlier purchases of that code, newest
                 first, the same price before all others, never more than was bought;
                 approved, received, restocked and refunded on their day
  unmatched      what fits no purchase waits as a return without a sale
  no customer    one walk-in customer per country
  opening stock  one receipt the day before the file's first day: all pieces the file
                 sells, at 60% of the code's lowest positive price in the file
  not placed     not goods (postage, fees, vouchers, manual lines …), write-offs,
                 price 0 without a customer, negative prices, unreadable lines:
                 each stands in the report with its reason
  repeats        exact repeats are kept, and listed in the report
  codes          as written: 85123a and 85123A are two
"""
STAGES = {"read": "reading", "prepare": "products, customers, opening stock", "record": "recording"}
SECONDS_PER_LINE = 5.0


@cli.group("import")
def import_group() -> None:
    """Bring in what other programs know."""


@import_group.command("sales", epilog=RULES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(["online-retail"]), required=True, help="The file's format.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where the report goes (CSV).")
@json_option
def import_sales_command(file: Path, format_: str, report: Path | None, as_json: bool) -> None:
    """Import sales with their cancellations; an interrupted import continues, a second run changes nothing."""
    from backstock.exchange_formats.online_retail.run import import_sales

    report = report or _beside_the_database(file)
    click.echo(f"database {_without_password(default_url())}")
    _refuse_unwritable(report)
    migrated()
    with refusals_as_text(as_json), told() as progress:
        try:
            found = import_sales(file, report, progress)
        except KeyboardInterrupt:
            click.echo("interrupted: run the same command again to continue", err=True)
            sys.exit(130)
    _say(found, report)
    if as_json:
        print_json({**found.plain(), "report": str(report)})


def _beside_the_database(file: Path) -> Path:
    name = f"{file.name.removesuffix('.gz').removesuffix('.csv')}.report.csv"
    home = Path(settings.HOME)
    return (Path(str(connection.settings_dict["NAME"])).parent if connection.vendor == "sqlite" else home) / name


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    return f"{before.rpartition(':')[0]}:…{at}{after}" if at and before.count(":") > 1 else url


def _refuse_unwritable(report: Path) -> None:
    """End before anything is done when the report could not be written afterwards."""
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        trial = report.with_name(f"{report.name}.part")
        trial.write_text("")
        trial.unlink()
    except OSError as error:
        raise click.BadParameter(str(error), param_hint="--report") from None


@contextmanager
def told() -> Iterator[Progress]:
    """Show progress: a bar on a terminal, a line now and then everywhere else."""
    if not sys.stderr.isatty():
        yield _LineNowAndThen()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def tell(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES[stage], total=of or None)
            bars.update(tasks[stage], completed=done)

        yield tell


class _LineNowAndThen:
    """Progress where no bar can be drawn."""

    def __init__(self) -> None:
        self.at, self.stage = 0.0, ""

    def __call__(self, stage: str, done: int, of: int) -> None:
        now = time.monotonic()
        if stage != self.stage or now - self.at >= SECONDS_PER_LINE or done == of:
            self.at, self.stage = now, stage
            share = f" of {of} ({100 * done // of}%)" if of else ""
            click.echo(f"{STAGES[stage]}: {done}{share}", err=True)


def _say(found: Imported, report: Path) -> None:
    figures = found.plain()
    click.echo(
        f"lines {figures['lines']} = placed {figures['placed']} + reported {figures['reported']}\n"
        f"amount {figures['amount_file']} = placed {figures['amount_placed']} + reported {figures['amount_reported']} "
        f"+ rounding {figures['rounding']}\n"
        f"sales {figures['sales']}, returns {figures['returns']}, returned lines {figures['returned_lines']} "
        f"(matched {figures['matched']}, unmatched {figures['unmatched']} worth {figures['amount_unmatched']})\n"
        f"opening stock: every piece sold, at 60% of its code's lowest positive price, the day before the first\n"
        f"new {figures['new']} (and {figures['new_steps']} steps), {figures['seconds']} s\n"
        f"report {report}"
    )
