"""`backstock serve` and `backstock work`: the web server and the jobs behind the commands, under one command."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import click
from django.db import close_old_connections
from granian import Granian
from granian.constants import Interfaces

from backstock.books.commands.accrue import reverse_due
from backstock.books.rollup import rebuild as rebuild_profit
from backstock.books.rollup import roll_up as roll_profit_up
from backstock.cli.databases import default_url, migrated, require_company
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.core import clock
from backstock.core.models import Company
from backstock.core.sealing import seal
from backstock.evidence.sweeping import sweep
from backstock.exchange_formats import runs as imports
from backstock.money.rollup import roll_up as roll_money_up
from backstock.notifications.outbox import deliver_due
from backstock.notifications.telling import tell_new
from backstock.refunds.commands.expire_credit import expire_due
from backstock.refunds.gateways.routes import Misconfigured, configured
from backstock.refunds.outbox import pay_due
from backstock.returns.commands.charge_replacement import charge_due
from backstock.returns.commands.lapse import lapse_due
from backstock.returns.commands.warn_clock import warn_due
from backstock.returns.recall import recalling
from backstock.stock.rollup import rebuild as rebuild_goods
from backstock.stock.rollup import roll_up as roll_goods_up

# A sealed block is at most a minute old (DESIGN §4).
WORK_SECONDS = 30
IMPORT_SECONDS = 1
TELL_SECONDS = 5
SWEEP_SECONDS = 24 * 3600
PAY_SECONDS = 2

logger = logging.getLogger(__name__)


def serve(url: str, host: str, port: int, workers: int = 1) -> None:
    """Serve the database at `url` until stopped; a second process does the jobs."""
    os.environ["DATABASE_URL"] = url
    worker = subprocess.Popen([sys.executable, "-m", "backstock.config.console", "work"])
    try:
        Granian(
            "backstock.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_enabled=True,
        ).serve()
    finally:
        worker.terminate()
        worker.wait(timeout=30)


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve_command(host: str, port: int, workers: int) -> None:
    """Serve this installation's database, with its jobs, until stopped."""
    migrated()
    with refusals_as_text(False):
        require_company()
    try:
        configured()
    except Misconfigured as error:
        raise click.ClickException(str(error)) from None
    serve(default_url(), host, port, workers)


def due_jobs() -> None:
    """Do what is due: let authorisations and store credit lapse, bill goods whose old ones are late, tell of the law's clocks, seal the log, roll both ledgers and what was earned up."""
    company = Company.objects.first()
    if company is not None:
        lapse_due(clock.today(company.timezone))
        charge_due(clock.today(company.timezone))
        warn_due(clock.today(company.timezone))
        expire_due(clock.today(company.timezone))
        reverse_due(clock.today(company.timezone))
        seal()
        roll_money_up()
        roll_goods_up()
        roll_profit_up()


def sweep_uploads() -> None:
    """Remove uploads that were never attached; a store that does not answer is asked again tomorrow."""
    try:
        sweep()
    except Exception:
        logger.exception("sweep failed")
        close_old_connections()


def telling(stop: threading.Event) -> None:
    """Tell colleagues and write to customers, beside the other jobs: a slow mail server keeps nobody else waiting."""
    while not stop.wait(TELL_SECONDS):
        try:
            tell_new()
            deliver_due()
        except Exception:
            # The log and the outbox hold everything; the next round goes on where this one stopped.
            logger.exception("telling failed")
            close_old_connections()


def paying(stop: threading.Event) -> None:
    """Send refunds to their gateways, beside the other jobs: a gateway may take its time."""
    while not stop.wait(PAY_SECONDS):
        try:
            pay_due()
        except Exception:
            # What was on its way when it broke is asked for by its key, never sent anew.
            logger.exception("paying failed")
            close_old_connections()


@cli.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def work_command(once: bool) -> None:
    """Do the jobs that are due every half minute, until stopped: lapse, seal, roll up; tell, pay and import at once."""
    if once:
        due_jobs()
        tell_new()
        deliver_due()
        click.echo(f"{pay_due()} calls to gateways")
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    imports.recover()
    beside = [threading.Thread(target=job, args=(stop,), name=job.__name__) for job in (telling, paying)]
    for thread in beside:
        thread.start()
    due = swept = 0.0
    while not stop.is_set():
        if time.monotonic() >= swept and Company.objects.exists():
            sweep_uploads()
            swept = time.monotonic() + SWEEP_SECONDS
        if time.monotonic() >= due:
            due_jobs()
            # Not only at the start: who was killed a moment ago still looks alive then.
            recalling.recover()
            due = time.monotonic() + WORK_SECONDS
        # Somebody waits before a page for an import, or for buyers to be asked: looked for every second.
        if not (imports.work_off() or recalling.work_off()):
            stop.wait(IMPORT_SECONDS)
    for thread in beside:
        thread.join(timeout=20)


@cli.command("sweep")
@click.option(
    "--hours", type=click.IntRange(25), default=25, show_default=True, help="Only what lies here for so long."
)
@click.option("--dry-run", is_flag=True, help="Only say how much it would be.")
@json_option
def sweep_command(hours: int, dry_run: bool, as_json: bool) -> None:
    """Remove photos and videos that were uploaded and never attached to a document; attached ones are never touched."""
    with refusals_as_text(as_json):
        require_company()
    found = sweep(timedelta(hours=hours), only_look=dry_run)
    if as_json:
        print_json({"files": found.files, "bytes": found.size_bytes, "removed": not dry_run})
    else:
        said = "would be removed" if dry_run else "removed"
        click.echo(f"{found.files} files, {found.size_bytes:,} bytes {said}")


@cli.command("seal")
@click.option("--afresh", is_flag=True, help="Make the months of goods and profit anew from their rows.")
def seal_command(afresh: bool) -> None:
    """Seal the log and roll both ledgers up now."""
    with refusals_as_text(False):
        require_company()
    sealed, money = seal(), roll_money_up()
    goods, profit = (rebuild_goods(), rebuild_profit()) if afresh else (roll_goods_up(), roll_profit_up())
    click.echo(f"sealed {sealed} rows, rolled up through {min(money, goods, profit)}")
