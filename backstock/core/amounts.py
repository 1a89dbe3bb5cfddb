"""Integers in the smallest unit, and the few ways in which they are rounded and shared. Pure.

`_e4`: quantity in 1/10,000 of the base unit. `_e6`: unit price, unit cost, tax rate in 1/1,000,000.
`_e9`: exchange rate in 1/1,000,000,000. `_cents`: the currency's smallest unit, whatever its digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

E4, E6, E9 = 10**4, 10**6, 10**9
# Above these a 64-bit column or a sum over a million rows could overflow; no trader comes near them.
MAX_QUANTITY_E4 = 10**9 * E4
MAX_CENTS = 10**13
MAX_PRICE_E6 = 10**9 * E6


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round half up (away from zero)."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def share(total: int, part: int, whole: int) -> int:
    """Return the floor of `total * part / whole`; nothing of nothing is nothing."""
    return total * part // whole if whole else 0


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` by weight: floor each, the last with a weight takes the rest; without weights the last takes all."""
    whole = sum(weights)
    if not weights:
        return []
    if not whole:
        return [0] * (len(weights) - 1) + [total]
    parts = [share(total, weight, whole) for weight in weights]
    last = max(index for index, weight in enumerate(weights) if weight)
    parts[last] += total - sum(parts)
    return parts


def line_cents(quantity_e4: int, unit_price_e6: int, digits: int) -> int:
    """Return the amount of a line in the currency's smallest unit, rounded half up once."""
    return half_up(quantity_e4 * unit_price_e6 * 10**digits, E4 * E6)


def tax_on_top(net_cents: int, rate_e6: int) -> int:
    """Return the tax to add to a net amount, rounded half up."""
    return half_up(net_cents * rate_e6, E6)


def tax_inside(gross_cents: int, rate_e6: int) -> int:
    """Return the tax contained in a gross amount, rounded half up."""
    return half_up(gross_cents * rate_e6, E6 + rate_e6)


def to_base_cents(original_cents: int, rate_e9: int) -> int:
    """Convert an amount into the company's currency, rounded half up."""
    return original_cents if rate_e9 == E9 else half_up(original_cents * rate_e9, E9)


def round_to(cents: int, step_cents: int) -> int:
    """Round to the smallest coin, half up."""
    return half_up(cents, step_cents) * step_cents


def scaled(value: Decimal | int | str, digits: int) -> int:
    """Turn normal notation into an integer of 10^-digits; raise ValueError when it does not come out whole."""
    try:
        number = Decimal(str(value)).scaleb(digits)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite() or number != number.to_integral_value():
        raise ValueError(f"{value} has more than {digits} decimals")
    return int(number)


def decimal_text(value: int, digits: int, trim: bool = True) -> str:
    """Write a scaled integer in normal notation: 15000 with 4 digits is 1.5."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value, 10**digits)
    text = f"{rest:0{digits}d}" if digits else ""
    if trim:
        text = text.rstrip("0")
    return f"{sign}{whole}.{text}" if text else f"{sign}{whole}"
