"""A draft tried on returns whose figures are added up by hand; nothing is written by it."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from backstock.cli.replay.runner import database_state
from backstock.cli.trials import trial_command
from backstock.policies.queries import law_on, policy_on
from backstock.simulation.past import Scope
from backstock.simulation.trial import Assumption, Sums, run_trial
from tests import build, build_policies
from tests.build import DAY
from tests.desk.test_returns_pages import browser, nothing_written, statements

WHOLE = Scope(since=DAY, through=date(2026, 2, 1))
# Opened telephones lose 10 %, we pay the way back of the others, and what is not a telephone is turned down.
DRAFT = {
    "approval": "auto",
    "table": {
        "rows": [
            {"id": "opened", "when": {"category": {"is": ["phones"]}, "opened": {"yes": True}}, "then": {"restocking_fee_e6": 100_000}},
            {"id": "phones", "when": {"category": {"is": ["phones"]}}, "then": {"freight": "company"}},
            {"id": "rest", "then": {"decision": "reject"}},
        ]
    },
}  # fmt: skip


@pytest.fixture
def past(company_db):
    """Telephones at 200 (one opened; one that went back on the shelf at its cost of 8), a cable at 10 of another customer."""
    from tests.cast import HE, cast

    build.company(quantity=100)
    cast()
    build.product("TEL", 200, category="phones", name="Telephone")
    build.product("CABLE", 10, category="cables", name="Cable")
    for sku in ("TEL", "CABLE"):
        build.bought(sku, 50, cost=8)
    build_policies.alone(
        table=build_policies.TABLE, approval="auto", inspection="none", reasons={"unwanted": {}, "defect": {}}
    )
    build.requested(build.sold("TEL", 1), 1, "TEL", reason="unwanted", opened=True)
    back = build.requested(build.sold("TEL", 2), 2, "TEL", reason="defect", opened=False)
    build.disposed(build.received(back, 2, "TEL"), 1, "TEL")
    build.requested(build.sold("CABLE", 1, customer=HE), 1, "CABLE", reason="unwanted")


def tried(scope=WHOLE, **more):
    return run_trial(policy_on(DAY).terms, DRAFT, law_on(DAY, ""), scope, **more)


def test_both_policies_decide_the_same_lines_and_each_figure_is_the_sum_by_hand(past):
    state = database_state()
    trial = tried()
    assert database_state() == state
    assert trial.all.now == Sums({"approve": 3}, 60_000, 1_000, 0, 800)
    # 180 of the opened one, 400 of the others; of the cable nothing, and of its way back neither.
    assert trial.all.draft == Sums({"approve": 2, "reject": 1}, 58_000, 2_000, 1, 800)
    assert {name: (pair.lines, pair.changed) for name, pair in trial.by_category.items()} == {
        "phones": (2, 2),
        "cables": (1, 1),
    }
    assert [(each.line.sku, each.is_stricter) for each in trial.changed] == [
        ("CABLE", True),
        ("TEL", False),
        ("TEL", True),
    ]
    assert trial.unknown == {"opened": 1}


def test_who_assumes_something_sees_it_apart_and_only_of_what_gets_stricter(past):
    trial = tried()
    # Half of the opened telephone and of the cable: 90 less back, 10 less fee.
    assert trial.assumed(Assumption(stays_away_e6=500_000)) == Sums({"approve": 2, "reject": 1}, 49_000, 1_000, 1, 800)
    assert trial.assumed(Assumption()) == trial.all.draft


def test_a_scope_narrows_and_a_limit_is_told(past):
    assert tried(Scope(since=DAY, through=DAY, category="cables")).all.lines == 1
    assert tried(Scope(since=date(2026, 3, 1), through=date(2026, 3, 2))).all.lines == 0
    cut = tried(most=2)
    assert (cut.all.lines, cut.is_cut) == (2, True)


def test_the_console_says_it_as_one_object_and_writes_every_case(past, tmp_path):
    (tmp_path / "draft.json").write_text(json.dumps(DRAFT))
    state = database_state()
    period = ["--since", "2026-01-01", "--until", "2026-02-01", "--json"]
    files = ["--policy", f"{tmp_path}/draft.json", "--out", f"{tmp_path}/cases.csv"]
    done = CliRunner().invoke(trial_command, [*files, *period])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["lines"], said["changed"], said["draft"]["refund_cents"], said["now"]["reviewed"]) == (3, 3, 58_000, 0)
    assert said["by_reason"]["unwanted"]["draft"]["refused"] == 1
    assert len(said["cases"]) == len((tmp_path / "cases.csv").read_text("utf-8-sig").splitlines()) - 1 == 3
    assert database_state() == state
    (tmp_path / "draft.json").write_text('{"window_days": -1}')
    refused = CliRunner().invoke(trial_command, ["--policy", f"{tmp_path}/draft.json", "--json"])
    assert json.loads(refused.stdout.splitlines()[-1])["refused"] == "invalid_input"


def test_the_page_shows_both_sides_takes_an_assumption_and_exports_the_cases(past):
    number = build_policies.draft(**DRAFT)
    wang, address = browser("wang"), f"/policies/trial/?b={number}&since=2026-01-01"
    with nothing_written():
        page = wang.get(f"{address}&away=50&freight=12").text
    for each in ("¥600.00", "¥580.00", "¥490.00", "−¥20.00", "+¥10.00", "¥12.00", "Assumed", "R000001", "CABLE"):
        assert each in page, each
    rows = b"".join(wang.get(f"{address}&category=phones&export=csv")).decode("utf-8-sig").splitlines()
    assert [row.split(",")[3] for row in rows[1:]] == ["TEL", "TEL"]
    wrong = wang.get(f"{address}&away=101")
    assert "Between 0 and 100." in wrong.text
    assert wang.get("/policies/trial/?b=PD000999").status_code == 404
    assert statements(wang, address) <= 26
