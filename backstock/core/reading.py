"""Reads with which nearly every command begins: their SQL is put together once, which takes longer than running it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

# As many as stand on a page; more are a batch, where putting its SQL together is a small part.
FEW = 32


class _KnownQuery(Query):
    """A query that hands out a compiler which has done its work."""

    compiled: Any

    def get_compiler(self, *_: Any, **__: Any) -> SQLCompiler:
        """Return a compiler of our own, on the connection of this thread."""
        sql, parameters, done = self.compiled
        compiler: Any = copy(done)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (sql, parameters)
        found: SQLCompiler = compiler
        return found


@cache
def _compiled(rows: Callable[[Any], QuerySet[Any]], example: tuple[Any, ...], _vendor: str) -> tuple[Any, ...]:
    """Put the SQL for as many ids together, with where each of them stands among its parameters."""
    query = rows(example)
    compiler = query.query.get_compiler(query.db)
    sql, parameters = compiler.as_sql()
    places = [example.index(given) if given in example else -1 for given in parameters]
    return query, compiler, sql, parameters, places


def prepared[M: Model](rows: Callable[[Any], QuerySet[M]], ids: Collection[Any]) -> list[M]:
    """Read rows by ids or codes, given to a function of a module that looks at nothing else; none read nothing."""
    if not ids:
        return []
    if len(ids) > FEW:
        return list(rows(ids))
    wanted = tuple(ids)
    # No row has these, and no constant of a query is one of them.
    example = tuple(f"\x02{n}" if isinstance(each, str) else -9_000_001 - n for n, each in enumerate(wanted))
    query, compiler, sql, parameters, places = _compiled(rows, example, connection.vendor)
    given = tuple(wanted[at] if at >= 0 else each for at, each in zip(places, parameters, strict=True))
    found: QuerySet[M] = query.all()
    done: Any = found.query.chain(_KnownQuery)
    done.compiled = (sql, given, compiler)
    found.query = done
    return list(found)


# What a parameter of each type is put together with.
EXAMPLES: dict[type, Any] = {int: -9_000_001, datetime: datetime(1111, 11, 11, tzinfo=UTC)}


@cache
def _counting(
    rows: Callable[..., QuerySet[Any]], structure: Any, kinds: tuple[type, ...], _vendor: str
) -> tuple[Any, ...]:
    examples = [EXAMPLES[kind] for kind in kinds]
    sql, parameters = rows(structure, *examples).order_by().values("pk").query.sql_with_params()
    stored = [_stored(each) for each in examples]
    return sql, parameters, [stored.index(given) if given in stored else -1 for given in parameters]


def _stored(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def counted(rows: Callable[..., QuerySet[Any]], structure: Any, *values: Any) -> int:
    """Count what a function of a module gives for a hashable that shapes its SQL and for values, each of a type of its own."""
    sql, parameters, places = _counting(rows, structure, tuple(type(value) for value in values), connection.vendor)
    given = [_stored(values[at]) if at >= 0 else each for at, each in zip(places, parameters, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS counted", given)
        return int(cursor.fetchone()[0])
