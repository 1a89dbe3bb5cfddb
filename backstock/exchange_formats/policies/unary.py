"""Tests of a policy's table in the two languages of decision tables: FEEL (DMN) and ZEN (JDM). Pure.

Both write texts as "a", "b", ends of numbers as >= 8, <= 15 or [8..15], yes as true. They differ in what is not: FEEL says
not("a", "b"), ZEN says $ not in ["a", "b"]; and in texts: FEEL escapes quotes, ZEN knows no escapes but three kinds of quotes.
What goes beyond that is refused when it is read: we would only guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

Dialect = Literal["feel", "zen"]

_SPAN: Final = re.compile(r"^\[\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*\]$")
_END: Final = re.compile(r"^(>=|<=|>|<|==?)?\s*(-?\d+)$")
_FEEL_NOT: Final = re.compile(r"^not\s*\((.*)\)$", re.DOTALL)
_ZEN_NOT: Final = re.compile(r"^(?:\$\s+)?not\s+in\s*\[(.*)\]$", re.DOTALL)
_ZEN_IN: Final = re.compile(r"^(?:\$\s+)?in\s*\[(.*)\]$", re.DOTALL)
_TEXTS: Final[Mapping[Dialect, re.Pattern[str]]] = {
    "feel": re.compile(r"""\s*("(?:[^"\\]|\\.)*")\s*(,|$)""", re.DOTALL),
    "zen": re.compile(r"""\s*("[^"]*"|'[^']*'|`[^`$]*`)\s*(,|$)""", re.DOTALL),
}
# A decimal may be written where it is whole.
_WHOLE: Final = re.compile(r"(?<![\d.])(-?\d+)\.0+(?!\d)")


class Unreadable(ValueError):
    """An expression that says more than a policy's table can hold."""


class Unsayable(ValueError):
    """A text that a language cannot hold."""


def written(test: Mapping[str, Any], dialect: Dialect) -> str:
    """Write a test, an absent one as a dash or nothing; raise Unsayable."""
    if not test:
        return "-" if dialect == "feel" else ""
    if "yes" in test:
        return "true" if test["yes"] else "false"
    if "is" in test:
        return _listed(test["is"], dialect)
    if "not" in test:
        listed = _listed(test["not"], dialect)
        return f"not({listed})" if dialect == "feel" else f"$ not in [{listed}]"
    low, high = test.get("min"), test.get("max")
    if low is not None and high is not None:
        return f"[{low}..{high}]"
    return f">= {low}" if low is not None else f"<= {high}"


def _quoted(text: str, dialect: Dialect) -> str:
    if dialect == "feel":
        return json.dumps(text, ensure_ascii=False)
    quote = next((each for each in "\"'`" if each not in text and not (each == "`" and "$" in text)), None)
    if quote is None:
        raise Unsayable(text)
    return f"{quote}{text}{quote}"


def _listed(values: Any, dialect: Dialect) -> str:
    return ", ".join(_quoted(str(value), dialect) for value in values)


def read(text: str, kind: str, dialect: Dialect) -> dict[str, Any]:
    """Read a test of a fact of this kind; raise Unreadable."""
    text = text.strip()
    if text in ("", "-"):
        return {}
    if kind == "yesno":
        if text.lower() in ("true", "false"):
            return {"yes": text.lower() == "true"}
        raise Unreadable(text)
    return _number(text) if kind == "number" else _texts(text, dialect)


def _number(text: str) -> dict[str, int]:
    text = _WHOLE.sub(r"\1", text)
    if span := _SPAN.match(text):
        return {"min": int(span[1]), "max": int(span[2])}
    if (end := _END.match(text)) is None:
        raise Unreadable(text)
    sign, value = end[1], int(end[2])
    if sign in (None, "=", "=="):
        return {"min": value, "max": value}
    return {"min": value + (sign == ">")} if sign.startswith(">") else {"max": value - (sign == "<")}


def _texts(text: str, dialect: Dialect) -> dict[str, list[str]]:
    patterns = ((_FEEL_NOT, "not"),) if dialect == "feel" else ((_ZEN_NOT, "not"), (_ZEN_IN, "is"))
    for pattern, name in patterns:
        if found := pattern.match(text):
            return {name: _list(found[1], dialect)}
    return {"is": _list(text, dialect)}


def _list(text: str, dialect: Dialect) -> list[str]:
    values, at = [], 0
    while at < len(text):
        found = _TEXTS[dialect].match(text, at)
        if found is None or (found[2] and found.end() >= len(text)):
            raise Unreadable(text)
        values.append(_unquoted(found[1], dialect))
        at = found.end()
    if not values:
        raise Unreadable(text)
    return values


def _unquoted(quoted: str, dialect: Dialect) -> str:
    if dialect == "zen":
        return quoted[1:-1]
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        raise Unreadable(quoted) from None


def literal(value: Any, dialect: Dialect) -> str:
    """Write an outcome, an absent one as nothing; raise Unsayable."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _quoted(value, dialect)
    if isinstance(value, list | tuple):
        return f"[{_listed(value, dialect)}]"
    return json.dumps(value)


def value_of(text: str, dialect: Dialect) -> Any:
    """Read an outcome: a text, whole number, truth or list of texts; raise Unreadable."""
    text = text.strip()
    if text in ("", "-", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if whole := re.fullmatch(r"(-?\d+)(?:\.0+)?", text):
        return int(whole[1])
    if text.startswith("[") and text.endswith("]"):
        return _list(text[1:-1], dialect)
    values = _list(text, dialect)
    if len(values) != 1:
        raise Unreadable(text)
    return values[0]
