"""One card of the page of a return; `sections.py` says which there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backstock.core.permissions import Actor
from backstock.returns.loading import LoadedReturn


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One card of the page: its template finds what it shows under `section.shown`."""

    template: str
    shown: dict[str, Any] = field(default_factory=dict)


# None: there is nothing to show, or this reader may not see it.
Make = Callable[[LoadedReturn, Actor], Section | None]
