"""Cells as people and spreadsheets leave them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from backstock.exchange_formats import cells

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("cell", "value"),
    [("１，２３４．５０", 12_345_000), ("1,234.5", 12_345_000), ("¥ 3", 30_000), ("3元", 30_000), (0.1 + 0.2, 3_000), (7, 70_000), (" 8 ", 80_000)],
)  # fmt: skip
def test_numbers_are_read_however_they_are_written(cell, value) -> None:
    assert cells.quantity_e4(cells.text_of(cell)) == value


@pytest.mark.parametrize(
    "text", ["1,23", "1.2.3", "NaN", "Infinity", "1e999999", "1e30", "#REF!", "--1", "=1+1", "9" * 50, "-1", "0.00001"]
)
def test_what_is_no_possible_number_is_refused(text: str) -> None:
    with pytest.raises(cells.Wrong):
        cells.quantity_e4(text)


@pytest.mark.parametrize("cell", ["2026-01-31", "2026/1/31", "2026年1月31日", "20260131", "46053", 46053.0, datetime(2026, 1, 31), date(2026, 1, 31), "２０２６．１．３１"])  # fmt: skip
def test_days_are_read_however_they_are_written(cell) -> None:
    assert cells.day(cells.text_of(cell)) == date(2026, 1, 31)


@pytest.mark.parametrize("text", ["2026-02-30", "31.1.2026", "soon", "1899-01-01", "99999"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(cells.Wrong):
        cells.day(text)


def test_a_code_that_a_spreadsheet_took_for_a_number_is_a_code_again() -> None:
    assert cells.text_of(6901234567892.0) == "6901234567892"
    assert cells.line(60)(cells.text_of("\u200b ＡＢ－１  ")) == "AB-1"
    assert cells.line(60)("'=1+1") == "=1+1"
