"""Fresh temporary companies, each in a database of its own: for replays, trials and tests.

Commands commit for real (`durable=True`), so nothing can be rolled back around them. A copy of one migrated
template is as good as a rollback and as quick: a file copy on SQLite, `CREATE DATABASE … TEMPLATE` on PostgreSQL.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import quote, unquote, urlsplit

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from backstock.core.database_url import database, is_postgres

_LONGEST_NAME = 63  # PostgreSQL cuts longer names silently.


class _Store(Protocol):
    """Makes and drops databases of one kind."""

    def create(self, template: str | None) -> str:
        """Make a database, empty or a copy of `template`, and give its URL."""

    def drop(self, url: str) -> None:
        """Drop one database made here."""

    def close(self) -> None:
        """Drop whatever is left."""


class _Files:
    """SQLite files in a temporary folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="backstock-scratch-"))

    def create(self, template: str | None) -> str:
        file = self._folder / f"{secrets.token_hex(6)}.sqlite3"
        if template:
            # The template has no open connection, so its write-ahead log is merged and the one file is the whole.
            shutil.copyfile(self._path(template), file)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._path(url)}{ending}").unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def _path(url: str) -> str:
        return url.removeprefix("sqlite:///")


class _Neighbours:
    """PostgreSQL databases beside the named one, which is only connected to for CREATE and DROP DATABASE."""

    def __init__(self, url: str) -> None:
        self._url = url
        parts = urlsplit(url)
        self._prefix = f"{unquote(parts.path.lstrip('/')) or 'backstock'}_scratch_"
        # Not `urlunsplit`: it drops the slashes before an empty host, which means the local socket.
        self._pattern = f"{parts.scheme}://{parts.netloc}/{{}}" + (f"?{parts.query}" if parts.query else "")
        self._made: dict[str, str] = {}

    def create(self, template: str | None) -> str:
        ending = secrets.token_hex(6)
        name = self._prefix[: _LONGEST_NAME - len(ending)] + ending
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            # Copying the files of a small database takes a third of the time of copying it through the log.
            query += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(self._made[template]))
        self._run(query)
        url = self._pattern.replace("{}", quote(name, safe=""), 1)
        self._made[url] = name
        return url

    def drop(self, url: str) -> None:
        # FORCE: a thread that is still connected must not keep a temporary database alive.
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._made[url])))
        del self._made[url]

    def close(self) -> None:
        errors: list[Exception] = []
        for url in list(self._made):
            try:
                self.drop(url)
            except psycopg.Error as error:
                errors.append(error)
        if errors:
            raise ExceptionGroup(f"temporary databases stayed behind: {', '.join(self._made.values())}", errors)

    def _run(self, query: sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(query)


class Scratch:
    """Fresh temporary databases of the same kind, made from one migrated template.

    The named database is never touched: SQLite copies live in a temporary folder, PostgreSQL copies beside it.
    """

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._store: _Store | None = None
        self._template = ""

    def __enter__(self) -> Self:
        store: _Store = _Neighbours(self._url) if self._url and is_postgres(self._url) else _Files()
        try:
            self._template = store.create(None)
            with default_database(self._template):
                call_command("migrate", verbosity=0, interactive=False)
        except BaseException:
            store.close()
            raise
        self._store = store
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._store:
            self._store.close()
            self._store = None

    def prepared(self, fill: Callable[[], object]) -> str:
        """Make a further template, a company that `fill` begins, and give its URL for `database`."""
        url = self._entered().create(self._template)
        with default_database(url):
            fill()
        return url

    @contextmanager
    def database(self, template: str = "") -> Iterator[str]:
        """Make a fresh copy Django's default connection inside the block; yield its URL, then drop it."""
        store = self._entered()
        url = store.create(template or self._template)
        try:
            with default_database(url):
                yield url
        finally:
            # Already gone when the Scratch itself was left inside the block.
            with suppress(KeyError):
                store.drop(url)

    def _entered(self) -> _Store:
        if self._store is None:
            raise RuntimeError("use Scratch in a `with` statement: its template is made on entry")
        return self._store


@contextmanager
def default_database(url: str) -> Iterator[None]:
    """Point Django's default connection, in every thread, at another database inside the block."""
    if connections["default"].in_atomic_block:
        raise RuntimeError("a transaction is open: it would silently stay behind in the other database")
    before = dict(connections.settings["default"])
    # Threads keep no connection past their request, so none outlives the temporary database.
    _point({**database(url), "CONN_MAX_AGE": 0})
    try:
        yield
    finally:
        _point(before)


def _point(wanted: dict[str, object]) -> None:
    connections["default"].close()
    # The wrapper belongs to one engine; the next use in this thread makes one that fits.
    del connections["default"]
    complete = connections.configure_settings({"default": dict(wanted)})["default"]
    # Changed in place: wrappers of other threads hold this very dictionary.
    settings = connections.settings["default"]
    settings.clear()
    settings.update(complete)
    ContentType.objects.clear_cache()
