"""Run several commands as one: all of them take effect or none does; in a rehearsal none ever does.

    with rehearsal():            with as_one():
        define_product(...)          sell(...)
        receive_purchase(...)        request_return(...)

Inside, a command is a savepoint and tells nobody; what it would have told is told after the whole was committed.
Neither can be opened inside the other, inside itself, or inside a transaction: what is rehearsed is never real.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction

from backstock.core import events


@dataclass(slots=True)
class _Whole:
    """What runs as one at this moment, and what is to be told when it is done."""

    told: list[events.Told] = field(default_factory=list)


_open: ContextVar[_Whole | None] = ContextVar("commands_as_one", default=None)


@contextmanager
def _whole() -> Iterator[_Whole]:
    if _open.get() is not None:
        raise RuntimeError("commands already run as one here")
    whole = _Whole()
    token = _open.set(whole)
    try:
        with transaction.atomic(durable=True):
            yield whole
    finally:
        _open.reset(token)


@contextmanager
def rehearsal() -> Iterator[None]:
    """Run commands to see what they say; nothing remains, and nobody is told."""
    with _whole():
        yield
        transaction.set_rollback(True)


@contextmanager
def as_one() -> Iterator[None]:
    """Run commands of which all take effect or none; an exception undoes them all."""
    with _whole() as whole:
        yield
    events.dispatch(whole.told)


@contextmanager
def inside() -> Iterator[None]:
    """Run commands within another one: they take effect with it or not at all, and what they tell is told after it."""
    if _open.get() is not None:
        yield
        return
    whole = _Whole()
    token = _open.set(whole)
    try:
        yield
    finally:
        _open.reset(token)
    transaction.on_commit(lambda: events.dispatch(whole.told))


@contextmanager
def own_transaction() -> Iterator[None]:
    """Open the transaction of one command: durable, or a savepoint where commands run as one."""
    with transaction.atomic(durable=_open.get() is None):
        yield


def tell(items: Sequence[events.Told]) -> None:
    """Tell what happened, now or when the whole is committed."""
    whole = _open.get()
    if whole is None:
        events.dispatch(items)
    else:
        whole.told.extend(items)
