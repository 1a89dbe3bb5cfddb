"""Months and years of the goods ledger are its rows, before and after every roll-up and made afresh."""

from __future__ import annotations

from datetime import date

import pytest

from backstock.cli.verification import verify
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.stock.models import StockMonth, StockRollUp, StockYear
from backstock.stock.places import CUSTOMER
from backstock.stock.rollup import rebuild, roll_up
from tests import build


def kept(model):
    return sorted(
        model.objects.values_list(
            "starts_on", "product_id", "source_id", "target_id", "paper", "quantity_e4", "source_value_cents",
            "target_value_cents",
        )
    )  # fmt: skip


def test_each_month_and_year_holds_its_own_moves_once(shop):
    build.sold(on=date(2026, 2, 28))
    build.sold(on=date(2025, 12, 31))
    roll_up()
    before = kept(StockMonth)
    assert roll_up() == StockRollUp.objects.get().through_log_id
    assert kept(StockMonth) == before
    assert [row[0] for row in before] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert [row[0] for row in kept(StockYear)] == [date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 1)]
    assert verify().problems == []


def test_what_was_taken_back_counts_below_zero_where_it_stood(shop):
    rma = build.on_the_dock()
    undo_step(UndoStep(document=rma, what="receive", on=date(2026, 2, 3)), actor=SYSTEM)
    roll_up()
    [came, gone] = [row for row in kept(StockMonth) if row[2] == CUSTOMER]
    assert (came[0], came[5:]) == (date(2026, 1, 1), (10_000, 0, 6_000))
    assert (gone[0], gone[5:]) == (date(2026, 2, 1), (-10_000, 0, -6_000))


def test_made_afresh_they_are_the_same(shop):
    for month in (1, 2, 3):
        build.sold(on=date(2026, month, 9), quantity=1)
        roll_up()
    build.bought(on=date(2026, 1, 2))
    roll_up()
    before = kept(StockMonth), kept(StockYear), StockRollUp.objects.get().through_log_id
    rebuild()
    assert (kept(StockMonth), kept(StockYear), StockRollUp.objects.get().through_log_id) == before


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize("model", [StockMonth, StockYear])
@pytest.mark.parametrize("damage", ["quantity_e4", "source_value_cents", "target_value_cents"])
def test_a_changed_month_shows(shop, model, damage):
    build.sold()
    roll_up()
    model.objects.filter(target_id=CUSTOMER).update(**{damage: 7})
    assert "equals its moves" in " ".join(map(str, verify().problems))
