"""`backstock drill …`: prove that nothing is lost when something dies."""

from __future__ import annotations

import logging
import sys
import time

import click

from backstock.cli.benches import company_of_the_bench
from backstock.cli.main import cli, json_option, print_json, refusals_as_text


@cli.group("drill")
def drill_group() -> None:
    """Kill parts of the product on companies of the drill's own, and see what becomes of the money."""


@drill_group.command("gateway")
@click.option("--database", "url", help="sqlite:///… or postgresql://…; default: this installation's kind.")
@click.option("--full", is_flag=True, help="500 runs; without it 25.")
@click.option("--runs", type=click.IntRange(1, 1_000), help="As many runs as you like.")
@click.option("--seed", type=int, default=1, show_default=True)
@json_option
def drill_gateway(url: str | None, full: bool, runs: int | None, seed: int, as_json: bool) -> None:
    """Kill the worker at every point around a call to a misbehaving gateway: no refund lost, none paid twice."""
    from backstock.cli.drill.runs import drill

    start = time.monotonic()
    # Cut connections and lies are what it is about.
    logging.getLogger("backstock.refunds").setLevel(logging.CRITICAL)
    with refusals_as_text(as_json), company_of_the_bench(url, False, ("MAIN",)):
        tally = drill(runs or (500 if full else 25), seed)
    found = {**tally.plain(), "seed": seed, "seconds": round(time.monotonic() - start, 1)}
    for name, value in found.items():
        click.echo(f"{name:14} {value}", err=as_json)
    if as_json:
        print_json(found)
    sys.exit(0 if tally.is_good else 1)
