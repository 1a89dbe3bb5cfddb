"""Writes money, quantities and times for pages; what papers and letters share is in `core.figures`."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from backstock.core.figures import SYMBOLS, grouped, money_text, quantity_text, symbol

__all__ = ["SYMBOLS", "day_text", "grouped", "moment_text", "money_text", "quantity_text", "symbol"]


def day_text(day: date) -> str:
    """Write a business day the way both languages read and sort it: 2026-11-23."""
    return day.isoformat()


def moment_text(moment: datetime) -> str:
    """Write an instant in the company's time: 2026-11-23 14:05."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return date_format(local, "Y-m-d H:i")
