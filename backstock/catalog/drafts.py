"""Change or add rows known by a code, in memory while a batch is decided, then all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from backstock.catalog.models import Named
from backstock.core import rows
from backstock.core.commands import Batch


class Drafts[Row: Named]:
    """The rows of a batch by code; what a refused item did to them is taken back."""

    def __init__(self, model: type[Row], batch: Batch[Any], codes: Iterable[str] | None = None) -> None:
        self.model, self.journal = model, batch.journal
        found = model._default_manager.select_for_update()
        if codes is not None:
            found = found.filter(code__in=set(codes))
        self.rows: dict[str, Row] = {row.code: row for row in found.order_by("pk")}
        self.changed: set[str] = set()

    def row(self, code: str) -> Row:
        """Return the row of a code, a new one where there is none."""
        if code not in self.rows:
            self.rows[code] = self.model(code=code)
            self._undo(lambda: self.rows.pop(code))
        return self.rows[code]

    def change(self, row: Row, **values: Any) -> None:
        """Set what is given; None is not given."""
        for name, value in values.items():
            if value is not None:
                self.put(row, name, value)

    def put(self, row: Row, name: str, value: Any) -> None:
        """Set one value."""
        before = getattr(row, name)
        setattr(row, name, value)
        self.changed.add(row.code)
        self._undo(lambda: setattr(row, name, before))

    def _undo(self, step: Callable[[], Any]) -> None:
        self.journal.append(step)

    def write(self) -> None:
        """Store the new rows and the changed ones, each kind in one statement; raise DuplicateCode at a race."""
        columns = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        names = [field.name for field in columns]
        fresh = [row for row in self.rows.values() if row.pk is None]
        if fresh:
            values = [tuple(getattr(row, field.attname) for field in columns) for row in fresh]
            for row, pk in zip(fresh, rows.insert_coded(self.model, "code", names, values), strict=True):
                row.pk = pk
        known = [row for row in self.rows.values() if row.code in self.changed and row not in fresh]
        if known:
            self.model._default_manager.bulk_update(known, names)
