"""Which money settles which document. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """An amount of the nth source for the nth target."""

    source: int
    target: int
    cents: int


def allocate(sources: Sequence[int], targets: Sequence[int]) -> list[Part]:
    """Use what the sources have, in their order, for what the targets need, in theirs, as far as it goes."""
    parts, at, left = list[Part](), 0, list(sources)
    for target, needed in enumerate(targets):
        while needed > 0 and at < len(left):
            cents = min(needed, left[at])
            if cents:
                parts.append(Part(at, target, cents))
            needed -= cents
            left[at] -= cents
            if not left[at]:
                at += 1
    return parts
