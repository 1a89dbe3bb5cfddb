"""Turn the rows of a file into commands and run them: in a rehearsal to see what they say, then for real, chunk by chunk."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from backstock.core.commands import Command, Refused
from backstock.core.errors import DomainError
from backstock.core.inputs import invalid
from backstock.core.models import CommandLog
from backstock.core.permissions import Actor
from backstock.core.together import as_one, rehearsal
from backstock.exchange_formats.errors import ImportStopped
from backstock.exchange_formats.kinds.kind import Column, Entry
from backstock.exchange_formats.reading import Problem, Table
from backstock.exchange_formats.sheets import Sheet

CHUNK: Final = 500
KEYS_AT_ONCE: Final = 5_000
type Tell = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """An entry with its key: made of what its rows say, so that a file saved anew, or corrected, repeats nothing."""

    key: str
    entry: Entry
    texts: Mapping[int, Mapping[str, str]]

    @property
    def first_row(self) -> int:
        """The row where it begins."""
        return min(self.entry.numbers, default=0)


@dataclass(slots=True)
class Prepared:
    """A file that was read: its entries, those that could be read, and what is wrong with the others."""

    table: Table
    rows: int = 0
    entries: list[Keyed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    @property
    def faulty(self) -> set[int]:
        """The rows with problems."""
        return {problem.row for problem in self.problems}

    def fresh(self, without: set[int]) -> list[Keyed]:
        """Return the entries that are not in yet and hold no row to be left out."""
        return [each for each in self.entries if each.key not in self.known and not without & set(each.entry.numbers)]


def prepare(table: Table, sheet: Sheet, on: date) -> Prepared:
    """Read a file to its end and find out what of it came in before."""
    found, texts, rows = Prepared(table), dict[int, dict[str, str]](), []
    for row, problems, said in table.read(sheet):
        rows.append(row)
        texts[row.number] = said
        found.problems += problems
    found.rows = len(rows)
    seen: Counter[str] = Counter()
    for entry in table.kind.entries(rows, on):
        own = {number: texts[number] for number in entry.numbers}
        digest = hashlib.sha256(json.dumps([table.kind.key, *own.values()], sort_keys=True).encode()).hexdigest()[:40]
        seen[digest] += 1
        found.entries.append(Keyed(f"import:{table.kind.key}:{digest}:{seen[digest]}", entry, own))
    first_keys = [f"{each.key}:0" for each in found.entries]
    for start in range(0, len(first_keys), KEYS_AT_ONCE):
        known = CommandLog.objects.filter(key__in=first_keys[start : start + KEYS_AT_ONCE])
        found.known |= {key.removesuffix(":0") for key in known.values_list("key", flat=True)}
    return found


def dry_run(found: Prepared, actor: Actor, tell: Tell = silent) -> None:
    """Run all of it in a rehearsal and add what the commands refuse to the problems."""
    entries = found.fresh(found.faulty)
    with rehearsal():
        for start in range(0, len(entries), CHUNK):
            for keyed, error in _run(entries[start : start + CHUNK], actor):
                found.problems.append(_problem(found.table, keyed, error))
            tell(min(start + CHUNK, len(entries)), len(entries))
    found.problems.sort(key=lambda problem: problem.row)


def bring_in(found: Prepared, actor: Actor, left_out: set[int], tell: Tell = silent) -> int:
    """Import what is not in yet; each chunk is in whole or not at all. Raise ImportStopped before the first refusal."""
    entries, done = found.fresh(left_out), 0
    tell(0, len(entries))
    for start in range(0, len(entries), CHUNK):
        chunk = entries[start : start + CHUNK]
        refused = _bring(chunk, actor)
        if refused:
            # What stands before the refused one is good: it comes in, nothing else does.
            keyed, error = refused
            before = chunk[: chunk.index(keyed)]
            if before and _bring(before, actor) is None:
                tell(done + len(before), len(entries))
            problem = _problem(found.table, keyed, error)
            raise ImportStopped(row=problem.row, problem=error.sentence("zh") + " / " + error.sentence("en"))
        done += len(chunk)
        tell(done, len(entries))
    return done


class _TakenBack(Exception):
    """A chunk of which something was refused."""


def _bring(chunk: Sequence[Keyed], actor: Actor) -> tuple[Keyed, DomainError] | None:
    """Import a chunk as one; return its first refusal, after which nothing of it is in."""
    refused: list[tuple[Keyed, DomainError]] = []
    try:
        with as_one():
            refused = _run(chunk, actor)
            if refused:
                raise _TakenBack
    except _TakenBack:
        return min(refused, key=lambda each: chunk.index(each[0]))
    return None


def _run(chunk: Sequence[Keyed], actor: Actor) -> list[tuple[Keyed, DomainError]]:
    """Run the steps of some entries, every step of all of them in as few batches as it has commands."""
    refused: dict[str, tuple[Keyed, DomainError]] = {}
    documents: dict[str, str] = {}
    for wave in range(max((len(each.entry.steps) for each in chunk), default=0)):
        going = [each for each in chunk if each.key not in refused and wave < len(each.entry.steps)]
        for command, items in _by_command(going, wave, documents, refused):
            keys = [f"{keyed.key}:{wave}" for keyed, _ in items]
            outcomes = command.batch([each for _, each in items], actor=actor, keys=keys, mode="each")
            for (keyed, _), outcome in zip(items, outcomes, strict=True):
                if not isinstance(outcome, Refused):
                    documents.setdefault(keyed.key, outcome.document)
                elif outcome.error.code not in keyed.entry.steps[wave].tolerates:
                    refused[keyed.key] = (keyed, outcome.error)
    return list(refused.values())


def _by_command(
    going: Sequence[Keyed], wave: int, documents: Mapping[str, str], refused: dict[str, tuple[Keyed, DomainError]]
) -> Iterator[tuple[Command[Any], list[tuple[Keyed, Any]]]]:
    """Build the inputs of one step, command by command; what no input can hold is refused."""
    found: dict[str, tuple[Command[Any], list[tuple[Keyed, Any]]]] = {}
    for keyed in going:
        step = keyed.entry.steps[wave]
        try:
            input_ = step.make(documents.get(keyed.key, ""))
        except ValidationError as error:
            refused[keyed.key] = (keyed, invalid(error))
            continue
        except DomainError as error:
            refused[keyed.key] = (keyed, error)
            continue
        found.setdefault(step.command.name, (step.command, []))[1].append((keyed, input_))
    yield from found.values()


def _problem(table: Table, keyed: Keyed, error: DomainError) -> Problem:
    """Say a refusal of a command with the row and the column it is about."""
    facts = {name.removesuffix("_e4").removesuffix("_cents"): value for name, value in error.facts().items()}
    # `lines.0.quantity_e4` is what an input calls a field of its first line.
    path = str(facts.get("field", "")).split(".")
    column = _column(table, {path[-1]} if "field" in facts else set(facts), error.code)
    numbers = keyed.entry.numbers
    row = keyed.first_row
    if len(path) > 1 and path[1].isdigit() and int(path[1]) < len(numbers):
        row = numbers[int(path[1])]
    elif "field" not in facts:
        said = {str(value) for value in facts.values() if value not in ("", None)}
        row = next((number for number in numbers if said & set(keyed.texts[number].values())), row)
    value = keyed.texts.get(row, {}).get(column.key, "") if column else ""
    head = table.head(column.key) if column else ""
    return Problem(row, head, value[:100], error.code, error.sentence("en"), error.sentence("zh"))


def _column(table: Table, named: set[str], code: str) -> Column | None:
    """Find the column that a refusal is about: of those it names, the one that its code begins with."""
    known = [
        column
        for column in table.kind.columns
        if column.key in table.places and named & {column.key, column.key.rsplit("_", 1)[0], *column.facts}
    ]
    return next((each for each in known if code.startswith(each.key.split("_")[0])), known[0] if known else None)
