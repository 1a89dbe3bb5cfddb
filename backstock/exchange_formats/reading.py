"""From the rows of a file to the values of a kind: find the header, tell whose columns they are, read every cell. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from backstock.exchange_formats.cells import Cell, Wrong, text_of
from backstock.exchange_formats.errors import HeaderMissing
from backstock.exchange_formats.kinds.kind import SOURCES, Column, Kind, Row
from backstock.exchange_formats.sheets import Sheet

# A title, a date and an instruction may stand above the header.
HEADER_WITHIN: Final = 12
# Rows that sum up what stands above them.
TOTALS: Final = frozenset({"合计", "总计", "小计", "合计:", "total", "totals", "sum"})
NOTE_MARKS: Final = ("示例:", "example:", "说明:", "note:")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, or with a row where no column can be named."""

    row: int
    column: str
    value: str
    code: str
    en: str
    zh: str

    def plain(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    def sentence(self, language: str) -> str:
        """Say it in a language."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Found:
    """The header of a file: where it stands, its words, whose words they are, and {column: place in the row}."""

    row: int
    heads: Sequence[str]
    source: str
    places: Mapping[str, int]


def plain_head(cell: Cell) -> str:
    """Return what a header says, without marks, blanks and differences of width or case."""
    try:
        said = text_of(cell)
    except Wrong:
        return ""
    said = unicodedata.normalize("NFKC", said).lower()
    return re.sub(r"[\s*★:]|\((必填|required)\)", "", said)


def find_header(sheet: Sheet, kind: Kind, source: str = "") -> Found:
    """Find the row that names most columns, in our own words or another program's; raise HeaderMissing."""
    best: Found | None = None
    for number, cells in list(sheet.rows)[:HEADER_WITHIN]:
        heads = [plain_head(cell) for cell in cells]
        for each in [source] if source else list(SOURCES):
            places = _places(kind, heads, each)
            if best is None or _worth(kind, places) > _worth(kind, best.places):
                best = Found(number, [_shown(cell) for cell in cells], each, places)
    if best is None or not best.places:
        raise HeaderMissing(file="", kind=kind.en)
    return best


def header_at(sheet: Sheet, row: int) -> list[str]:
    """Return the words of a header row."""
    return [_shown(cell) for number, cells in sheet.rows if number == row for cell in cells]


def _shown(cell: Cell) -> str:
    try:
        return text_of(cell)[:60]
    except Wrong:
        return ""


def _worth(kind: Kind, places: Mapping[str, int]) -> tuple[int, int]:
    required = sum(column.required and column.key in places for column in kind.columns)
    return len(set(places.values())), required


def _places(kind: Kind, heads: Sequence[str], source: str) -> dict[str, int]:
    found = {}
    for column in kind.columns:
        own = () if column.foreign else (column.zh, column.en, column.key)
        # Our own words are understood in every file, after the program's.
        for name in (*column.aliases.get(source, ()), *own):
            if plain_head(name) in heads:
                found[column.key] = heads.index(plain_head(name))
                break
    return found


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file below its header, as a map of columns reads them."""

    kind: Kind
    header: int
    heads: Sequence[str]
    places: Mapping[str, int]
    digits: int

    def head(self, key: str) -> str:
        """Return what the file calls a column."""
        place = self.places.get(key)
        column = self.kind.column(key)
        if place is not None and place < len(self.heads) and self.heads[place]:
            return self.heads[place]
        return column.zh if column else ""

    def read(self, sheet: Sheet) -> Iterator[tuple[Row, list[Problem], dict[str, str]]]:
        """Read every row: its values, what is wrong with it, and its texts by column."""
        for number, cells in sheet.rows:
            if number <= self.header:
                continue
            texts, problems, values = dict[str, str](), list[Problem](), dict[str, Any]()
            for column in self.kind.columns:
                self._cell(column, number, cells, texts, problems, values)
            first = next((_shown(cell) for cell in cells if cell not in (None, "")), "").lower()
            if (texts or problems) and first not in TOTALS and not first.startswith(NOTE_MARKS):
                yield Row(number, values), problems, texts

    def _cell(
        self, column: Column, number: int, cells: Sequence[Cell], texts: dict[str, str], problems: list[Problem],
        values: dict[str, Any],
    ) -> None:  # fmt: skip
        place = self.places.get(column.key)
        cell = cells[place] if place is not None and place < len(cells) else None
        try:
            text = text_of(cell)
            if text:
                texts[column.key] = text
                values[column.key] = column.form.parser(self.digits)(text)
            elif column.required:
                raise Wrong("required", f"“{column.en}” must not be empty.", f"“{column.zh}”不能为空。")
        except Wrong as wrong:
            # No database keeps every character; what cannot be kept is shown as a box.
            shown = "".join(
                char if char.isprintable() else "\u25a1" for char in str("" if cell is None else cell)[:100]
            )
            problems.append(Problem(number, self.head(column.key), shown, wrong.code, wrong.en, wrong.zh))
