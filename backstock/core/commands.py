"""What every command shares: permission, key, one durable transaction, log rows, and batches.

A command is a function over a Batch that does, in this order: lock, check, decide, post, advance, emit.

    @command("returns.receive", ReceiveReturn)
    def receive_return(batch: Batch[ReceiveReturn]) -> None: ...

    receive_return(ReceiveReturn(...), actor=wu)                       one item; raises the refusal
    receive_return.batch([...], actor=wu, keys=[...], mode="each")     many; each has its outcome
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from django.db import connection, models
from pydantic import TypeAdapter, ValidationError

from backstock.core import clock, rows, together
from backstock.core.errors import DomainError, InvalidInput, KeyReused, NoCompany, PeriodClosed, PermissionDenied
from backstock.core.inputs import STRICT, Input, digest_of, invalid, no_nul, payload_of
from backstock.core.models import CommandLog, Company, SecurityLog
from backstock.core.permissions import Actor

__all__ = ["STRICT", "Batch", "Command", "Done", "Input", "Item", "Outcome", "Refused", "command"]

Mode = Literal["all", "each"]
# A longer piece of work is cut into chunks by its caller and resumes by its keys.
MAX_ITEMS = 1000
In = TypeVar("In", bound=Input)


@dataclass(frozen=True, slots=True)
class Done:
    """An item that took effect: its document and a small answer, the same on every repetition of its key."""

    document: str
    answer: dict[str, Any] = field(default_factory=dict)
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that changed nothing, and why."""

    error: DomainError


Outcome = Done | Refused


@dataclass(slots=True)
class Item[In: Input]:
    """One input on its way through a command."""

    index: int
    input: In
    key: str
    on: date
    log_id: int = 0
    document: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    outcome: Outcome | None = None
    plan: Any = None

    def emit(self, event: str, **facts: Any) -> None:
        """Remember that something happened; it is stored with the log row and told to subscribers after commit."""
        self.events.append({"event": event, **facts})


class KeyTaken(Exception):
    """Another transaction committed one of our keys while we worked."""


class Batch[In: Input]:
    """The items of one run of a command, with the company and the instant they share."""

    def __init__(self, name: str, actor: Actor, company: Company, items: Sequence[Item[In]], mode: Mode) -> None:
        self.name, self.actor, self.company, self.items, self.mode = name, actor, company, items, mode
        self.recorded_at: datetime = clock.now()
        self.journal: list[Callable[[], None]] = []
        self.changes: dict[tuple[type[models.Model], int], dict[str, int]] = {}
        self._logged = False

    @property
    def open(self) -> list[Item[In]]:
        """The items that are neither refused nor answered already."""
        return [item for item in self.items if item.outcome is None]

    @property
    def digits(self) -> int:
        """Decimals of the company's currency."""
        return self.company.currency_digits

    def refuse_closed_days(self) -> None:
        """Refuse the items whose business day lies in a closed period."""
        closed = self.company.closed_through
        if closed is None:
            return
        for item in self.open:
            if item.on <= closed:
                error = PeriodClosed(on=item.on.isoformat(), closed_through=closed.isoformat())
                if self.mode == "all":
                    raise error
                item.outcome = Refused(error)

    @contextmanager
    def attempt(self, item: Item[In]) -> Iterator[None]:
        """Decide one item: a refusal takes back what it changed in memory; in mode `all` it ends the command."""
        mark = len(self.journal)
        try:
            yield
        except DomainError as error:
            if self.mode == "all":
                raise
            while len(self.journal) > mark:
                self.journal.pop()()
            item.outcome = Refused(error)
            item.plan, item.events = None, []

    def change(self, row: models.Model, **deltas: int) -> None:
        """Add to counters of a row in memory; a refusal of the item takes it back, `write_changes` stores the sum."""
        kept = self.changes.setdefault((type(row), row.pk), defaultdict(int))

        def apply(sign: int) -> None:
            for name, delta in deltas.items():
                setattr(row, name, getattr(row, name) + sign * delta)
                kept[name] += sign * delta

        apply(1)
        self.journal.append(lambda: apply(-1))

    def write_changes(self, *models_in_order: type[models.Model]) -> None:
        """Add what `change` collected to the rows of these models, one statement each."""
        for model in models_in_order:
            rows.add(model, {pk: deltas for (each, pk), deltas in self.changes.items() if each is model})

    def log(self) -> None:
        """Write one log row per open item, which gives each its `log_id`; call once, after deciding, before posting."""
        self._logged = True
        columns = (
            "name",
            "actor",
            "key",
            "digest",
            "payload",
            "answer",
            "events",
            "document",
            "business_on",
            "recorded_at",
        )
        log_rows = [
            (
                self.name, self.actor.user_id, item.key, digest_of(self.name, item.input), payload_of(item.input),
                item.answer, item.events, item.document, item.on, self.recorded_at,
            )
            for item in self.open
        ]  # fmt: skip
        ids = rows.insert_returning(CommandLog, columns, log_rows, skip_conflicts=True)
        for item, log_id in zip(self.open, ids, strict=True):
            if log_id is None:
                raise KeyTaken
            item.log_id = log_id


