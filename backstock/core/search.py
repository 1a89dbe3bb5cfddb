"""Find rows by words: one search table per kind of row, answered by an index on both databases, never by LIKE.

Text is cut into words; Chinese, which has no spaces, into pairs of characters (退货单 → 退货 货单 单), so that a word of two
characters is found. SQLite keeps them in FTS5, PostgreSQL in a GIN index. Commands write the words of the rows they write.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL

LONGEST_WORD = 60
MOST_ASKED = 12
# Ranges of characters that are written without spaces between words.
_UNSPACED = (
    ("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"),
)  # fmt: skip


def _kind(char: str) -> str:
    if any(first <= char <= last for first, last in _UNSPACED):
        return "pairs"
    return "word" if unicodedata.category(char)[0] in "LN" else ""


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into runs of letters and digits, and runs of characters that are written without spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for kind, chars in groupby(folded, _kind):
        if kind:
            yield kind, "".join(chars)


def words_of(text: str) -> list[str]:
    """Return the words under which a text is found."""
    found: dict[str, None] = {}
    for kind, run in _runs(text):
        pieces = [run[n : n + 2] for n in range(len(run))] if kind == "pairs" else [run[:LONGEST_WORD]]
        found |= dict.fromkeys(pieces)
    return list(found)


def asked_words(text: str) -> list[tuple[str, bool]]:
    """Return the words somebody asks for, and whether each may go on: what is typed is the beginning of a word."""
    asked: dict[tuple[str, bool], None] = {}
    for kind, run in _runs(text):
        if kind == "word":
            asked[run[:LONGEST_WORD], True] = None
        elif len(run) == 1:
            asked[run, True] = None
        else:
            asked |= {(run[n : n + 2], False): None for n in range(len(run) - 1)}
    return list(asked)[:MOST_ASKED]


def compact(code: str) -> str:
    """Write a code without what separates its parts, so that AB-12 is found by AB12 too."""
    return "".join(char for char in unicodedata.normalize("NFKC", code) if char.isalnum())


def endings(number: str, least: int = 4) -> str:
    """Write every ending of a number of some length: the last digits of a phone find it."""
    digits = "".join(char for char in number if char.isdigit())
    return " ".join(digits[n:] for n in range(max(0, len(digits) - least + 1)))


class Index:
    """The search table of one kind of row."""

    def __init__(self, table: str) -> None:
        self.table = table

    def create(self, schema: BaseDatabaseSchemaEditor) -> None:
        """Make the table; call from a migration."""
        if schema.connection.vendor == "sqlite":
            options = "words, detail=none, prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 0\""
            schema.execute(f'CREATE VIRTUAL TABLE "{self.table}" USING fts5({options})')
        else:
            schema.execute(f'CREATE TABLE "{self.table}" (rowid bigint PRIMARY KEY, words tsvector NOT NULL)')
            schema.execute(f'CREATE INDEX "{self.table}_words" ON "{self.table}" USING gin (words)')

    def drop(self, schema: BaseDatabaseSchemaEditor) -> None:
        """Take the table away; call from a migration that is undone."""
        schema.execute(f'DROP TABLE "{self.table}"')

    def write(self, texts: Mapping[int, str], *, fresh: bool = False) -> None:
        """Write the words of rows by id, in place of those they had; `fresh` rows had none."""
        if not texts:
            return
        if not fresh:
            self.erase(texts)
        words = [(pk, " ".join(words_of(text))) for pk, text in sorted(texts.items())]
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany(f'INSERT INTO "{self.table}" (rowid, words) VALUES (%s, %s)', words)
            else:
                cursor.execute(
                    f'INSERT INTO "{self.table}" (rowid, words) SELECT id, array_to_tsvector(string_to_array(said, %s)) '
                    "FROM unnest(%s::bigint[], %s::text[]) AS rows (id, said)",
                    [" ", [pk for pk, _ in words], [said for _, said in words]],
                )

    def erase(self, ids: Iterable[int]) -> None:
        """Forget rows."""
        named = ",".join(str(int(pk)) for pk in ids)
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{self.table}" WHERE rowid IN ({named})')

    def matching(self, text: str) -> RawSQL | None:
        """Return the ids of the rows that have every word of a text, for `pk__in`; None when it has no word at all."""
        asked = asked_words(text)
        if not asked:
            return None
        sqlite = connection.vendor == "sqlite"
        if sqlite:
            query = " AND ".join(f'"{word}"{" *" if goes_on else ""}' for word, goes_on in asked)
            return RawSQL(f'SELECT rowid FROM "{self.table}" WHERE "{self.table}" MATCH %s', [query])
        query = " & ".join(f"'{word}'{':*' if goes_on else ''}" for word, goes_on in asked)
        return RawSQL(f'SELECT rowid FROM "{self.table}" WHERE words @@ %s::tsquery', [query])

    def first(self, text: str, most: int) -> list[int]:
        """Return some ids of rows that have every word of a text: quick also for words that are everywhere."""
        wanted = self.matching(text)
        if wanted is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(f"{wanted.sql} LIMIT %s", [*wanted.params, most])
            return [int(row[0]) for row in cursor.fetchall()]
