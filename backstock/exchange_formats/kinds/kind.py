"""A kind of file, described once: from it come template, reader, help, column maps and export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from backstock.core.amounts import MAX_CENTS, decimal_text
from backstock.core.commands import Command, Input
from backstock.exchange_formats import cells

SOURCES: Final = {"backstock": "Backstock", "guanjiapo": "管家婆", "kingdee": "金蝶", "jsherp": "jshERP"}
# Whose goods were that nobody remembers the supplier of; made when it is needed, and therefore never exported.
UNKNOWN_SUPPLIER: Final = "OPENING"


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is read from a cell and written into one."""

    parse: cells.Parser
    show: Callable[[Any], str] = str
    # Money has the decimals of the company's currency; `least` is 0 where it cannot be owed the other way.
    is_money: bool = False
    least: int = 0

    def parser(self, digits: int) -> cells.Parser:
        """Return the parser for a company whose currency has so many decimals."""
        return cells.scaled(digits, MAX_CENTS, self.least) if self.is_money else self.parse

    def shown(self, value: Any, digits: int) -> str:
        """Write a value as the parser reads it."""
        if value is None or value == ():
            return ""
        return decimal_text(value, digits, trim=False) if self.is_money else self.show(value)


def _yes(value: bool) -> str:
    return "1" if value else "0"


def _pairs(show: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda values: "; ".join(f"{name}={show(each)}" if name else show(each) for name, each in values)


def e4_text(value: int) -> str:
    """Write a quantity."""
    return decimal_text(value, 4)


def e6_text(value: int) -> str:
    """Write a price or rate."""
    return decimal_text(value, 6)


CODE = Form(cells.line(60))
SHORT = Form(cells.line(20))
NAME = Form(cells.line(200))
NOTE = Form(cells.words(2000))
QUANTITY = Form(cells.quantity_e4, e4_text)
PRICE = Form(cells.price_e6, e6_text)
MONEY = Form(cells.cents, is_money=True)
SIGNED = Form(cells.cents_signed, is_money=True, least=-MAX_CENTS)
RATE = Form(cells.rate_e6, e6_text)
DAY = Form(cells.day, date.isoformat)
YES = Form(cells.yes, _yes)
CODES = Form(cells.several(cells.line(60)), "; ".join)
RATIOS = Form(cells.pairs(cells.line(20), cells.price_e6), _pairs(e6_text))
PIECES = Form(cells.pairs(cells.line(60), cells.quantity_e4), _pairs(e4_text))
LABELLED = Form(cells.optional_pairs(cells.line(20), cells.line(60)), _pairs(str))
PEOPLE = Form(cells.optional_pairs(cells.line(100), cells.line(100)), _pairs(str))


def whole(least: int, most: int) -> Form:
    """Describe a whole number."""
    return Form(cells.whole(least, most))


def choice(**known: tuple[str, ...]) -> Form:
    """Describe one of a few words; it is written as the command has it."""
    return Form(cells.choice(known))


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its names here and elsewhere, how it is read, and an example."""

    key: str
    zh: str
    en: str
    form: Form = NAME
    required: bool = False
    example: str = ""
    note_zh: str = ""
    note_en: str = ""
    # {source: headers}; what other programs call it.
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What a refusal calls it, where not by its key.
    facts: tuple[str, ...] = ()
    # Read from other programs' files only; our own template and export leave it out.
    foreign: bool = False

    def label(self, language: str) -> str:
        """Return the header in a language."""
        return self.zh if language.lower().startswith("zh") else self.en

    def note(self, language: str) -> str:
        """Return what is to be known about it in a language."""
        return self.note_zh if language.lower().startswith("zh") else self.note_en


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as the spreadsheet shows it, and the values of its columns by key."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def given(self, *keys: str, **renamed: str) -> dict[str, Any]:
        """Return what is stated of some columns, as arguments; `renamed` gives the argument its column."""
        wanted = {key: key for key in keys} | renamed
        return {name: self.values[key] for name, key in wanted.items() if self.values.get(key) is not None}


@dataclass(frozen=True, slots=True)
class Step:
    """One command of an entry; `make` builds its input from the number of the document that the first step made."""

    command: Command[Any]
    make: Callable[[str], Input]
    # Refusals that only say that the company's own rules have done this step already.
    tolerates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What takes effect as one: some rows, and the commands they become."""

    rows: Sequence[Row]
    steps: Sequence[Step]

    @property
    def numbers(self) -> list[int]:
        """The numbers of its rows."""
        return [row.number for row in self.rows]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file."""

    key: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    columns: Sequence[Column]
    # What its rows become; may raise no refusal: what a row cannot be, its command says.
    entries: Callable[[Sequence[Row], date], Iterable[Entry]]
    # All there is of this kind, as rows of values, in the order in which it can come in again.
    existing: Callable[[], Iterator[Mapping[str, Any]]]
    commands: tuple[str, ...]
    # Names, phones, addresses: the file is marked.
    is_personal: bool = False

    def label(self, language: str) -> str:
        """Return its name in a language."""
        return self.zh if language.lower().startswith("zh") else self.en

    def about(self, language: str) -> str:
        """Return what it is for in a language."""
        return self.about_zh if language.lower().startswith("zh") else self.about_en

    @property
    def own(self) -> list[Column]:
        """The columns of its template and export."""
        return [column for column in self.columns if not column.foreign]

    def column(self, key: str) -> Column | None:
        """Find a column by its key."""
        return next((column for column in self.columns if column.key == key), None)


def one_each(
    command: Command[Any], make: Callable[[Row, date], Input]
) -> Callable[[Sequence[Row], date], Iterator[Entry]]:
    """Let every row be one command."""

    def entries(rows: Sequence[Row], on: date) -> Iterator[Entry]:
        for row in rows:
            yield Entry([row], [Step(command, _later(make, row, on))])

    return entries


def _later(make: Callable[[Row, date], Input], row: Row, on: date) -> Callable[[str], Input]:
    return lambda _: make(row, on)


def grouped(rows: Sequence[Row], *keys: str) -> list[list[Row]]:
    """Put rows together that say the same in some columns, in the order of the file; a row that says nothing stays alone."""
    found: dict[object, list[Row]] = {}
    for row in rows:
        said = tuple(row[key] for key in keys)
        found.setdefault(said if any(said) else row.number, []).append(row)
    return list(found.values())
