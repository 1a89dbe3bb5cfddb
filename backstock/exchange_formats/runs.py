"""The life of an import: upload, columns, dry run, import, end. Pages, console and the worker all go through here."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import os
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from backstock.core import clock
from backstock.core.errors import DomainError
from backstock.core.models import Company, User
from backstock.core.permissions import SYSTEM, Actor, actor_for
from backstock.exchange_formats import engine
from backstock.exchange_formats.errors import ColumnsMissing, HeaderMissing, ImportStopped, RunNotReady, UnreadableFile
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.kinds.kind import Kind
from backstock.exchange_formats.models import ImportRun
from backstock.exchange_formats.reading import Table, find_header, header_at
from backstock.exchange_formats.sheets import Sheet, read

logger = logging.getLogger(__name__)
# What asks for work, what it becomes meanwhile.
WAITING: Final = {"to_check": "checking", "to_import": "importing"}
OPEN: Final = (*WAITING, *WAITING.values())


def folder() -> Path:
    """Return where the files of imports lie."""
    return Path(settings.HOME) / "imports"


def keep(content: bytes) -> str:
    """Keep a file under the hash of its content, whole or not at all."""
    content_hash = hashlib.sha256(content).hexdigest()
    path = folder() / content_hash
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_name(f"{content_hash}.{secrets.token_hex(4)}.half")
        half.write_bytes(content)
        os.replace(half, path)
    return content_hash


def upload(
    kind: Kind, name: str, content: bytes, user: User | None, source: str = "", on: date | None = None
) -> ImportRun:
    """Take a file in and find its columns; raise UnreadableFile. Without a known header the columns are chosen by hand."""
    name = Path(name).name[-200:]
    sheet = read(name, content)
    company = Company.objects.get()
    try:
        found = find_header(sheet, kind, source)
        header, places, source = found.row, dict(found.places), found.source
    except HeaderMissing:
        header, places, source = sheet.rows[0][0], {}, "backstock"
    now = clock.now()
    return ImportRun.objects.create(
        kind=kind.key, file_name=name, content_hash=keep(content), source=source, header_row=header, places=places,
        business_on=on or clock.today(company.timezone), user=user, started_at=now, touched_at=now,
    )  # fmt: skip


def sheet_of(run: ImportRun) -> Sheet:
    """Read the file of a run again; raise UnreadableFile when it is gone or not what was uploaded."""
    try:
        content = (folder() / run.content_hash).read_bytes()
    except OSError as error:
        raise UnreadableFile(file=run.file_name, problem=str(error.strerror)) from None
    if hashlib.sha256(content).hexdigest() != run.content_hash:
        raise UnreadableFile(file=run.file_name, problem="its content has changed")
    return read(run.file_name, content)


def table_of(run: ImportRun, sheet: Sheet) -> Table:
    """Return the map of a run's columns."""
    digits = Company.objects.values_list("currency_digits", flat=True).get()
    return Table(KINDS[run.kind], run.header_row, header_at(sheet, run.header_row), run.places, digits)


def choose(run: ImportRun, places: Mapping[str, int], on: date | None = None) -> None:
    """Set which column holds what and ask for the dry run; raise ColumnsMissing."""
    kind = KINDS[run.kind]
    missing = [column for column in kind.columns if column.required and column.key not in places]
    if missing:
        raise ColumnsMissing(columns=", ".join(f"{column.zh} {column.en}" for column in missing))
    changed = ImportRun.objects.filter(pk=run.pk).exclude(state__in=OPEN)
    if not changed.update(
        places=dict(places), business_on=on or run.business_on, state="to_check", done=0, total=0, problems=[],
        left_out=[], counts={}, message_en="", message_zh="", touched_at=clock.now(),
    ):  # fmt: skip
        raise RunNotReady(run=run.number, state=run.state)


def is_clear(run: ImportRun) -> bool:
    """Tell whether every named column of the file was found and none that must be there is missing."""
    heads, used = header_at(sheet_of(run), run.header_row), set(run.places.values())
    found = all(at in used for at, head in enumerate(heads) if head)
    return found and all(column.key in run.places for column in KINDS[run.kind].columns if column.required)


def accept(run: ImportRun, leave_out: bool = False) -> None:
    """Ask for the import after a dry run; with `leave_out` without the rows that have problems. Raise RunNotReady."""
    faulty = sorted({problem["row"] for problem in run.problems})
    if run.state not in ("checked", "stopped") or (faulty and not leave_out):
        raise RunNotReady(run=run.number, state=run.state)
    ready = ImportRun.objects.filter(pk=run.pk, state=run.state)
    if not ready.update(
        state="to_import", left_out=faulty, done=0, message_en="", message_zh="", touched_at=clock.now()
    ):
        raise RunNotReady(run=run.number, state=run.state)


