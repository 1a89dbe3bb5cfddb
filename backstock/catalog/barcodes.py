"""Tell whether a barcode can be what it looks like. Pure."""

from __future__ import annotations

# GTIN-8, UPC-A, EAN-13 and ITF-14 end in a check digit; any other code is the house's own.
GTIN_LENGTHS = (8, 12, 13, 14)


def is_gtin(code: str) -> bool:
    """Tell whether a code has the form of a trade item number."""
    return code.isascii() and code.isdigit() and len(code) in GTIN_LENGTHS


def check_digit(body: str) -> str:
    """Return the digit that completes a trade item number: from the right, digits count three times and once in turn."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_valid(code: str) -> bool:
    """Tell whether a code is a trade item number with the right check digit, or a code of the house."""
    return not is_gtin(code) or code[-1] == check_digit(code[:-1])
