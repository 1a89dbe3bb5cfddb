"""Writes money and quantities for people: integers in, text out; the same on pages, papers and in letters."""

from __future__ import annotations

from backstock.core.amounts import decimal_text

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "JPY": "JP¥", "KRW": "₩"}


def grouped(text: str) -> str:
    """Put a comma between thousands: 1234.5 → 1,234.5."""
    sign = "-" if text.startswith("-") else ""
    whole, point, rest = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{rest}"


def money_text(cents: int, currency: str = "CNY", digits: int = 2) -> str:
    """Write an amount given in the currency's smallest unit: 123450 → ¥1,234.50."""
    number = grouped(decimal_text(abs(cents), digits, trim=False))
    return f"{'-' if cents < 0 else ''}{symbol(currency)}{number}"


def symbol(currency: str) -> str:
    """Return the sign of a currency, else its code."""
    return SYMBOLS.get(currency, f"{currency} ")


def quantity_text(e4: int, unit: str = "") -> str:
    """Write a quantity given in 1/10,000 units, without empty decimals: 125000 → 12.5."""
    return f"{grouped(decimal_text(e4, 4))} {unit}".rstrip()
