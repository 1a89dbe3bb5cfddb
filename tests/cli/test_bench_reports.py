"""The bulk trade of the bench is honest: everything that must hold holds for it, and every report opens on it."""

from __future__ import annotations

from backstock.cli.bench.reports import measure
from backstock.cli.verification import verify
from tests import build


def test_every_report_opens_on_a_trade_that_verifies(company_db):
    build.found(warehouses=("MAIN", "EAST", "WEST"), made_by="bench")
    found = measure(2_000)
    assert found["moves"] >= 2_000
    assert all(each["statements"] <= 20 for each in found["reports"].values())
    assert verify().problems == []
