"""Sends rows as CSV or as a spreadsheet, and lets no cell become a formula."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from backstock.core.amounts import decimal_text
from backstock.core.cells import harmless

SHEET_ROWS = 1_000_000


@dataclass(frozen=True)
class Number:
    """An integer with its decimals; leaves as a number, never as text."""

    scaled: int
    digits: int

    def __str__(self) -> str:
        return decimal_text(self.scaled, self.digits, trim=self.digits == 4)


type Export = str | date | datetime | Number | None


def respond(wanted: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Export]]) -> HttpResponseBase:
    """Answer `csv` or `xlsx` as a download named after the list and the day."""
    file = f"{name}-{timezone.localdate():%Y%m%d}.{wanted}"
    if wanted == "csv":
        answer = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        return answer
    if wanted == "xlsx":
        return FileResponse(spreadsheet(heads, rows), as_attachment=True, filename=file)
    return HttpResponseBadRequest("export=csv | xlsx")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Export]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + str(writer.writerow([harmless(head) for head in heads]))
    for row in rows:
        yield str(writer.writerow([csv_cell(value) for value in row]))


def csv_cell(value: Export) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value).isoformat(sep=" ", timespec="seconds")
    return harmless(value) if isinstance(value, str) else str(value)


def local(moment: datetime) -> datetime:
    """Drop the zone after moving to the company's: spreadsheets know none."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def spreadsheet(heads: Sequence[str], rows: Iterable[Sequence[Export]]) -> Any:
    """Write the workbook to a temporary file, row by row, and hand it over from its start."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it when it is sent
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    styles = Styles(book)
    sheet, at = None, SHEET_ROWS
    for row in rows:
        if at >= SHEET_ROWS:
            sheet, at = begin(book, styles, heads), 1
        for column, value in enumerate(row):
            styles.write(sheet, at, column, value)
        at += 1
    if sheet is None:
        begin(book, styles, heads)
    book.close()
    file.seek(0)
    return file


def begin(book: Any, styles: Styles, heads: Sequence[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(heads) - 1), 18)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, harmless(head), styles.head)
    return sheet


class Styles:
    """The few cell formats of one workbook, and how each kind of value is written."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.numbers = {
            digits: book.add_format({"num_format": "#,##0" + ("." + "0" * digits if digits else "")})
            for digits in range(4)
        }
        self.numbers[4] = book.add_format({"num_format": "General"})

    def write(self, sheet: Any, row: int, column: int, value: Export) -> None:
        if isinstance(value, Number):
            sheet.write_number(row, column, value.scaled / 10**value.digits, self.numbers[value.digits])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, local(value), self.moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)
        elif value is not None:
            sheet.write_string(row, column, harmless(value))
