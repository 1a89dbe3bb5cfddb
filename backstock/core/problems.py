"""What a verification found wrong, and digests of rows that do not depend on their order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg import Cursor


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold, with the rows that offend."""

    check: str
    rows: str

    def __str__(self) -> str:
        return f"{self.check}: {self.rows}"


# More offending rows than this per check say nothing new.
MOST = 20


def described(statement: str, kind: str) -> Iterator[bytes]:
    """Stream the rows of a statement as bytes that both databases agree on."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(5000):
            for row in rows:
                yield "|".join([kind, *(str(int(v) if isinstance(v, bool) else v) for v in row)]).encode()


def sum_of_hashes(rows: Iterator[bytes]) -> int:
    """Return an order-independent digest of rows: the sum of their SHA-256."""
    total = 0
    for row in rows:
        total = (total + int.from_bytes(hashlib.sha256(row).digest())) % 2**256
    return total


# More than there are checks: one that is forgotten is planned anew each time.
PLANS = 500


def found_by(statement: str, parameters: Sequence[Any] = (), most: int | None = MOST) -> list[tuple[Any, ...]]:
    """Run the statement of a check; on PostgreSQL its plan is kept, as making it takes longest."""
    if most is not None:
        statement += f" LIMIT {most}"
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        connection.connection.prepared_max = PLANS
        with Cursor(connection.connection) as planned:
            planned.execute(statement.encode(), parameters or None, prepare=True)
            return list(planned.fetchall())
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return list(cursor.fetchall())


@cache
def _statement(rows: Callable[[], QuerySet[Any]], vendor: str) -> tuple[str, str, tuple[Any, ...]]:
    found = rows()
    sql, parameters = found.order_by("pk").values("pk")[:MOST].query.sql_with_params()
    return str(found.model._meta.model_name), sql, tuple(parameters)


def offending(rows: Callable[[], QuerySet[Any]]) -> list[str]:
    """Name the rows that offend; their statement holds no data, so it is put together once per process."""
    name, sql, parameters = _statement(rows, connection.vendor)
    return [f"{name} {pk}" for (pk,) in found_by(sql, parameters, most=None)]
