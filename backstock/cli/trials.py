"""`backstock trial`: a policy in a file tried on the company's own past."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from backstock.cli.databases import migrated, require_company
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.cli.policy_files import policy_in
from backstock.core import clock
from backstock.core.amounts import decimal_text
from backstock.core.cells import harmless
from backstock.core.models import Company
from backstock.policies.queries import law_on, policy_on
from backstock.simulation.past import Scope, lines_in
from backstock.simulation.trial import Changed, Pair, Sums, Trial, run_trial

HEADS = (
    "return",
    "day",
    "customer",
    "sku",
    "category",
    "reason",
    "worth",
    "now",
    "refund_now",
    "draft",
    "refund_draft",
)
DAY = click.DateTime(["%Y-%m-%d"])


@cli.command("trial")
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="YAML or JSON."
)
@click.option("--since", type=DAY, help="Returns asked for from this day on; default: a year ago.")
@click.option("--until", type=DAY, help="… up to this day; default: today.")
@click.option("--category", default="", help="Only goods of this category.")
@click.option("--reason", default="", help="Only returns for this reason.")
@click.option("--channel", default="", help="Only returns of this channel.")
@click.option("--customer", default="", help="Only returns of this customer (code).")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for every changed case.")
@json_option
def trial_command(
    policy: Path, since: datetime | None, until: datetime | None, category: str, reason: str, channel: str, customer: str,
    out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what a policy would have made of the returns since a day, beside the policy in force; writes nothing."""
    migrated()
    with refusals_as_text(as_json):
        require_company()
        draft, own = policy_in(policy), Company.objects.get()
        today = clock.today(own.timezone)
        scope = Scope(
            since=since.date() if since else today - timedelta(days=365), through=until.date() if until else today,
            category=category, reason=reason, channel=channel, customer=customer,
        )  # fmt: skip
        trial = _run(draft, scope, today, own.law)
    if out:
        _write(out, trial.changed, own.currency_digits)
    if as_json:
        print_json(facts(trial))
    else:
        _show(trial, own.currency_digits)


def _run(draft: dict[str, Any], scope: Scope, today: date, law: str) -> Trial:
    with click.progressbar(length=lines_in(scope).count(), label="lines", file=sys.stderr) as bar:
        return run_trial(
            policy_on(today).terms, draft, law_on(today, law), scope, seen=lambda done: bar.update(done - bar.pos)
        )


def facts(trial: Trial) -> dict[str, Any]:
    """Return a trial as plain data; cents of the company's currency."""
    return {
        "since": trial.scope.since.isoformat(), "until": trial.scope.through.isoformat(), **_pair(trial.all),
        "by_category": {name: _pair(pair) for name, pair in sorted(trial.by_category.items())},
        "by_reason": {name: _pair(pair) for name, pair in sorted(trial.by_reason.items())},
        "by_customer": {name: _pair(pair) for name, pair in sorted(trial.by_customer.items()) if pair.changed},
        "unknown_facts": dict(sorted(trial.unknown.items())),
        "cases": [
            {
                "return": each.line.number, "sku": each.line.sku, "worth_cents": each.line.worth_cents, "now": each.now.outcome,
                "draft": each.draft.outcome, "refund_now_cents": each.now.refund_cents(each.line.worth_cents),
                "refund_draft_cents": each.draft.refund_cents(each.line.worth_cents),
            }
            for each in trial.changed
        ],
    }  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    return {"lines": pair.lines, "changed": pair.changed, "now": _sums(pair.now), "draft": _sums(pair.draft)}


def _sums(sums: Sums) -> dict[str, int]:
    return {
        "approved": sums.approved, "reviewed": sums.reviewed, "refused": sums.refused, "refund_cents": sums.refund_cents,
        "fee_cents": sums.fee_cents, "freight_lines": sums.freight_lines, "recovered_cents": sums.recovered_cents,
    }  # fmt: skip


def _show(trial: Trial, digits: int) -> None:
    click.echo(f"{trial.scope.since} – {trial.scope.through}: {trial.all.lines} lines, {trial.all.changed} changed")
    click.echo(f"{'':24}{'now':>16}{'draft':>16}")
    now, draft = _sums(trial.all.now), _sums(trial.all.draft)
    for name, value in now.items():
        texts = [
            decimal_text(each, digits, trim=False) if name.endswith("_cents") else str(each)
            for each in (value, draft[name])
        ]
        click.echo(f"{name.removesuffix('_cents'):24}{texts[0]:>16}{texts[1]:>16}")
    for name, count in sorted(trial.unknown.items()):
        click.echo(f"not noted at the time: {name} ({count})")


def _write(file: Path, changed: list[Changed], digits: int) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADS)
        for each in changed:
            line = each.line
            money = [
                decimal_text(cents, digits, trim=False)
                for cents in (
                    line.worth_cents,
                    each.now.refund_cents(line.worth_cents),
                    each.draft.refund_cents(line.worth_cents),
                )
            ]
            texts = [harmless(text) for text in (line.number, line.customer, line.sku, line.category, line.reason)]
            writer.writerow([
                texts[0], line.on, *texts[1:], money[0], each.now.outcome, money[1], each.draft.outcome, money[2]
            ])  # fmt: skip
