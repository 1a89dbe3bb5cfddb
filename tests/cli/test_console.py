"""The console, run as a person runs it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from backstock.core.amounts import E4
from backstock.core.models import Company
from backstock.notifications.models import Letter, Rating
from backstock.returns.models import Quota, Recall, Repair, Replacement, ReturnApproval, Unclaimed
from backstock.returns.queries import loaded_return
from tests import build


def run(*arguments: str, url: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run `backstock …` on a database with a home of its own."""
    environment = {**os.environ, "DATABASE_URL": url, "BACKSTOCK_HOME": str(home)}
    command = [sys.executable, "-m", "backstock.config.console", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def last_object(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Read the object on the last line."""
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.both_databases
def test_the_demo_makes_a_year_with_the_same_ledgers_everywhere_and_a_second_run_adds_nothing(
    company_db: str, tmp_path: Path
) -> None:
    first = run("demo", "--no-serve", "--json", url=company_db, home=tmp_path)
    again = run("demo", "--no-serve", "--json", url=company_db, home=tmp_path)

    assert first.returncode == again.returncode == 0, first.stderr
    facts, same = last_object(first), last_object(again)
    assert str(tmp_path) in first.stdout.splitlines()[0]
    assert facts["ok"] is True
    assert facts["sales"] > 400
    assert {**facts, "seconds": 0} == {**same, "seconds": 0}
    story = loaded_return(facts["story"])
    assert (story.row.status, story.pieces[0].disposed_e4) == ("closed", E4)
    shown = (Letter, Rating, Recall, Quota, ReturnApproval, Unclaimed, Replacement, Repair)
    assert [each.__name__ for each in shown if not each._default_manager.exists()] == []

    there = last_object(run("demo", "--no-serve", "--json", url=f"sqlite:///{tmp_path}/other.sqlite3", home=tmp_path))
    assert facts["ledger_hash"] == there["ledger_hash"]


@pytest.mark.parametrize(
    "command",
    [("demo", "--no-serve"), ("bench", "lifecycle", "--n", "1"), ("bench", "lifecycle", "--n", "1", "--keep")],
)
def test_a_company_that_somebody_else_made_is_left_alone(shop: str, tmp_path: Path, command: tuple[str, ...]) -> None:
    before = Company.objects.values().get()

    done = run(*command, "--json", url=shop, home=tmp_path)

    assert done.returncode == 1
    assert last_object(done)["refused"] == "no_company"
    assert Company.objects.values().get() == before


@pytest.mark.any_database
def test_the_bench_prints_what_is_measured_and_leaves_a_sound_database(company_db: str, tmp_path: Path) -> None:
    done = run("bench", "lifecycle", "--n", "3", "--keep", "--json", url=company_db, home=tmp_path)

    found = last_object(done)
    assert {
        "median_ms",
        "p95_ms",
        "cpu_ms_per_return",
        "statements_per_return",
        "rows_per_return",
        "floor",
        "ratio",
    } <= set(found)
    assert found["statements_per_return"] <= 60
    assert run("verify", "--json", url=company_db, home=tmp_path).returncode == 0


@pytest.mark.any_database
def test_verify_is_clean_on_a_sound_company(shop: str, tmp_path: Path) -> None:
    build.settled(build.disposed(build.inspected(build.received(build.approved(build.requested(build.sold()))))))

    done = run("verify", "--json", url=shop, home=tmp_path)

    assert done.returncode == 0, done.stdout
    assert last_object(done)["ok"] is True
    assert len(last_object(done)["ledger_hash"]) == 64


@pytest.mark.breaks_ledgers
def test_verify_names_the_row_that_offends(shop: str, tmp_path: Path) -> None:
    build.sold()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stock_stockbalance SET quantity_e4 = quantity_e4 + 1 WHERE place_id = 1")

    done = run("verify", "--json", url=shop, home=tmp_path)

    assert done.returncode == 1
    assert "place 1" in last_object(done)["problems"][0]["rows"]
