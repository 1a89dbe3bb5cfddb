"""Let things happen at the same moment, each from a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connections

from backstock.core.commands import Done
from backstock.core.errors import DomainError


def together(*steps: Callable[[], Done]) -> tuple[list[Done], list[str]]:
    """Run steps at once; return what was done and the codes of what was refused. Anything else is a fault."""
    start = threading.Barrier(len(steps))
    done: list[Done] = []
    refused: list[str] = []
    broken: list[BaseException] = []

    def one(step: Callable[[], Done]) -> None:
        try:
            start.wait(timeout=30)
            done.append(step())
        except DomainError as error:
            refused.append(error.code)
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not broken, broken
    return done, sorted(refused)


def many(make: Callable[[int], Callable[[], Done]], count: int) -> Sequence[Callable[[], Done]]:
    """Make `count` steps."""
    return [make(n) for n in range(count)]
