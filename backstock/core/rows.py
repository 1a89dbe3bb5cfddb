"""Set-wise writing: one statement for any number of rows (chunked only where the database sets a limit).

Used by the ledgers and commands; reading stays with the ORM. Values are plain Python values in column order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from backstock.core.errors import DuplicateCode

Row = Sequence[Any]
# SQLite takes at most 32,766 parameters in a statement, PostgreSQL's protocol 65,535.
MAX_PARAMETERS = 30_000
# From here on the driver's own bulk way (prepared once, or COPY) beats one long statement.
BULK_ROWS = 200


def _chunks(rows: Sequence[Row], width: int) -> Iterable[Sequence[Row]]:
    size = max(1, MAX_PARAMETERS // max(1, width))
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    """Return the columns of concrete fields, which is what we write."""
    found: list[Any] = [model._meta.get_field(name) for name in fields]
    return [str(field.column) for field in found]


# Every cursor takes these as they are.
_PLAIN = frozenset({int, str, bool, float, type(None)})


def _adapted(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Give the values of rows the form that the raw cursor of this database takes."""
    sqlite = connection.vendor == "sqlite"
    for row in rows:
        yield [value if type(value) in _PLAIN else _adapt(value, sqlite) for value in row]


def _adapt(value: Any, sqlite: bool) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if sqlite and isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if sqlite and isinstance(value, date):
        return value.isoformat()
    return value


def _placeholders(count: int, width: int) -> str:
    one = "(" + ",".join(["%s"] * width) + ")"
    return ",".join([one] * count)


def _flat(rows: Sequence[Row]) -> list[Any]:
    return [value for row in _adapted(rows) for value in row]


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows whose ids nobody needs."""
    if not rows:
        return
    table, columns = model._meta.db_table, _columns(model, fields)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if len(rows) < BULK_ROWS:
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) VALUES {_placeholders(len(rows), len(columns))}', _flat(rows)
            )
        elif connection.vendor == "sqlite":
            marks = ",".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(_adapted(rows)))
        else:
            _copy(cursor, f'COPY "{table}" ({names}) FROM STDIN', rows)


def _copy(cursor: CursorWrapper, statement: str, rows: Sequence[Row]) -> None:
    with cursor.cursor.copy(statement) as copy:
        for row in _adapted(rows):
            copy.write_row(row)


def insert_returning(
    model: type[models.Model], fields: Sequence[str], rows: Sequence[Row], *, skip_conflicts: bool = False
) -> list[int | None]:
    """Insert rows and return their ids in order; with `skip_conflicts` None stands for a row that was there already.

    Both databases number and return the rows of one VALUES list in its order.
    """
    table, columns = model._meta.db_table, _columns(model, fields)
    names = ", ".join(f'"{column}"' for column in columns)
    # A conflict leaves a gap in what is returned; then the whole is refused by the caller, so order does not matter.
    tail = "ON CONFLICT DO NOTHING RETURNING id" if skip_conflicts else "RETURNING id"
    ids: list[int | None] = []
    with connection.cursor() as cursor:
        for chunk in _chunks(rows, len(columns)):
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) VALUES {_placeholders(len(chunk), len(columns))} {tail}', _flat(chunk)
            )
            got: list[int | None] = [row[0] for row in cursor.fetchall()]
            ids += got + [None] * (len(chunk) - len(got))
    return ids


def insert_coded(model: type[models.Model], code: str, fields: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """Insert rows known by a unique code and return their ids; raise DuplicateCode when somebody was faster with one."""
    made = [pk for pk in insert_returning(model, fields, rows, skip_conflicts=True) if pk is not None]
    if len(made) < len(rows):
        wanted = [row[list(fields).index(code)] for row in rows]
        taken = model._default_manager.filter(**{f"{code}__in": wanted}).exclude(pk__in=made)
        raise DuplicateCode(field=code, value=str(taken.values_list(code, flat=True).first()))
    return made


def add(model: type[models.Model], deltas: Mapping[int, Mapping[str, int]]) -> None:
    """Add to counters of existing rows, by id, in one statement: {id: {field: delta}}."""
    deltas = {pk: {name: delta for name, delta in each.items() if delta} for pk, each in deltas.items()}
    deltas = {pk: each for pk, each in deltas.items() if each}
    if not deltas:
        return
    names = sorted({name for each in deltas.values() for name in each})
    rows = [(pk, *(deltas[pk].get(name, 0) for name in names)) for pk in sorted(deltas)]
    table, columns = model._meta.db_table, _columns(model, names)
    sets = ", ".join(f'"{column}" = "{table}"."{column}" + d.column{n}' for n, column in enumerate(columns, 2))
    with connection.cursor() as cursor:
        for chunk in _chunks(rows, len(names) + 1):
            values = ",".join("(" + ",".join(str(int(v)) for v in row) + ")" for row in chunk)
            cursor.execute(f'UPDATE "{table}" SET {sets} FROM (VALUES {values}) AS d WHERE "{table}".id = d.column1')


def add_or_insert(
    model: type[models.Model],
    keys: Sequence[str],
    fields: Sequence[str],
    deltas: Mapping[tuple[Any, ...], Sequence[int]],
) -> list[tuple[Any, ...]]:
    """Add to balances found by their natural key, making those that are missing; return key + new values of each.

    Rows are written in key order, so that two commands never wait for each other crosswise.
    """
    rows = [(*key, *deltas[key]) for key in sorted(deltas)]
    if not rows:
        return []
    table, columns = model._meta.db_table, _columns(model, (*keys, *fields))
    names = ", ".join(f'"{column}"' for column in columns)
    key_names = ", ".join(f'"{column}"' for column in columns[: len(keys)])
    sets = ", ".join(f'"{c}" = "{table}"."{c}" + excluded."{c}"' for c in columns[len(keys) :])
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for chunk in _chunks(rows, len(columns)):
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) VALUES {_placeholders(len(chunk), len(columns))} '
                f"ON CONFLICT ({key_names}) DO UPDATE SET {sets} RETURNING {names}",
                _flat(chunk),
            )
            found += cursor.fetchall()
    return found
