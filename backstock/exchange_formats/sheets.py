"""Read a file as rows of cells: csv in any of its encodings, .xls, .xlsx, .ods. The first sheet that holds something counts."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from backstock.exchange_formats.cells import Cell
from backstock.exchange_formats.errors import UnreadableFile

LARGEST_BYTES: Final = 50 * 1024 * 1024
# A small file may hold a large one: what a compressed workbook unfolds to.
LARGEST_UNFOLDED: Final = 400 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 300
_UNCALCULATED = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>[^<]*</f>(?:<v></v>|<v ?/>)?</c>')


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file with their numbers as the spreadsheet shows them; empty rows are left out."""

    rows: Sequence[tuple[int, Sequence[Cell]]]


def read(name: str, content: bytes) -> Sheet:
    """Read a file; raise UnreadableFile."""
    if len(content) > LARGEST_BYTES:
        raise UnreadableFile(file=name, problem="too_large")
    if PurePath(name).suffix.lower() in (".csv", ".txt", ".tsv"):
        found = list(_csv(name, content))
    else:
        found = list(_workbook(name, content))
    if not found:
        raise UnreadableFile(file=name, problem="empty")
    if len(found) > MOST_ROWS or max(len(cells) for _, cells in found) > MOST_COLUMNS:
        raise UnreadableFile(file=name, problem="too_large")
    return Sheet(found)


def _csv(name: str, content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    text = _decoded(name, content)
    # A title may stand above; the separator is what the first lines hold most of.
    beginning = "\n".join(text.splitlines()[:12])
    separator = max(",\t;", key=beginning.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num - sum(cell.count("\n") for cell in row), row
    except csv.Error as error:
        raise UnreadableFile(file=name, problem=f"line {reader.line_num}: {error}") from None


def _decoded(name: str, content: bytes) -> str:
    """Decode what programs here write: UTF-8 with or without its mark, UTF-16 with it, else GB18030."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(file=name, problem="encoding")


def _workbook(name: str, content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    if content.startswith(b"PK"):
        _refuse_bombs_and_uncalculated(name, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for at in range(len(book.sheet_names)):
            rows = book.get_sheet_by_index(at).to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
            filled = [(n, row) for n, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
            if filled:
                yield from ((n, [_plain(cell) for cell in row]) for n, row in filled)
                return
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(file=name, problem=str(error)[:200] or "unknown") from None


def _plain(cell: object) -> Cell:
    """Keep the kinds of cells that are read; times and durations are told as text."""
    if cell == "" or cell is None:
        return None
    return cell if isinstance(cell, str | int | float | bool | date) else str(cell)


def _refuse_bombs_and_uncalculated(name: str, content: bytes) -> None:
    """Refuse a workbook that unfolds beyond measure, and formulas whose result nobody has ever calculated."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST_UNFOLDED:
                raise UnreadableFile(file=name, problem="too_large")
            for each in archive.namelist():
                if not each.startswith("xl/worksheets/sheet"):
                    continue
                found = [at.decode() for at in _UNCALCULATED.findall(archive.read(each))]
                if found:
                    raise UnreadableFile(file=name, problem="formula:" + ", ".join(found[:10]))
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise UnreadableFile(file=name, problem=str(error)[:200]) from None
