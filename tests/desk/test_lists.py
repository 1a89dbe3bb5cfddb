"""A list leaves as CSV and as a spreadsheet, whole, typed and harmless."""

from __future__ import annotations

import csv
import io
from contextlib import closing

import openpyxl
import pytest

from backstock.desk.exports import Number, csv_lines, harmless, spreadsheet
from backstock.desk.figures import money_text, quantity_text


def sheet(heads, rows):
    with spreadsheet(heads, rows) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).active


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert [cell.data_type for row in sheet([text], [[text]]).iter_rows() for cell in row] == ["s", "s"]
    [[head], [cell]] = csv.reader(io.StringIO("".join(csv_lines([text], [[text]])).removeprefix("\ufeff"), newline=""))
    assert head == cell == f"'{text}"


def test_numbers_stay_numbers() -> None:
    row = [Number(-12345, 2), Number(125000, 4), Number(7, 0), None]
    assert [cell.value for cell in sheet(list("abcd"), [row])[2]] == [-123.45, 12.5, 7, None]
    assert "".join(csv_lines(["a"], [row])).splitlines()[1] == "-123.45,12.5,7,"


@pytest.mark.parametrize(
    ("cents", "currency", "digits", "text"),
    [
        (123450, "CNY", 2, "¥1,234.50"),
        (-5, "USD", 2, "-$0.05"),
        (120000, "JPY", 0, "JP¥120,000"),
        (0, "XYZ", 3, "XYZ 0.000"),
    ],
)
def test_money_is_written_from_integers(cents: int, currency: str, digits: int, text: str) -> None:
    assert money_text(cents, currency, digits) == text


def test_quantity_is_trimmed() -> None:
    assert [quantity_text(125000), quantity_text(12340000, "kg"), quantity_text(-1)] == ["12.5", "1,234 kg", "-0.0001"]


def test_export_holds_all_matching_rows(client, company_db) -> None:
    from backstock.core.models import User

    client.force_login(User.objects.create(username="chen"))
    answer = client.get("/kit/?export=csv&q=harbour&page=2", headers={"Accept-Language": "en"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffNumber,Customer,State")
    assert len(lines) == 1 + 13
    with closing(client.get("/kit/?export=xlsx")) as answer:
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active.max_row == 1 + 64
