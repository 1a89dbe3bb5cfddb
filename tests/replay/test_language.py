"""The scenario language: stories are replayed on companies of their own, and what is not in it is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backstock.cli.replay.files import InvalidScenario, read_cases
from backstock.cli.replay.runner import Report, database_state, replay

OWN = Path(__file__).parent
SHARED = Path(__file__).resolve().parents[3] / "shared" / "scenarios"


def reports(path: Path) -> list[Report]:
    return list(replay(list(read_cases([path])), os.environ["DATABASE_URL"]))


def story(tmp_path: Path, *steps: str) -> Path:
    file = tmp_path / "story.yaml"
    file.write_text("- id: one\n  products: [{sku: A, price: 20}]\n  steps:\n" + "".join(f"    - {s}\n" for s in steps))
    return file


def test_our_own_stories_hold(scratch: object) -> None:
    failed = [report for report in reports(OWN) if not report.ok]

    assert failed == []


@pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"THE SHARED SCENARIOS WERE NOT REPLAYED: {SHARED} IS ABSENT; ONLY OUR OWN WERE"
)
def test_the_shared_stories_about_quantity_hold(scratch: object) -> None:
    failed = [report for report in reports(SHARED / "quantity.yaml") if not report.ok]

    assert failed == []


def test_a_replay_never_writes_the_database_it_is_pointed_at(shop: str, tmp_path: Path) -> None:
    before = database_state()
    file = story(tmp_path, "purchase: {doc: P1, lines: [{sku: A, qty: 1, unit_cost: 1}]}")

    assert [report.ok for report in replay(list(read_cases([file])), shop)] == [True]
    assert database_state() == before


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["sel: {doc: S1}"], "unknown verb 'sel'"),
        (["sell: {doc: S1, colour: red}"], "unknown field 'colour' in sell"),
        (["request: {doc: R1, lines: [{sku: A, size: M}]}"], "unknown field 'size'"),
        (["expect: {stok: {sku: A}}"], "unknown field 'stok' in expect"),
        (["expect: {stock: {sku: A, size: M}}"], "unknown field 'size' in expect stock"),
        (["together: {steps: [{sel: {doc: S1}}]}"], "unknown verb 'sel'"),
        (["sell"], "a step is one verb"),
    ],
)
@pytest.mark.any_database
def test_what_is_not_in_the_language_is_named_with_file_and_line(tmp_path: Path, steps: list[str], words: str) -> None:
    file = story(tmp_path, *steps)

    with pytest.raises(InvalidScenario, match=words) as found:
        list(read_cases([file]))

    assert f"{file}:4:" in str(found.value)


@pytest.mark.any_database
def test_the_console_exits_with_2_for_a_file_that_is_no_scenario(tmp_path: Path) -> None:
    file = story(tmp_path, "sel: {doc: S1}")
    command = [sys.executable, "-m", "backstock.config.console", "replay", str(file)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert done.returncode == 2
    assert f"{file}:4:" in done.stderr


@pytest.mark.any_database
def test_a_failing_case_says_where_and_how(scratch: object, tmp_path: Path) -> None:
    file = story(
        tmp_path,
        "purchase: {doc: P1, lines: [{sku: A, qty: 3, unit_cost: 2}]}",
        "expect: {stock: {sku: A, qty: 4}}",
    )

    report = reports(file)[0]

    assert (report.ok, report.step, report.expected, report.got) == (False, 2, "stock qty 4", "3")


@pytest.mark.parametrize("step", ["invoice: {of: S1, lines: [{sku: A, qty: 1}]}"])
@pytest.mark.any_database
def test_a_verb_that_is_not_built_yet_makes_its_case_fail(scratch: object, tmp_path: Path, step: str) -> None:
    report = reports(story(tmp_path, step))[0]

    assert not report.ok
    assert "not_built_yet" in report.got


@pytest.mark.any_database
def test_a_step_that_should_be_refused_and_is_not_fails(scratch: object, tmp_path: Path) -> None:
    refused = "purchase: {doc: P1, lines: [{sku: A, qty: 3, unit_cost: 2}], refused: period_closed}"

    report = reports(story(tmp_path, refused))[0]

    assert (report.ok, report.expected, report.got) == (False, "refused period_closed", "done")


@pytest.mark.any_database
def test_the_console_prints_one_object_on_its_last_line(company_db: str, tmp_path: Path) -> None:
    file = story(tmp_path, "purchase: {doc: P1, lines: [{sku: A, qty: 1, unit_cost: 1}]}")
    command = [
        sys.executable,
        "-m",
        "backstock.config.console",
        "replay",
        str(file),
        "--json",
        "--database",
        company_db,
    ]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120)

    lines = done.stdout.splitlines()
    assert lines[0] == "one: ok"
    assert lines[1] == "1 passed, 0 failed"
    found = json.loads(lines[-1])
    assert (found["passed"], found["failed"], found["cases"][0]["id"]) == (1, 0, "one")
