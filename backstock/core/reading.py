"""Reads with which nearly every command begins: their SQL is put together once, which takes longer than running it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

# More ids than these are a batch, where putting its SQL together is a small part.
FEW = 8


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
