"""Gross profit net of returns, of any period, by product, customer, salesperson or month; and the entries behind a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, overload

from django.db import connection

from backstock.books.facts import COLUMNS, Part, facts
from backstock.books.models import ProfitRollUp
from backstock.books.rollup import FIGURES, MONTHS, month_of
from backstock.core.spans import cover
from backstock.money.accounts import Role
from backstock.money.figures import Turnover, turnovers


class Earned(NamedTuple):
    """What was sold, billed and credited, and what it cost; amounts in the company's currency, net of tax."""

    quantity_e4: int = 0
    revenue_cents: int = 0
    returned_cents: int = 0
    cost_cents: int = 0

    @property
    def net_cents(self) -> int:
        """Return revenue less credit notes."""
        return self.revenue_cents - self.returned_cents

    @property
    def profit_cents(self) -> int:
        """Return what is left after cost."""
        return self.net_cents - self.cost_cents

    @property
    def margin_e4(self) -> int | None:
        """Return profit of net revenue in 1/10,000; nothing where nothing was earned."""
        return round(self.profit_cents * 10_000 / self.net_cents) if self.net_cents > 0 else None

    def plus(self, other: Earned) -> Earned:
        """Add two up."""
        return Earned(*(a + b for a, b in zip(self, other, strict=True)))


def total(of: Iterator[Earned] | Sequence[Earned]) -> Earned:
    """Add all up."""
    found = Earned()
    for each in of:
        found = found.plus(each)
    return found


def _read(statement: Callable[[int, int], str]) -> list[tuple[Any, ...]]:
    """Run a statement that is made for the watermarks; once more when the roll-up came in between."""
    while True:
        marks = _marks()
        with connection.cursor() as cursor:
            cursor.execute(statement(*marks))
            found = list(cursor.fetchall())
        if _marks() == marks:
            return found


def _marks() -> tuple[int, int]:
    return ProfitRollUp.objects.values_list("through_log_id", "through_invoice_id").first() or (0, 0)


def _sums(sign: int = 1) -> str:
    return ", ".join(f"{'-' if sign < 0 else ''}{name} AS {name}" for name in FIGURES)


def _parts(first: date, last: date, dimension: str, log_id: int, invoice_id: int, known: datetime | None) -> str:
    """Return the SQL of (starts_on, key, figures) of a period: whole months, days at both ends, and the tail."""
    end = last + timedelta(days=1)

    def rows(part: Part, sign: int) -> str:
        return (
            f"SELECT {month_of('on_day')} AS starts_on, {dimension}_id AS key, {_sums(sign)} FROM ({facts(part)}) AS f"
        )

    if known is not None:
        return rows(Part(first=first, end=end, known=known), 1)
    found = [
        # Above either watermark; facts of invoices look at the one, those of ledger and notes at the other.
        rows(Part(first=first, end=end, after_log=log_id or -1, after_invoice=invoice_id or -1), 1)
    ]
    for piece in cover(first, last):
        if piece.unit == "day":
            part = Part(first=piece.first, end=piece.end, through_log=log_id, through_invoice=invoice_id)
            found.append(rows(part, piece.sign))
        else:
            found.append(
                f"SELECT starts_on, key, {_sums(piece.sign)} FROM {MONTHS} WHERE dimension = '{dimension}' "
                f"AND starts_on >= '{piece.first}' AND starts_on < '{piece.end}'"
            )
    return " UNION ALL ".join(found)


def earned(first: date, last: date, by: str, known: datetime | None = None) -> dict[Any, Earned]:
    """Return what sales earned in a period by `product`, `customer` or `salesperson` (ids), or by `month` (first days)."""
    dimension, column = ("product", "starts_on") if by == "month" else (by, "key")
    sums = ", ".join(f"SUM({name})" for name in FIGURES)
    found = _read(
        lambda log_id, invoice_id: (
            f"SELECT {column}, {sums} FROM ({_parts(first, last, dimension, log_id, invoice_id, known)}) AS parts GROUP BY {column}"
        )
    )
    figures = {key: Earned(*(int(each) for each in rest)) for key, *rest in found}
    if by != "month":
        return figures
    return {key if isinstance(key, date) else date.fromisoformat(key): each for key, each in sorted(figures.items())}


def posted(first: date, last: date, known: datetime | None = None) -> Earned:
    """Return what the accounts of revenue, sales returns and cost of goods sold moved in a period."""
    accounts = turnovers(first, last, known)

    def moved(role: Role) -> int:
        account = accounts.get(role, Turnover(0, 0, 0))
        return account.debit_cents - account.credit_cents

    return Earned(0, -moved(Role.revenue), moved(Role.sales_returns), moved(Role.cost_of_goods_sold))


class Fact(NamedTuple):
    """One document's part of a figure."""

    on: date
    document: str
    product_id: int
    customer_id: int
    salesperson_id: int
    earned: Earned


@dataclass(frozen=True, slots=True)
class Entries:
    """The facts behind a figure, read a page at a time, the latest first."""

    first: date
    last: date
    where: Mapping[str, int]
    known: datetime | None = None

    @property
    def _source(self) -> str:
        part = Part(first=self.first, end=self.last + timedelta(days=1), known=self.known)
        conditions = [f"{dimension}_id = {key:d}" for dimension, key in self.where.items()]
        sums = ", ".join(f"SUM({name}) AS {name}" for name in FIGURES)
        keys = ", ".join(COLUMNS.split(", ")[:5])
        return f"SELECT {keys}, {sums} FROM ({facts(part)}) AS f WHERE {' AND '.join(conditions) or '1 = 1'} GROUP BY {keys}"

    def __len__(self) -> int:
        [(count,)] = _read(lambda *_: f"SELECT COUNT(*) FROM ({self._source}) AS found")
        return int(count)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self[0:])

    @overload
    def __getitem__(self, asked: int) -> Fact: ...
    @overload
    def __getitem__(self, asked: slice) -> list[Fact]: ...
    def __getitem__(self, asked: int | slice) -> Fact | list[Fact]:
        if isinstance(asked, int):
            return self[asked : asked + 1][0]
        start, stop = asked.start or 0, asked.stop
        limit = f"LIMIT {max(0, stop - start)} OFFSET {start}" if stop is not None else ""
        found = _read(
            lambda *_: (
                f"SELECT * FROM ({self._source}) AS found ORDER BY on_day DESC, document DESC, product_id {limit}"
            )
        )
        return [
            Fact(
                day if isinstance(day, date) else date.fromisoformat(day), document, product, customer, person,
                Earned(*(int(each) for each in figures)),
            )
            for day, product, customer, person, document, *figures in found
        ]  # fmt: skip
