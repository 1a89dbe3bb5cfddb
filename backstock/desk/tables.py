"""A list page: search, filter, sort, page, pick and export, the same for every list and with or without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from backstock.desk import exports
from backstock.desk.figures import day_text, grouped, moment_text, money_text, quantity_text
from backstock.desk.parts import Action, Empty, Text, Tone

type Rows = QuerySet[Any] | Sequence[Any]
type Value = str | int | date | datetime | None
type Kind = Literal["text", "label", "number", "money", "quantity", "day", "moment", "badge"]

COUNT_LIMIT = 10_000
CHUNK = 500
NUMERIC: tuple[Kind, ...] = ("number", "money", "quantity")


@dataclass(frozen=True, kw_only=True)
class Column[Row]:
    """One column: where its value comes from and how it is shown, sorted and exported."""

    key: str
    label: Text
    value: Callable[[Row], Value]
    kind: Kind = "text"
    # A queryset's field path; for a plain sequence any non-empty word, the value itself is compared.
    sort: str = ""
    # Writes on the rows of a queryset what they are sorted by, where they have no such field.
    written: Callable[[Any], QuerySet[Any]] | None = None
    link: Callable[[Row], str] | None = None
    tone: Callable[[Row], Tone] | None = None
    unit: Callable[[Row], str] | None = None
    currency: Callable[[Row], tuple[str, int]] | None = None

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One select above the list; `apply` narrows the rows to the chosen value."""

    key: str
    label: Text
    choices: Sequence[tuple[str, Text]]
    apply: Callable[[Any, str], Rows]
    empty_label: Text = ""


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What may be done with the picked rows: posts `action` and the picked `row` values to `url`."""

    url: str
    actions: Sequence[tuple[str, Text, str]]  # value, label, icon


@dataclass(frozen=True)
class Cell:
    """One shown value."""

    label: Text
    kind: Kind
    text: str
    link: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Line:
    """One shown row."""

    id: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Heading:
    """One column's head: its label, and the address that sorts by it."""

    label: Text
    kind: Kind
    href: str
    order: Literal["ascending", "descending", "none", ""]

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC


