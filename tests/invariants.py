"""What must hold after every test that used a company; each check gives the sentences of what is broken."""

from __future__ import annotations

from collections.abc import Callable

# Add a check here and every test with `company_db` runs it when it ends (mark `breaks_ledgers` leaves it out).
CHECKS: list[Callable[[], list[str]]] = []


def broken_invariants() -> list[str]:
    """Run every check on the current company."""
    return [sentence for check in CHECKS for sentence in check()]
