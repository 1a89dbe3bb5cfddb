"""Which way money goes back by each means of payment: at once, by hand, or through a gateway of `gateways.toml`.

The file names a means of payment per section. It holds secrets, so nobody else may read it; it is never in the database.
"""

from __future__ import annotations

import importlib
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings

from backstock.refunds.gateways.protocol import Gateway
from backstock.sales.postings import NO_MONEY

Way = Literal["at_once", "by_hand", "gateway"]
# The till gives coins, the house its own credit, and what is no money only lowers an account.
AT_ONCE: Final = frozenset({"cash", "store_credit", "receivable", *NO_MONEY})


class Misconfigured(Exception):
    """`gateways.toml` cannot be used as it is."""


_instead: dict[str, Gateway] | None = None


def way_of(tender: str) -> Way:
    """Tell how money goes back by a means of payment."""
    if tender in AT_ONCE:
        return "at_once"
    return "gateway" if gateway_of(tender) is not None else "by_hand"


def gateway_of(tender: str) -> Gateway | None:
    """Return the gateway of a means of payment; None where people pay by hand."""
    if _instead is not None:
        return _instead.get(tender) or _instead.get("*")
    return _configured(settings.GATEWAYS_FILE).get(tender)


def configured() -> list[str]:
    """Return the means of payment that have a gateway; raise Misconfigured, best before anybody needs one."""
    return sorted(_configured(settings.GATEWAYS_FILE))


@contextmanager
def using(gateways: Mapping[str, Gateway]) -> Iterator[None]:
    """Use these gateways instead of the configured ones; `*` stands for every means of payment."""
    global _instead
    before, _instead = _instead, dict(gateways)
    try:
        yield
    finally:
        _instead = before


@cache
def _configured(path: str) -> dict[str, Gateway]:
    file = Path(path)
    if not file.is_file():
        return {}
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Misconfigured(f"{file.name} holds secrets and may be read by others: chmod 600")
    try:
        sections = tomllib.loads(file.read_text(encoding="utf-8"))
        return {tender: _made(tender, section, file.parent) for tender, section in sections.items()}
    except ImportError:
        raise Misconfigured(f"{file.name}: install backstock[gateways] for it") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, OSError, ValueError) as error:
        raise Misconfigured(f"{file.name}: {error}") from None


def _made(tender: str, section: Mapping[str, Any], folder: Path) -> Gateway:
    """Make the gateway of a section; its keys lie in files beside it."""
    # With the extra `gateways`; without one nobody needs its libraries.
    makers = importlib.import_module("backstock.refunds.gateways.making").MAKERS
    kind = section["kind"]
    if kind not in makers:
        raise ValueError(f"[{tender}] kind {kind!r} is none of {', '.join(sorted(makers))}")
    made: Gateway = makers[kind](section, folder)
    return made
