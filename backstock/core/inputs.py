"""What a command may be told: typed, strict, and kept in the log without personal data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import date
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass as typed

from backstock.core.errors import InvalidInput

STRICT = ConfigDict(extra="forbid", str_max_length=2000, strict=True)


# Days that a company can have; due days and deadlines reckoned from them stay within what a date can hold.
BusinessDay = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]


@typed(frozen=True, kw_only=True, config=STRICT)
class Input:
    """What every command may be told: the business day of the event (default: today)."""

    on: BusinessDay | None = None


# Fields of an input that its class names as PERSONAL stay out of the log; SECRET ones stay out of the digest too.
PERSONAL, SECRET = "PERSONAL", "SECRET"


# Values that JSON and every database take as they are.
_PLAIN = frozenset({str, int, bool, float, type(None)})


# (class, what it hides) → names of its other fields; looked up once per class, asked for once per line.
_NAMES: dict[tuple[type[Any], str], tuple[str, ...]] = {}


def _shown(kind: type[Any], hide: str) -> tuple[str, ...]:
    """Name the fields of a class of inputs, without those that it hides."""
    if (kind, hide) not in _NAMES:
        hidden = getattr(kind, SECRET, frozenset()) | getattr(kind, hide, frozenset())
        _NAMES[kind, hide] = tuple(each.name for each in fields(kind) if each.name not in hidden)
    return _NAMES[kind, hide]


def _plain(value: Any, hide: str) -> Any:
    """Turn an input into JSON values, leaving out what its class hides."""
    if type(value) in _PLAIN:
        return value
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name), hide) for name in _shown(type(value), hide)}
    if isinstance(value, dict):
        return {str(key): _plain(each, hide) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, hide) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def payload_of(input_: Input) -> dict[str, Any]:
    """Return what the log keeps of an input: everything but empty fields and personal data."""
    plain: dict[str, Any] = _plain(input_, PERSONAL)
    return {key: value for key, value in plain.items() if value not in (None, "", [], {})}


def digest_of(name: str, input_: Input) -> str:
    """Return the SHA-256 of a command and its whole input, by which a reused key is told from a repetition."""
    whole = json.dumps([name, _plain(input_, SECRET)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def invalid(error: Exception) -> InvalidInput:
    """Turn a validation error into the refusal that names the field."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return InvalidInput(field=".".join(map(str, first["loc"])) or "input", problem=first["msg"])
    return InvalidInput(field="input", problem=str(error)[:200] or type(error).__name__)


def no_nul(value: Any, name: str = "input") -> None:
    """Refuse NUL and lone surrogates anywhere in the input: no database stores them alike."""
    if isinstance(value, str):
        if "\0" in value or (not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)):
            raise InvalidInput(field=name, problem="contains a character that cannot be stored")
    elif type(value) in _PLAIN:
        return
    elif hasattr(value, "__dataclass_fields__"):
        for name_of_field in value.__dataclass_fields__:
            no_nul(getattr(value, name_of_field), name_of_field)
    elif isinstance(value, dict):
        for key, each in value.items():
            no_nul(str(key), name)
            no_nul(each, name)
    elif isinstance(value, list | tuple):
        for each in value:
            no_nul(each, name)
