"""Run commands over many inputs by their keys: what an earlier run did is known and not sent again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backstock.core.commands import MAX_ITEMS, Command, Done, Input, Refused
from backstock.core.errors import DomainError
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM

# A question to the database names at most this many keys.
KEYS_AT_ONCE: Final = 5_000


def chunks[T](things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a sequence into pieces of a size."""
    return (things[start : start + size] for start in range(0, len(things), size))


@dataclass(slots=True)
class Sender:
    """Sends items to commands; remembers their answers, their refusals, and how many were new."""

    done: dict[str, Done] = field(default_factory=dict)
    refused: dict[str, DomainError] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)

    def recall(self, keys: Iterable[str]) -> None:
        """Find out which keys have taken effect in an earlier run."""
        for some in chunks(list(keys), KEYS_AT_ONCE):
            found = CommandLog.objects.filter(key__in=some).values_list("key", "document", "answer")
            self.done.update((key, Done(document, answer, repeated=True)) for key, document, answer in found)

    def send[In: Input](self, command: Command[In], wanted: Mapping[str, In]) -> None:
        """Run what is not known yet, in batches of which each commits."""
        fresh = [(key, input_) for key, input_ in wanted.items() if key not in self.done]
        for some in chunks(fresh, MAX_ITEMS):
            keys = [key for key, _ in some]
            outcomes = command.batch([input_ for _, input_ in some], actor=SYSTEM, keys=keys, mode="each")
            for key, outcome in zip(keys, outcomes, strict=True):
                if isinstance(outcome, Refused):
                    self.refused[key] = outcome.error
                    continue
                self.done[key] = outcome
                self.new[command.name] = self.new.get(command.name, 0) + (not outcome.repeated)

    def document(self, key: str) -> str | None:
        """Return the document that a key made."""
        found = self.done.get(key)
        return found.document if found else None

    def answer(self, key: str) -> Mapping[str, Any]:
        """Return what a key was answered; empty when it has not taken effect."""
        found = self.done.get(key)
        return found.answer if found else {}