def lock_company(alone: bool = False) -> Company:
    """Read the company; on PostgreSQL share its row, so that who changes it (`alone`) waits for us and we for it."""
    tail = (" FOR UPDATE" if alone else " FOR SHARE") if connection.vendor == "postgresql" else ""
    found = list(Company.objects.raw(f"SELECT * FROM core_company{tail}"))
    if not found:
        raise NoCompany(database=str(connection.settings_dict["NAME"]), problem="no company yet, set one up first")
    return found[0]


def answered(name: str, items: Sequence[Item[Any]], mode: Mode) -> dict[str, Outcome]:
    """Find the stored answers of keys; a key that was used for something else is refused, in mode `each` by itself."""
    kept = CommandLog.objects.filter(key__in=[item.key for item in items])
    stored = {row[0]: row[1:] for row in kept.values_list("key", "digest", "document", "answer")}
    found: dict[str, Outcome] = {}
    for item in items:
        if item.key in stored:
            digest, document, answer = stored[item.key]
            found[item.key] = Done(document, answer, repeated=True)
            if digest != digest_of(name, item.input):
                if mode == "all":
                    raise KeyReused(key=item.key)
                found[item.key] = Refused(KeyReused(key=item.key))
    return found


class Command[In: Input]:
    """A named change with its permission and input type; call it, or give it a batch."""

    def __init__(
        self,
        name: str,
        input_type: type[In],
        body: Callable[[Batch[In]], None],
        founding: bool,
        permission: Callable[[In], str] | None,
        alone: bool,
        closing: bool,
    ) -> None:
        self.name, self.input_type, self.body, self.founding = name, input_type, body, founding
        self.alone, self.closing = alone or closing, closing
        self.permission = permission or (lambda _: name)
        self.__doc__ = body.__doc__
        self._adapter = TypeAdapter(input_type)

    def parse(self, raw: Any) -> In:
        """Build the typed input from JSON-like values; raise InvalidInput naming the first wrong field."""
        try:
            return (
                self._adapter.validate_json(json.dumps(raw))
                if not isinstance(raw, bytes)
                else self._adapter.validate_json(raw)
            )
        except (ValidationError, ValueError, TypeError, RecursionError) as error:
            raise invalid(error) from None

    def __call__(self, input_: In, *, actor: Actor, key: str | None = None) -> Done:
        """Run for one input; raise its refusal."""
        outcome = self.batch([input_], actor=actor, keys=None if key is None else [key])[0]
        if isinstance(outcome, Refused):
            raise outcome.error
        return outcome

    def batch(
        self, inputs: Sequence[In], *, actor: Actor, keys: Sequence[str] | None = None, mode: Mode = "all"
    ) -> list[Outcome]:
        """Run for many inputs in one durable transaction; `all` raises the first refusal, `each` returns them."""
        for permission in {
            self.permission(each) if isinstance(each, self.input_type) else self.name for each in inputs
        }:
            if not actor.may(permission):
                _remember_denial(actor, permission)
                raise PermissionDenied(permission=permission, actor=actor.name)
        if len(inputs) > MAX_ITEMS:
            raise InvalidInput(field="items", problem=f"{len(inputs)} items, at most {MAX_ITEMS} in one batch")
        if keys is not None and (len(keys) != len(inputs) or len(set(keys)) != len(keys)):
            raise InvalidInput(field="keys", problem="one key for each item, all different")
        for key in keys or ():
            if not 0 < len(key) <= 200 or "\0" in key:
                raise InvalidInput(field="key", problem="1 to 200 characters")
        for input_ in inputs:
            if not isinstance(input_, self.input_type):
                raise InvalidInput(field="input", problem=f"{self.input_type.__name__} expected")
            no_nul(input_)
        return self._run(inputs, actor, keys, mode)

    def _run(self, inputs: Sequence[In], actor: Actor, keys: Sequence[str] | None, mode: Mode) -> list[Outcome]:
        items = [
            Item(n, each, keys[n] if keys else uuid.uuid4().hex, each.on or date.min) for n, each in enumerate(inputs)
        ]
        for attempt in (1, 2, 3):
            # One keyed item is tried at once and looked up only when it does not go through: the usual case is new.
            if keys and (len(items) > 1 or attempt > 1):
                _answer_known(self.name, items, mode)
            try:
                with together.own_transaction():
                    self._within(items, actor, mode)
                break
            except KeyTaken:
                _reset(items)
            except DomainError:
                if not keys or not _answer_known(self.name, items, mode) or any(i.outcome is None for i in items):
                    raise
                break
        else:
            raise RuntimeError(f"{self.name}: its keys were taken again and again")
        if keys:
            _answer_refused(self.name, items)
        together.tell([item for item in items if isinstance(item.outcome, Done) and not item.outcome.repeated])
        return [item.outcome or Done(item.document, item.answer) for item in items]

    def _within(self, items: Sequence[Item[In]], actor: Actor, mode: Mode) -> None:
        if all(item.outcome is not None for item in items):
            return
        company = Company() if self.founding else lock_company(self.alone)
        for item in items:
            item.on = item.input.on or clock.today(company.timezone)
        batch = Batch(self.name, actor, company, items, mode)
        if not self.closing:
            batch.refuse_closed_days()
        if batch.open:
            self.body(batch)
        if batch.open and not batch._logged:
            raise RuntimeError(f"{self.name} did not log")
        for item in batch.open:
            item.outcome = Done(item.document, item.answer)


