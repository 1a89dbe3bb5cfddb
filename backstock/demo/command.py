"""`backstock demo`"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.progress import Progress

from backstock.cli.databases import migrated, refuse_company_of_others
from backstock.cli.imports import told
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.cli.serving import serve
from backstock.cli.verification import verify
from backstock.core.models import CommandLog
from backstock.core.scratch import default_database
from backstock.core.sealing import seal
from backstock.demo.care import look_after
from backstock.demo.dealings import deal
from backstock.demo.dock import stand_at_the_dock
from backstock.demo.given import give
from backstock.demo.goods import PEOPLE
from backstock.demo.lawful import keep_to_law
from backstock.demo.seed import PASSWORD, employ, found, trade
from backstock.demo.story import tell
from backstock.exchange_formats.online_retail.run import import_sales
from backstock.money.rollup import roll_up
from backstock.returns.models import Return
from backstock.sales.models import Sale


@cli.command("demo")
@click.option("--no-serve", is_flag=True, help="End after verifying.")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A real Online Retail file instead of the seed.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@json_option
def demo_command(no_serve: bool, data: Path | None, port: int, as_json: bool) -> None:
    """Make a company with a year of trade, take one return through every step, verify, and serve it."""
    name = "demo-data.sqlite3" if data else "demo.sqlite3"
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{Path(settings.HOME) / name}"
    click.echo(f"数据目录 data folder: {settings.HOME}")
    started = time.monotonic()
    with default_database(url), refusals_as_text(as_json):
        refuse_company_of_others("import" if data else "demo")
        migrated()
        facts = _import(data) if data else _seed()
        seal()
        roll_up()
        found_wrong = verify(with_hash=True)
        for problem in found_wrong.problems:
            click.echo(str(problem), err=True)
        facts |= {
            "ok": not found_wrong.problems,
            "ledger_hash": found_wrong.ledger_hash,
            "sales": Sale.objects.count(),
            "returns": Return.objects.count(),
            "commands": CommandLog.objects.count(),
            "seconds": round(time.monotonic() - started, 1),
        }
    click.echo(f"\n核对 verify: {'两本账全部平衡 everything holds' if facts['ok'] else 'NOT right, see above'}")
    click.echo(f"ledger_hash {facts['ledger_hash']}")
    if as_json:
        print_json(facts)
    if not facts["ok"]:
        sys.exit(1)
    if not no_serve:
        _serve(url, port)


def _seed() -> dict[str, Any]:
    found()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("一年的买卖 a year of trade", total=12)
        trade(lambda month, _: progress.update(task, completed=month))
    deal()
    give()
    stand_at_the_dock()
    look_after()
    click.echo("\n一笔退货，从头到尾 one return, all the way:")
    story = tell(click.echo)
    keep_to_law()
    return {"story": story}


def _import(data: Path) -> dict[str, Any]:
    report = Path(settings.HOME) / f"{data.name}.report.csv"
    with told() as progress:
        found = import_sales(data, report, progress)
    employ()
    click.echo(f"未能放入的行 lines that could not be placed: {report}")
    return {"import": found.plain()}


def _serve(url: str, port: int) -> None:
    click.echo(f"\n登录 log in at http://127.0.0.1:{port}/   密码 password: {PASSWORD}")
    for username, name, roles in PEOPLE:
        click.echo(f"  {username:6} {name}  ({', '.join(roles)})")
    serve(url, "127.0.0.1", port)