@dataclass(frozen=True, kw_only=True)
class Table[Row]:
    """A list, described once; `respond` answers the page, its part for htmx, or its export."""

    name: str
    title: Text
    rows: Callable[[], Rows]
    columns: Sequence[Column[Row]]
    row_id: Callable[[Row], str]
    empty: Empty
    # Turns the rows of one page (or chunk of an export) into what the columns read, in one go.
    prepare: Callable[[Sequence[Any]], Sequence[Row]] = list
    search: Callable[[Any, str], Rows] | None = None
    search_hint: Text = ""
    filters: Sequence[Filter] = ()
    bulk: Bulk | None = None
    actions: Sequence[Action] = ()
    default_sort: str = ""
    page_size: int = 25
    # The list's own address, where it also stands on pages that have another.
    path: str = ""
    currency: tuple[str, int] = ("CNY", 2)
    # What else the address asks for; every link of the list keeps it.
    kept: Sequence[tuple[str, str]] = ()
    # Adds all matching rows up to one that stands below them.
    totals: Callable[[Sequence[Row]], Row] | None = None

    def respond(self, request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Answer an export, the list alone (asked for by htmx) or the whole page with the list as `table`."""
        bound = Page(self, request)
        if wanted := request.GET.get("export"):
            return exports.respond(wanted, self.name, self.heads(), bound.exported())
        part = request.headers.get("HX-Target") == f"div#{bound.results_id}"
        shown = "desk/components/table_results.html" if part else template
        response: HttpResponse = render(request, shown, {**(context or {}), "table": bound})
        patch_vary_headers(response, ["HX-Target"])
        return response

    def heads(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    def sortable(self, key: str) -> Column[Row] | None:
        return next((column for column in self.columns if column.key == key and column.sort), None)


@dataclass
class Page[Row]:
    """One table as one request asked for it."""

    table: Table[Row]
    request: HttpRequest
    text: str = ""
    sort: str = ""
    number: int = 1
    chosen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        asked = self.request.GET
        self.text = asked.get("q", "").strip()[:200] if self.table.search else ""
        sort = asked.get("sort", "")
        self.sort = sort if self.table.sortable(sort.removeprefix("-")) else self.table.default_sort
        for each in self.table.filters:
            value = asked.get(each.key, "")
            self.chosen[each.key] = value if value in {key for key, _label in each.choices} else ""
        self.matching = self.matched()
        self.total = self.counted()
        self.pages = max(1, -(-min(self.total, COUNT_LIMIT) // self.table.page_size))
        wanted = asked.get("page", "1")
        self.number = min(max(1, int(wanted) if wanted.isascii() and wanted.isdigit() else 1), self.pages)

    def matched(self) -> Rows:
        rows = self.table.rows()
        if self.text and self.table.search:
            rows = self.table.search(rows, self.text)
        for each in self.table.filters:
            if value := self.chosen[each.key]:
                rows = each.apply(rows, value)
        return self.sorted(rows)

    def sorted(self, rows: Rows) -> Rows:
        column = self.table.sortable(self.sort.removeprefix("-"))
        if column is None:
            return rows
        down = self.sort.startswith("-")
        if isinstance(rows, QuerySet):
            rows = column.written(rows) if column.written else rows
            sign = "-" if down else ""
            return rows.order_by(f"{sign}{column.sort}", f"{sign}pk")
        value = column.value
        return sorted(rows, key=lambda row: (value(row) is not None, value(row)), reverse=down)

    def counted(self) -> int:
        """Count the matching rows, but no further than one past the limit: a list needs no exact million."""
        if isinstance(self.matching, QuerySet):
            return self.matching.order_by()[: COUNT_LIMIT + 1].count()
        return len(self.matching)

    @property
    def total_text(self) -> str:
        return f"{COUNT_LIMIT:,}+" if self.total > COUNT_LIMIT else f"{self.total:,}"

    @property
    def lines(self) -> list[Line]:
        start = (self.number - 1) * self.table.page_size
        matching: Any = self.matching
        rows = self.table.prepare(matching[start : start + self.table.page_size])
        return [Line(self.table.row_id(row), [self.cell(column, row) for column in self.table.columns]) for row in rows]

    def cell(self, column: Column[Row], row: Row) -> Cell:
        text = self.shown(column, row)
        link = column.link(row) if column.link else ""
        return Cell(column.label, column.kind, text, link, column.tone(row) if column.tone else "neutral")

    def shown(self, column: Column[Row], row: Row) -> str:
        value = column.value(row)
        if value is None:
            return ""
        if isinstance(value, datetime):
            return moment_text(value)
        if isinstance(value, date):
            return day_text(value)
        if isinstance(value, int) and column.kind == "money":
            return money_text(value, *(column.currency(row) if column.currency else self.table.currency))
        if isinstance(value, int) and column.kind == "quantity":
            return quantity_text(value, column.unit(row) if column.unit else "")
        return grouped(str(value)) if isinstance(value, int) else str(value)

    @property
    def foot(self) -> list[Cell]:
        """Return the cells of the totals, where the list has some."""
        if self.table.totals is None or not self.total:
            return []
        row = self.table.totals(list(self.matching))
        return [self.cell(column, row) for column in self.table.columns]

    def exported(self) -> Iterator[list[exports.Export]]:
        rows = self.matching
        source = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows
        # A chunk at a time, never all of them.
        for chunk in batched(source, CHUNK):
            for row in self.table.prepare(chunk):
                yield [self.export(column, row) for column in self.table.columns]
        if self.table.totals is not None and self.total:
            row = self.table.totals(list(self.matching))
            yield [self.export(column, row) for column in self.table.columns]

    def export(self, column: Column[Row], row: Row) -> exports.Export:
        value = column.value(row)
        if isinstance(value, int) and column.kind == "money":
            return exports.Number(value, (column.currency(row) if column.currency else self.table.currency)[1])
        if isinstance(value, int) and column.kind == "quantity":
            return exports.Number(value, 4)
        return exports.Number(value, 0) if isinstance(value, int) else value

    # Addresses and the words around the list

    @property
    def results_id(self) -> str:
        return f"{self.table.name}-results"

    @property
    def has_search(self) -> bool:
        return self.table.search is not None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or any(self.chosen.values()))

    @property
    def path(self) -> str:
        return self.table.path or self.request.path

    def href(self, **changes: str | int) -> str:
        """Return this list's address with some of what was asked for changed; empty values are left out."""
        asked: dict[str, str | int] = {**dict(self.table.kept), "q": self.text, **self.chosen}
        asked["sort"] = "" if self.sort == self.table.default_sort else self.sort
        asked.update(changes)
        query = urlencode({key: value for key, value in asked.items() if value not in ("", 1)})
        return f"{self.path}?{query}" if query else self.path

    @property
    def headings(self) -> list[Heading]:
        return [self.heading(column) for column in self.table.columns]

    def heading(self, column: Column[Row]) -> Heading:
        if not column.sort:
            return Heading(column.label, column.kind, "", "")
        if self.sort == column.key:
            return Heading(column.label, column.kind, self.href(sort=f"-{column.key}"), "ascending")
        order: Literal["descending", "none"] = "descending" if self.sort == f"-{column.key}" else "none"
        return Heading(column.label, column.kind, self.href(sort=column.key), order)

    @property
    def orders(self) -> list[tuple[str, Text, bool, bool]]:
        """Offer every order for the phone's select: value, label, descending, chosen."""
        return [
            (f"{sign}{column.key}", column.label, bool(sign), self.sort == f"{sign}{column.key}")
            for column in self.table.columns
            if column.sort
            for sign in ("", "-")
        ]

    @property
    def selects(self) -> list[tuple[Filter, str]]:
        return [(each, self.chosen[each.key]) for each in self.table.filters]

    @property
    def first(self) -> int:
        return (self.number - 1) * self.table.page_size + 1

    @property
    def last(self) -> int:
        return min(self.number * self.table.page_size, self.total)

    @property
    def previous_href(self) -> str:
        return self.href(page=self.number - 1) if self.number > 1 else ""

    @property
    def next_href(self) -> str:
        return self.href(page=self.number + 1) if self.number < self.pages else ""

    @property
    def numbers(self) -> list[tuple[int, str]]:
        """Return the page numbers around this one with their addresses; 0 stands for a gap."""
        near = {1, self.pages, *range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)}
        found: list[tuple[int, str]] = []
        for number in sorted(near):
            if found and number > found[-1][0] + 1:
                found.append((0, ""))
            found.append((number, self.href(page=number)))
        return found

    @property
    def csv_href(self) -> str:
        return self.href(export="csv")

    @property
    def xlsx_href(self) -> str:
        return self.href(export="xlsx")