def _reset(items: Sequence[Item[Any]]) -> None:
    for item in items:
        item.outcome, item.plan, item.events = None, None, []


def _answer_known(name: str, items: Sequence[Item[Any]], mode: Mode) -> bool:
    """Give stored answers to the items whose keys were used before."""
    _reset(items)
    known = answered(name, items, mode)
    for item in items:
        item.outcome = known.get(item.key)
    return bool(known)


def _answer_refused(name: str, items: Sequence[Item[Any]]) -> None:
    """Give refused items the stored answer of their key: the refusal may come of its own first effect."""
    refused = [item for item in items if isinstance(item.outcome, Refused)]
    known = answered(name, refused, "each") if refused else {}
    for item in refused:
        item.outcome = known.get(item.key, item.outcome)


def _remember_denial(actor: Actor, name: str) -> None:
    SecurityLog.objects.create(actor_name=actor.name[:60], what=name, code="permission_denied", recorded_at=clock.now())


REGISTRY: dict[str, Command[Any]] = {}


def command[In: Input](
    name: str, input_type: type[In], *, founding: bool = False, alone: bool = False, closing: bool = False,
    permission: Callable[[In], str] | None = None,
) -> Callable[[Callable[[Batch[In]], None]], Command[In]]:  # fmt: skip
    """Register a function over a batch as the command `name`, which is its permission unless the input decides it.

    Who writes to the company itself runs `alone`; a `closing` one posts nothing, so its own day may be closed already.
    """

    def register(body: Callable[[Batch[In]], None]) -> Command[In]:
        made = Command(name, input_type, body, founding, permission, alone, closing)
        REGISTRY[name] = made
        return made

    return register
