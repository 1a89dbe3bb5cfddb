"""One good and one refused input of every command, so that what holds for all commands is tested on all of them."""

from __future__ import annotations

from typing import Any

from tests.commands.cases import catalog, company, money, purchases, requests, returns, sales, stock, telling
from tests.commands.cases.case import Case, command, parsed

__all__ = ["CASES", "command", "good", "parsed"]

PARTS = (catalog, company, money, purchases, requests, returns, sales, stock, telling)
CASES: dict[str, Case] = {name: case for part in PARTS for name, case in part.CASES.items()}


def good(name: str) -> Any:
    """Reach a state and build the input that is good in it."""
    return parsed(name, CASES[name].make())
