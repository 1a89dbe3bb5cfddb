"""Writes money, quantities and times for people: integers in, text out."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

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
    return SYMBOLS.get(currency, f"{currency} ")


def quantity_text(e4: int, unit: str = "") -> str:
    """Write a quantity given in 1/10,000 units, without empty decimals: 125000 → 12.5."""
    return f"{grouped(decimal_text(e4, 4))} {unit}".rstrip()


def day_text(day: date) -> str:
    """Write a business day the way both languages read and sort it: 2026-11-23."""
    return day.isoformat()


def moment_text(moment: datetime) -> str:
    """Write an instant in the company's time: 2026-11-23 14:05."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return date_format(local, "Y-m-d H:i")
