"""`backstock vouchers`: numbered vouchers for the bookkeeping program, from the console."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import click

from backstock.books.commands.post_vouchers import PostVouchers, post_vouchers
from backstock.books.errors import NothingToPost
from backstock.books.layouts import LAYOUTS, Cell, Cents
from backstock.books.numbering import numbered_lines
from backstock.cli.databases import migrated, require_company
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.core.amounts import decimal_text
from backstock.core.cells import harmless
from backstock.core.models import Company
from backstock.core.permissions import SYSTEM
from backstock.core.spans import day_before, month_of, next_month


@cli.command("vouchers")
@click.argument("month", type=click.DateTime(["%Y-%m"]))
@click.option("--layout", "key", type=click.Choice([*LAYOUTS]), default="journal", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV file to write.")
@click.option("--number/--as-is", "number", default=False, help="First give numbers to what has none.")
@json_option
def vouchers_command(month: datetime, key: str, out: Path | None, number: bool, as_json: bool) -> None:
    """Write the numbered vouchers of a month as CSV in the columns of a program."""
    migrated()
    first = month_of(month.date())
    with refusals_as_text(as_json):
        require_company()
        if number:
            with suppress(NothingToPost):  # They all have one.
                post_vouchers(PostVouchers(month=first), actor=SYSTEM)
    file = out or Path(f"vouchers-{first:%Y-%m}-{key}.csv")
    lines = _write(file, key, first)
    if as_json:
        print_json({"file": str(file), "lines": lines})
    else:
        click.echo(f"{file}: {lines}")


def _write(file: Path, key: str, first: date) -> int:
    layout, digits = LAYOUTS[key], Company.objects.values_list("currency_digits", flat=True).get()
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(layout.heads)
        for line in numbered_lines(first, day_before(next_month(first))):
            count += 1
            writer.writerow([_cell(each, digits) for each in layout.row(line)])
    return count


def _cell(value: Cell, digits: int) -> object:
    if isinstance(value, Cents):
        return decimal_text(value.cents, digits, trim=False)
    return harmless(value) if isinstance(value, str) else value
