"""`backstock import KIND FILE` and `backstock export FOLDER`: the company's own data in and out on the console."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from backstock.cli.databases import migrated, require_company
from backstock.cli.imports import import_group
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.core.permissions import SYSTEM
from backstock.exchange_formats import runs
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.kinds.kind import SOURCES, Kind
from backstock.exchange_formats.leaving import archive
from backstock.exchange_formats.models import ImportRun
from backstock.exchange_formats.templates import template

SHOWN = 50


def import_kind(
    kind: Kind, file: Path, source: str | None, on: datetime | None, dry_run: bool, leave_out: bool, as_json: bool
) -> None:
    """Check a file and, unless it is a dry run, import it; exit with 1 when rows have problems or it stopped."""
    migrated()
    with refusals_as_text(as_json):
        require_company()
        run = runs.upload(kind, file.name, file.read_bytes(), None, source or "", on.date() if on else None)
        runs.choose(run, run.places)
        run = _through(run, "checking")
        for each in run.problems[:SHOWN]:
            click.echo(
                f"{each['row']}\t{each['column']}\t{each['value']}\t{each['code']}\t{each['zh']} {each['en']}", err=True
            )
        if run.state == "checked" and not dry_run and (leave_out or not run.problems):
            runs.accept(run, leave_out)
            run.refresh_from_db()
            run = _through(run, "importing")
    _say(run, as_json)
    sys.exit(0 if run.state == "done" or (run.state == "checked" and not run.problems) else 1)


def _through(run: ImportRun, state: str) -> ImportRun:
    """Do the next step of a run here, with a bar."""
    run.state = state
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    with click.progressbar(length=1, label=state, file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(1, total)
            bar.update(done - bar.pos)

        runs.perform(run, SYSTEM, tell)
    run.refresh_from_db()
    return run


def _say(run: ImportRun, as_json: bool) -> None:
    if run.message_zh:
        click.echo(f"{run.message_zh}\n{run.message_en}", err=True)
    counts = ", ".join(f"{name} {value}" for name, value in run.counts.items())
    click.echo(f"{run.number} {run.kind} ({run.source}): {run.state}; {counts}; problems {len(run.problems)}")
    if as_json:
        print_json(
            {"run": run.number, "state": run.state, "source": run.source, **run.counts, "problems": run.problems}
        )


def _command(kind: Kind) -> Callable[..., None]:
    def command(
        file: Path, source: str | None, on: datetime | None, dry_run: bool, leave_out: bool, as_json: bool
    ) -> None:
        import_kind(kind, file, source, on, dry_run, leave_out, as_json)

    command.__doc__ = f"{kind.about_en} {kind.about_zh}"
    return command


def _add(kind: Kind) -> None:
    made: Any = json_option(_command(kind))
    for option in (
        click.option("--leave-out", is_flag=True, help="Import the good rows although others have problems."),
        click.option("--dry-run", is_flag=True, help="Say every problem by row and column; import nothing."),
        click.option(
            "--on", type=click.DateTime(["%Y-%m-%d"]), help="The business day of what comes in (default: today)."
        ),
        click.option(
            "--map", "source", type=click.Choice(list(SOURCES)), help="Whose headers these are (default: found out)."
        ),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        made = option(made)
    import_group.command(kind.key)(made)


for each_kind in KINDS.values():
    _add(each_kind)


@import_group.command("template")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def template_command(kind: str, file: Path, language: str) -> None:
    """Write the blank file of a kind (.xlsx), with notes and an example."""
    file.write_bytes(template(KINDS[kind], language))


@cli.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
def export_command(folder: Path, as_json: bool) -> None:
    """Write everything the company's books hold into a zip: csv files, evidence, and a manifest of hashes."""
    migrated()
    with refusals_as_text(as_json):
        require_company()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"backstock-{datetime.now():%Y%m%d-%H%M%S}.zip"
    half = target.with_suffix(".part")
    with half.open("wb") as out:
        manifest = archive(out, lambda name: click.echo(name, err=True))
    half.rename(target)
    rows = sum(each.get("rows", 0) for each in manifest["files"].values())
    click.echo(
        f"{target}: {len(manifest['files'])} files, {rows} rows, missing evidence {len(manifest['missing_evidence'])}"
    )
    if as_json:
        print_json({"file": str(target), **manifest})
