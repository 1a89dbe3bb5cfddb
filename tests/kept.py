"""On PostgreSQL: one database for each thing tests begin with, set back after a test instead of copied.

Making and dropping a database costs more than most tests do; and a connection that stays knows the tables already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from backstock.core.scratch import default_database

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
NUMBERS = "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'"
EMPTY = sql.SQL("IF EXISTS (SELECT FROM {now}) THEN DELETE FROM {now}; END IF;")
COPY = sql.SQL("CREATE TABLE {then} AS TABLE {now}")
FILL = sql.SQL("INSERT INTO {now} SELECT * FROM {then};")
RESUME = sql.SQL("PERFORM setval({}, {}, {});")
# As a replica no trigger fires and no foreign key is looked at.
SET_BACK = """
CREATE FUNCTION kept.set_back() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    SET LOCAL session_replication_role = replica;
    {statements}
END $body$
"""


class Kept:
    """A database that is set back to what it held when this was made."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._warm: Any = None
        self._behind = psycopg.connect(url, autocommit=True)
        # A thread that still holds rows is an error of its test; waiting for it for ever helps nobody.
        self._behind.execute("SET lock_timeout = '20s'")
        self._behind.execute("CREATE SCHEMA kept")
        self._behind.execute(SET_BACK.format(statements="\n".join(_statements(self._behind))).encode())

    @contextmanager
    def company(self) -> Iterator[str]:
        """Make it Django's default inside the block, over the connection of the test before, and set it back after."""
        with default_database(self.url):
            if self._warm is not None:
                connections["default"] = self._warm
            try:
                yield self.url
            finally:
                connection = connections["default"]
                self._warm = None if connection.in_atomic_block else connection
                self._behind.execute("SELECT kept.set_back()")
                if self._warm is not None:
                    # So that nobody closes it on the way out.
                    del connections["default"]

    def close(self) -> None:
        """Let go of both connections."""
        self._behind.close()
        if self._warm is not None:
            self._warm.close()


def _statements(connection: psycopg.Connection[tuple[Any, ...]]) -> Iterator[str]:
    """Copy every row aside; give what brings tables and sequences back."""
    for (table,) in connection.execute(TABLES).fetchall():
        now, then = sql.Identifier("public", table), sql.Identifier("kept", table)
        yield EMPTY.format(now=now).as_string(connection)
        if connection.execute(COPY.format(now=now, then=then)).rowcount:
            yield FILL.format(now=now, then=then).as_string(connection)
    for name, value, is_called in connection.execute(NUMBERS).fetchall():
        sequence = sql.Identifier("public", name).as_string(connection)
        yield RESUME.format(sequence, value, is_called).as_string(connection)
