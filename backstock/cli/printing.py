"""`backstock papers`: the papers of returns as PDF, from the console."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.conf import settings

from backstock.cli.databases import migrated, require_company
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.documents.papers.kinds import KINDS
from backstock.documents.render import LANGUAGES, papers


@cli.command("papers")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--kind", type=click.Choice([*KINDS]), default="request", show_default=True)
@click.option("--language", type=click.Choice([*LANGUAGES]), default="zh", show_default=True)
@click.option("--format", "paper_format", type=click.Choice(["a4", "narrow"]), default="a4", show_default=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else named after the return."
)
@json_option
def papers_command(
    numbers: tuple[str, ...], kind: str, language: str, paper_format: Any, out: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Write one kind of paper of one or several returns into one PDF."""
    migrated()
    with refusals_as_text(as_json):
        require_company()
        made = papers(numbers, kind, language, paper_format=paper_format, site=settings.SITE_URL)
    file = out or Path(f"{numbers[0]}-{kind}-{language}.pdf")
    file.write_bytes(made)
    if as_json:
        print_json({"file": str(file), "bytes": len(made)})
    else:
        click.echo(str(file))
