"""The `backstock` command and its options that every part shares."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import click

from backstock.core.errors import DomainError


def print_json(found: dict[str, Any]) -> None:
    """Print one object on the last line, for programs."""
    click.echo(json.dumps(found, ensure_ascii=False, default=str))


@contextmanager
def refusals_as_text(as_json: bool) -> Iterator[None]:
    """Show a refusal as a sentence and exit with 1."""
    try:
        yield
    except DomainError as error:
        if as_json:
            print_json({"refused": error.code, "facts": error.facts(), "message": error.sentence()})
        else:
            click.echo(f"{error.sentence('zh')}\n{error.sentence('en')}", err=True)
        sys.exit(1)


def json_option[F: Callable[..., Any]](function: F) -> F:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")(function)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Backstock 归仓: customer returns that settle themselves."""


@cli.command("verify")
@click.option(
    "--evidence",
    type=click.Choice(["none", "sample", "all"]),
    default="sample",
    help="Which files of the evidence are read: the newest, or every one.",
)
@json_option
def verify_command(as_json: bool, evidence: Literal["none", "sample", "all"]) -> None:
    """Recompute both ledgers and every counter; exit 1 and name the rows when anything is off."""
    from backstock.cli.databases import require_company
    from backstock.cli.verification import verify

    with refusals_as_text(as_json):
        require_company()
    found = verify(with_hash=True, evidence=evidence)
    for problem in found.problems:
        click.echo(str(problem), err=as_json)
    if as_json:
        problems = [{"check": each.check, "rows": each.rows} for each in found.problems]
        print_json({"ok": not problems, "problems": problems, "ledger_hash": found.ledger_hash})
    else:
        click.echo(f"ledger_hash {found.ledger_hash}")
        click.echo("everything holds" if not found.problems else f"{len(found.problems)} problems")
    sys.exit(1 if found.problems else 0)


@cli.command("replay")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--database", "url", help="sqlite:///… or postgresql://…: which kind; the named one is never written.")
@json_option
def replay_command(paths: tuple[Path, ...], url: str | None, as_json: bool) -> None:
    """Replay business stories on fresh temporary companies: `ok` or `FAILED at step N` for each."""
    from backstock.cli.replay.files import InvalidScenario, read_cases
    from backstock.cli.replay.runner import replay

    try:
        cases = list(read_cases(list(paths)))
    except InvalidScenario as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    reports = []
    for report in replay(cases, url):
        reports.append(report)
        words = "ok" if report.ok else f"FAILED at step {report.step}: expected {report.expected}, got {report.got}"
        click.echo(f"{report.id}: {words}")
    failed = sum(not report.ok for report in reports)
    click.echo(f"{len(reports) - failed} passed, {failed} failed")
    if as_json:
        print_json({"passed": len(reports) - failed, "failed": failed, "cases": [report.plain() for report in reports]})
    sys.exit(1 if failed else 0)
