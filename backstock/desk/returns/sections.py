"""What else stands on the page of a return: each part of the product adds its own section here, in this order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstock.core.permissions import Actor
from backstock.returns.loading import LoadedReturn


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One card of the page: its template finds what it shows under `section.shown`."""

    template: str
    shown: dict[str, Any] = field(default_factory=dict)


# None: there is nothing to show, or this reader may not see it. `beside` stands in the narrow column.
Make = Callable[[LoadedReturn, Actor], Section | None]
MAIN: Sequence[Make] = ()
BESIDE: Sequence[Make] = ()


def sections(makers: Sequence[Make], rma: LoadedReturn, actor: Actor) -> list[Section]:
    """Make the sections that have something to show."""
    return [section for make in makers if (section := make(rma, actor)) is not None]
