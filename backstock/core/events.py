"""What happened, told upwards after commit; `config/subscriptions.py` says who listens.

Events are stored with the log row of their command, so nothing is lost when a handler fails or the process dies:
a handler must be idempotent and may be run again from the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

Handler = Callable[[Mapping[str, Any]], None]
_handlers: dict[str, tuple[Handler, ...]] = {}
logger = logging.getLogger(__name__)


class Told(Protocol):
    """An item whose events are to be told."""

    log_id: int
    document: str
    events: list[dict[str, Any]]


def subscribe(subscriptions: Mapping[str, Sequence[Handler]]) -> None:
    """Replace the subscriptions; called once, at start."""
    _handlers.clear()
    _handlers.update({name: tuple(handlers) for name, handlers in subscriptions.items()})


def dispatch(items: Sequence[Told]) -> None:
    """Tell the handlers what was committed; a failing handler is logged and never undoes the command."""
    for item in items:
        for event in item.events:
            for handler in _handlers.get(event["event"], ()):
                try:
                    handler({**event, "document": item.document, "log_id": item.log_id})
                except Exception:
                    logger.exception("handler of %s failed for log row %s", event["event"], item.log_id)
