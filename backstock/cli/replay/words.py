"""Turn the words of a scenario into the typed inputs of commands: units and names only, no arithmetic of business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backstock.core.amounts import scaled
from backstock.core.commands import Command
from backstock.core.errors import InvalidAmount, InvalidQuantity
from backstock.returns.errors import NotBuiltYet


def quantity_e4(value: Any, sku: str) -> int:
    """Read a quantity; raise InvalidQuantity for one that is no number or finer than 1/10,000."""
    try:
        return scaled(value, 4)
    except ValueError:
        raise InvalidQuantity(sku=sku, quantity=str(value), decimals=4) from None


def cents(value: Any, digits: int, field: str) -> int:
    """Read an amount; raise InvalidAmount for one that is finer than the currency."""
    try:
        return scaled(value, digits)
    except ValueError:
        raise InvalidAmount(field=field, amount=str(value)) from None


def e6(value: Any, field: str) -> int:
    """Read a unit price or cost; raise InvalidAmount."""
    try:
        return scaled(value, 6)
    except ValueError:
        raise InvalidAmount(field=field, amount=str(value)) from None


def day(value: Any) -> date:
    """Read an ISO date."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def build[T](command: Command[Any], known: Mapping[str, Any]) -> Any:
    """Build the command's input from plain values, leaving out what the scenario does not say."""
    return command.parse({name: value for name, value in known.items() if value is not None})


def line_of(line: Mapping[str, Any], digits: int, renamed: Mapping[str, str] = {}) -> dict[str, Any]:
    """Turn a line into plain values of a command's line."""
    sku = str(line.get("sku", ""))
    readers: dict[str, Callable[[Any], tuple[str, Any]]] = {
        "sku": lambda v: ("sku", str(v)),
        "qty": lambda v: ("quantity_e4", quantity_e4(v, sku)),
        "unit": lambda v: ("unit", str(v)),
        "line": lambda v: ("line", v),
        "lot": lambda v: ("lot", str(v)),
        "expires": lambda v: ("expires_on", day(v).isoformat()),
        "serials": lambda v: ("serials", [str(each) for each in v]),
        "reason": lambda v: ("reason", str(v)),
        "unit_cost": lambda v: ("unit_cost_e6", e6(v, "unit_cost")),
        "unit_price": lambda v: ("unit_price_e6", e6(v, "unit_price")),
        "price": lambda v: ("unit_price_e6", e6(v, "price")),
        "discount": lambda v: ("discount_cents", cents(v, digits, "discount")),
        "value": lambda v: ("value_cents", cents(v, digits, "value")),
        "grade": lambda v: ("grade", str(v)),
        "accepted": lambda v: ("accepted", v),
        "to": lambda v: ("to", str(v)),
        "as": lambda v: ("found", str(v)),
    }
    found: dict[str, Any] = {}
    for name, value in line.items():
        if name not in readers:
            raise NotBuiltYet(what=f"{name} on a line")
        key, read = readers[name](value)
        found[renamed.get(key, key)] = read
    return found


def lines_of(fields: Mapping[str, Any], digits: int) -> list[dict[str, Any]]:
    """Turn the lines of a step into plain values."""
    return [line_of(line, digits) for line in fields.get("lines", [])]


def tenders_of(by: Mapping[str, Any], digits: int) -> list[dict[str, Any]]:
    """Turn {tender: amount} into plain values."""
    return [{"tender": str(tender), "amount_cents": cents(amount, digits, tender)} for tender, amount in by.items()]


def not_built(fields: Mapping[str, Any], names: Sequence[str], verb: str) -> None:
    """Refuse fields of the language that the product does not know yet: the case fails, it is never skipped."""
    for name in names:
        if name in fields:
            raise NotBuiltYet(what=f"{verb} with {name}")
