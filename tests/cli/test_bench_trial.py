"""The bench of trials decides what the engine decides, and sums money to the cent."""

from collections import defaultdict

import duckdb
import pytest

from backstock.cli.bench import trial
from backstock.cli.policy_files import table_in
from backstock.core.errors import InvalidInput
from backstock.policies.table.compiling import compiled
from backstock.policies.table.model import Table
from backstock.policies.table.to_sql import counted

pytestmark = pytest.mark.any_database


def test_the_sums_are_those_of_the_engine_line_by_line(tmp_path):
    table, file = Table.load(trial.forty_rows()), tmp_path / "facts.parquet"
    trial._make(file, 3_000, table)
    decide, sums = compiled(table), defaultdict(lambda: [0, 0, 0])
    with duckdb.connect() as made:
        found = made.execute(counted(table, f"read_parquet('{file}')", ("category", "reason"))).fetchall()
        lines = made.execute(f"SELECT * FROM read_parquet('{file}')")
        names = [column[0] for column in lines.description]
        facts = [dict(zip(names, line, strict=True)) for line in lines.fetchall()]
    for each in facts:
        row = decide(each)
        fee = table.rows[row].then["restocking_fee_e6"] if row >= 0 else 0
        one = sums[each["category"], each["reason"], row]
        one[0] += 1
        one[1] += each["amount_cents"]
        one[2] += each["amount_cents"] * fee // 1_000_000
    assert {tuple(line[:3]): list(line[3:]) for line in found} == dict(sums)
    assert len({line[2] for line in found}) > 10


def test_it_says_how_it_grows():
    found = trial.measure(2_000, None, lambda done: None)
    assert (found["rows"], found["table_rows"], len(found["growth"])) == (2_000, 40, 1)
    assert found["rows_per_second_per_core"] > 0


@pytest.mark.parametrize("text", ["window_days: 7", "table: {rows: [{id: a}, {id: a}]}", "table: [", "x: 1"])
def test_a_file_that_holds_no_table_is_refused(tmp_path, text):
    file = tmp_path / "policy.yaml"
    file.write_text(text)
    with pytest.raises(InvalidInput):
        table_in(file)
