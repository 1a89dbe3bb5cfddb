"""`backstock bench …`"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from backstock.cli.databases import default_url, migrated, refuse_company_of_others
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.cli.policy_files import table_in
from backstock.core.permissions import SYSTEM
from backstock.core.scratch import Scratch, default_database
from backstock.warehouse.commands.found import FoundCompany, found_company


@cli.group("bench")
def bench() -> None:
    """Measure speed on databases of the benchmark's own."""


@bench.command("lifecycle")
@click.option("--database", "url", help="sqlite:///… or postgresql://…; default: this installation's kind.")
@click.option("--n", type=click.IntRange(1, 100_000), default=300, show_default=True, help="How many returns.")
@click.option("--keep", is_flag=True, help="Work in the named database itself and leave it for `verify`.")
@json_option
def lifecycle_command(url: str | None, n: int, keep: bool, as_json: bool) -> None:
    """Six commands per return (request … settle) beside the floor: the same rows with the bare driver."""
    from backstock.cli.bench.lifecycle import measure, measure_floor

    with refusals_as_text(as_json), company_of_the_bench(url, keep, ("MAIN",)) as working:
        found = measure(n)
        floor = measure_floor(working, n)
    ratio = round(found["cpu_ms_per_return"] / floor["cpu_ms_per_return"], 2) if floor else None
    found |= {"floor": floor, "ratio": ratio}
    if floor is None:
        click.echo("The floor script is not here: set BACKSTOCK_FLOOR to it to get the ratio.", err=True)
    for name, value in found.items():
        click.echo(f"{name:24} {value}", err=as_json)
    if as_json:
        print_json(found)


@bench.command("reports")
@click.option("--database", "url", help="sqlite:///… or postgresql://…; default: this installation's kind.")
@click.option(
    "--moves", type=click.IntRange(1_000, 10_000_000), default=1_000_000, show_default=True, help="Stock moves."
)
@click.option("--keep", is_flag=True, help="Work in the named database itself and leave it for `verify`.")
@json_option
def reports_command(url: str | None, moves: int, keep: bool, as_json: bool) -> None:
    """Open every report on two years of made-up trade, through its page."""
    from backstock.cli.bench.reports import measure

    with refusals_as_text(as_json), company_of_the_bench(url, keep, ("MAIN", "EAST", "WEST")):
        found = measure(moves)
    for name, value in found.items():
        if isinstance(value, dict):
            for page, figures in value.items():
                click.echo(
                    f"{page:40} {figures['median_ms']:8.1f} ms {figures['statements']:4} statements", err=as_json
                )
        else:
            click.echo(f"{name:40} {value}", err=as_json)
    if as_json:
        print_json(found)


@bench.command("trial")
@click.option(
    "--rows", type=click.IntRange(1_000, 100_000_000), default=10_000_000, show_default=True, help="Lines of returns."
)
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A policy with a table; default: forty rows.",
)
@json_option
def trial_command(rows: int, policy: Path | None, as_json: bool) -> None:
    """Decide made-up lines by a policy's table on one thread, from 100,000 lines up."""
    from backstock.cli.bench.trial import measure

    with refusals_as_text(as_json):
        raw = table_in(policy) if policy else None
        found = measure(rows, raw, lambda done: click.echo(f"{done:>12,} lines decided", err=True))
    for name, value in found.items():
        if name != "growth":
            click.echo(f"{name:28} {value}", err=as_json)
    for each in found["growth"]:
        click.echo(f"{each['rows']:>12,} rows {each['rows_per_second']:>14,}/s {each['peak_mib']:>8,} MiB", err=as_json)
    if as_json:
        print_json(found)


@contextmanager
def company_of_the_bench(url: str | None, keep: bool, warehouses: tuple[str, ...]) -> Iterator[str]:
    """Found a company on a database of the bench's own, or with `keep` in the named one; yield its URL."""
    named = url or default_url()
    with default_database(named):
        refuse_company_of_others("bench")
    with ExitStack() as stack:
        if keep:
            stack.enter_context(default_database(named))
            migrated()
            working = named
        else:
            working = stack.enter_context(stack.enter_context(Scratch(named)).database())
        found_company(
            FoundCompany(name="Bench", made_by="bench", warehouses=warehouses), actor=SYSTEM, key="bench-company"
        )
        yield working
