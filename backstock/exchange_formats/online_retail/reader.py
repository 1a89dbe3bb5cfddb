"""Read the file line by line; nothing in a line can stop it, only a file that is not of this format at all."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from backstock.exchange_formats.errors import NotThisFormat
from backstock.exchange_formats.online_retail.lines import HEADER

FORMAT: Final = "online-retail"
LONGEST: Final = 10_000
# A quoted cell may hold line breaks, but not more of them.
MOST_LINES_IN_A_CELL: Final = 5


@dataclass(slots=True, frozen=True)
class Row:
    """One line of the file: its number as a text editor counts it, its cells in the order of HEADER, what is wrong."""

    number: int
    fields: list[str]
    raw: bytes
    problem: str = ""


def rows_of(file: Path) -> Iterator[Row]:
    """Read a .csv or .csv.gz; raise NotThisFormat."""
    try:
        with file.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            with gzip.GzipFile(fileobj=plain) if packed else plain as stream:
                yield from _rows(file, stream)
    except (OSError, EOFError, zlib.error) as error:
        raise NotThisFormat(file=file.name, format=FORMAT, problem=str(error)[:200]) from None


class _Lines:
    """The file's lines, with a way to hand some back."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile) -> None:
        self._stream, self._back = stream, deque[bytes]()

    def next(self) -> bytes:
        """Return the next line, at most LONGEST bytes of it; empty at the end."""
        return self._back.popleft() if self._back else self._stream.readline(LONGEST)

    def skip_rest(self) -> None:
        """Leave out the rest of a line that is too long."""
        while (rest := self.next()) and not rest.endswith(b"\n"):
            pass

    def close_quotes(self, raw: bytes) -> tuple[bytes, int]:
        """Return a line with those that its quoted cell goes on over, and how many; 0 when it is never closed."""
        more: list[bytes] = []
        while len(more) < MOST_LINES_IN_A_CELL and (line := self.next()):
            more.append(line)
            if line.count(b'"') % 2:
                return raw + b"".join(more), len(more)
        self._back.extendleft(reversed(more))
        return raw, 0


def _rows(file: Path, stream: BinaryIO | gzip.GzipFile) -> Iterator[Row]:
    lines = _Lines(stream)
    order = _order(file, lines.next())
    number = 1
    while raw := lines.next():
        number += 1
        first, problem = number, ""
        if not raw.endswith(b"\n") and len(raw) == LONGEST:
            problem = "too_long"
            lines.skip_rest()
        elif raw.count(b'"') % 2:
            raw, more = lines.close_quotes(raw)
            number, problem = number + more, "" if more else "quotes"
        raw = raw.rstrip(b"\r\n")
        if raw or problem:
            yield _row(first, raw, problem, order)


def _order(file: Path, raw: bytes) -> list[int] | None:
    """Return where each column of HEADER stands; None when they stand in its order."""
    try:
        names = [name.strip() for name in next(csv.reader([raw.decode("utf-8-sig").rstrip("\r\n")]), [])]
    except (UnicodeDecodeError, csv.Error):
        names = []
    missing = [name for name in HEADER if names.count(name) != 1]
    if missing:
        problem = f"the first line does not name {', '.join(missing)}"
        raise NotThisFormat(file=file.name, format=FORMAT, problem=problem)
    return None if tuple(names) == HEADER else [names.index(name) for name in HEADER] + [len(names)]


def _is_control(char: str) -> bool:
    return (char < " " and char not in "\r\n") or "\x7f" <= char <= "\x9f"


def _row(number: int, raw: bytes, problem: str, order: Sequence[int] | None) -> Row:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text, problem = raw.decode(errors="backslashreplace"), problem or "encoding"
    if not problem and not text.isprintable() and any(map(_is_control, text)):
        problem = "control_character"
    if '"' in text and not problem:
        try:
            fields = next(csv.reader([text], strict=True))
        except (csv.Error, StopIteration):
            fields, problem = text.split(","), "quotes"
    else:
        fields = text.split(",")
    if order is None:
        return Row(number, fields, raw, problem or ("" if len(fields) == len(HEADER) else "columns"))
    if len(fields) != order[-1]:
        return Row(number, fields, raw, problem or "columns")
    return Row(number, [fields[place] for place in order[:-1]], raw, problem)
