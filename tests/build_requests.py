"""Reach states of requests by commands: split, merged, changed in type, prolonged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from backstock.core.commands import Done
from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.change_type import ChangeType, change_type
from backstock.returns.commands.edit import edit_return
from backstock.returns.commands.merge import MergeReturn, merge_return
from backstock.returns.commands.prolong import ProlongReturn, prolong_return
from backstock.returns.commands.request import request_return
from backstock.returns.commands.split import split_return
from tests.build import DAY, Number, e4

LATER = DAY + timedelta(days=5)


def line(sku: str = "A", quantity: Number = 1, **more: Any) -> dict[str, Any]:
    """Write a line of goods."""
    return {"sku": sku, "quantity_e4": e4(quantity), **more}


def asked(*lines: dict[str, Any], on: date = DAY, actor: Actor = SYSTEM, **head: Any) -> Done:
    """Ask for goods of several sales, or of none, at once."""
    return request_return(request_return.parse({"lines": lines, "on": on.isoformat(), **head}), actor=actor)


def split(rma: str, *lines: dict[str, Any], on: date = DAY, actor: Actor = SYSTEM) -> str:
    """Split a request; gives the number of the new one."""
    raw = {"document": rma, "lines": list(lines) or [line()], "on": on.isoformat()}
    return str(split_return(split_return.parse(raw), actor=actor).answer["new"])


def merged(rma: str, source: str, on: date = DAY, actor: Actor = SYSTEM) -> str:
    """Merge a request into another one."""
    return merge_return(MergeReturn(document=rma, source=source, on=on), actor=actor).document


def changed(rma: str, to: Any, on: date = DAY, actor: Actor = SYSTEM) -> str:
    """Change what a return is about."""
    return change_type(ChangeType(document=rma, type=to, on=on), actor=actor).document


def prolonged(rma: str, until: date = LATER, on: date = DAY, actor: Actor = SYSTEM) -> str:
    """Give an authorisation more time."""
    return prolong_return(ProlongReturn(document=rma, until=until, on=on), actor=actor).document


def corrected(rma: str, on: date = DAY, actor: Actor = SYSTEM, **changes: Any) -> str:
    """Correct a request: `lines`, `add`, `remove`."""
    raw = {"document": rma, "on": on.isoformat(), **changes}
    return edit_return(edit_return.parse(raw), actor=actor).document