def work_off() -> bool:
    """Do the next thing that a run waits for; tell whether there was one."""
    run = ImportRun.objects.filter(state__in=WAITING).order_by("touched_at").first()
    if run is None:
        return False
    actor = SYSTEM if run.user is None else actor_for(run.user)
    if ImportRun.objects.filter(pk=run.pk, state=run.state).update(state=WAITING[run.state], touched_at=clock.now()):
        perform(run, actor)
    return True


def recover() -> None:
    """Let runs that a stopped worker left in the middle wait again; their keys see to it that nothing happens twice."""
    left = clock.now() - timedelta(seconds=60)
    for waiting, working in WAITING.items():
        ImportRun.objects.filter(state=working, touched_at__lt=left).update(state=waiting)


def perform(run: ImportRun, actor: Actor, tell: engine.Tell = engine.silent) -> None:
    """Check or import a run that was claimed; a fault of ours fails the run and no other one."""
    try:
        (_import if run.state in ("to_import", "importing") else _check)(run, actor, tell)
    except DomainError as error:
        state = "stopped" if isinstance(error, ImportStopped) else "failed"
        _end(run, state, message_en=error.sentence("en"), message_zh=error.sentence("zh"))
    except Exception:
        logger.exception("import %s failed", run.number)
        _end(
            run, "failed", message_en="A fault of the program, see its log. Nothing of the last step is in.",
            message_zh="程序故障，详见日志。最后一步未产生任何影响。",
        )  # fmt: skip


def _end(run: ImportRun, state: str, **values: object) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=state, touched_at=clock.now(), **values)
    progress_file(run).unlink(missing_ok=True)


def _prepared(run: ImportRun) -> engine.Prepared:
    sheet = sheet_of(run)
    return engine.prepare(table_of(run, sheet), sheet, run.business_on)


def _check(run: ImportRun, actor: Actor, tell: engine.Tell) -> None:
    found = _prepared(run)

    def told(done: int, total: int) -> None:
        # A rehearsal takes back what it writes, its progress too: that stands in a file.
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        progress_file(run).write_text(f"{done} {total}")
        tell(done, total)

    engine.dry_run(found, actor, told)
    ready = found.fresh(found.faulty)
    counts = {
        "rows": found.rows, "ready": sum(len(each.entry.rows) for each in ready), "faulty": len(found.faulty),
        "known": sum(len(each.entry.rows) for each in found.entries if each.key in found.known),
    }  # fmt: skip
    _end(run, "checked", counts=counts, problems=[problem.plain() for problem in found.problems], total=len(ready))


def _import(run: ImportRun, actor: Actor, tell: engine.Tell) -> None:
    found = _prepared(run)

    def told(done: int, total: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=done, total=total, touched_at=clock.now())
        tell(done, total)

    left_out = set(run.left_out)
    engine.bring_in(found, actor, left_out, told)
    rows = sum(len(each.entry.rows) for each in found.entries if not left_out & set(each.entry.numbers))
    _end(run, "done", counts={**run.counts, "imported": rows, "left_out": len(left_out)})


def progress_file(run: ImportRun) -> Path:
    """Return where a dry run writes how far it is."""
    return folder() / f"{run.pk}.progress"


def progress_of(run: ImportRun) -> tuple[int, int]:
    """Return how far a run is: done, total."""
    if run.state == "checking":
        try:
            done, total = progress_file(run).read_text().split()
            return int(done), int(total)
        except (OSError, ValueError):
            return 0, 0
    return run.done, run.total


def faulty_rows(run: ImportRun, language: str) -> str:
    """Return the rows with problems as csv, as they stand in the file, with what is wrong beside them."""
    sheet = sheet_of(run)
    said: dict[int, list[str]] = {}
    for each in run.problems:
        sentence = each["zh"] if language.startswith("zh") else each["en"]
        said.setdefault(each["row"], []).append(f"{each['column']}: {sentence}" if each["column"] else sentence)
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([*header_at(sheet, run.header_row), "问题" if language.startswith("zh") else "Problem"])
    for number, cells in sheet.rows:
        if number in said:
            write.writerow([*("" if cell is None else str(cell) for cell in cells), " ".join(said[number])])
    return "\ufeff" + out.getvalue()
