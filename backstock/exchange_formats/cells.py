"""What a cell says: every value is read by a parser that trusts nothing and says what is wrong. Pure.

A cell arrives as text, number, date or truth value; it leaves as what a command takes, or as a `Wrong`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from backstock.core.amounts import E6, MAX_CENTS, MAX_PRICE_E6, MAX_QUANTITY_E4

type Cell = str | int | float | bool | date | None

LONGEST: Final = 5_000
# Spreadsheets count days from here (the 29th of February 1900, which never was, is behind us).
DAY_ZERO: Final = date(1899, 12, 30)
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2120, 1, 1)
_SEPARATORS = re.compile(r"[;\n]")
_CURRENCY = re.compile(r"^(¥|RMB|CNY|\$|€|£)|(元|块)$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$")
YES: Final = frozenset({"1", "y", "yes", "true", "是", "√", "对", "有", "启用"})
NO: Final = frozenset({"0", "n", "no", "false", "否", "×", "x", "无", "停用", "禁用"})


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    """Why a cell cannot be taken, as a code and a sentence in both languages."""

    code: str
    en: str
    zh: str


type Parser = Callable[[str], Any]


def text_of(cell: Cell) -> str:
    """Return what a cell shows: one form of every width of character, no blanks around it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        # A number that a spreadsheet made of a code: 6901234567892.0, never 6.9e12.
        return f"{Decimal(repr(cell)):f}".removesuffix(".0") if abs(cell) < 10**18 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(cell, date | int):
        return str(cell)
    if len(cell) > LONGEST:
        raise Wrong("too_long", f"Longer than {LONGEST} characters.", f"超过 {LONGEST} 个字符。")
    text = unicodedata.normalize("NFKC", cell).replace("\u200b", "").replace("\ufeff", "")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r" for char in text):
        raise Wrong("not_storable", "Contains a control character; type it anew.", "含有控制字符，请重新输入。")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def line(most: int) -> Parser:
    """Read one line of text."""

    def parse(text: str) -> str:
        # Our own export puts an apostrophe before what a spreadsheet would take for a formula.
        text = " ".join(_unquoted(text).split())
        if len(text) > most:
            raise Wrong("too_long", f"At most {most} characters.", f"最多 {most} 个字符。")
        return text

    return parse


def words(most: int) -> Parser:
    """Read free text of several lines."""

    def parse(text: str) -> str:
        text = _unquoted(text)
        if len(text) > most:
            raise Wrong("too_long", f"At most {most} characters.", f"最多 {most} 个字符。")
        return text

    return parse


def _unquoted(text: str) -> str:
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def number(text: str) -> Decimal:
    """Read a number in any of the ways people write one."""
    bare = _CURRENCY.sub("", _unquoted(text).replace(" ", "")).strip()
    if "," in bare:
        if not _THOUSANDS.match(bare):
            raise _no_number(text)
        bare = bare.replace(",", "")
    try:
        value = Decimal(bare) if len(bare) <= 40 else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise _no_number(text)
    return value


def _no_number(text: str) -> Wrong:
    if text.startswith("#"):
        return Wrong("error_cell", "The spreadsheet shows an error here.", "表格此处为错误值，请更正公式。")
    return Wrong("not_a_number", "Not a number. Write 1234.5 or 1,234.5.", "不是数字，请写成 1234.5 或 1,234.5。")


def scaled(digits: int, most: int, least: int = 0) -> Parser:
    """Read a number as an integer of 10^-digits."""

    def parse(text: str) -> int:
        value = number(text)
        if not -(10**20) < value < 10**20:
            raise Wrong("out_of_range", "Far too large.", "数值过大。")
        found = value.scaleb(digits)
        if found != found.to_integral_value():
            # A spreadsheet's 0.1 + 0.2: what is off by less than a millionth of the last digit is that digit.
            if abs(found - round(found)) > Decimal("0.000001"):
                raise Wrong("too_many_decimals", f"At most {digits} decimals.", f"最多 {digits} 位小数。")
            found = Decimal(round(found))
        if not least <= found <= most:
            said = "Must not be negative." if found < least == 0 else "Out of the possible range."
            raise Wrong("out_of_range", said, "不能为负数。" if found < least == 0 else "超出允许范围。")
        return int(found)

    return parse


quantity_e4 = scaled(4, MAX_QUANTITY_E4)
price_e6 = scaled(6, MAX_PRICE_E6)
cents_signed = scaled(2, MAX_CENTS, -MAX_CENTS)
cents = scaled(2, MAX_CENTS)


def whole(least: int, most: int) -> Parser:
    """Read a whole number."""
    return scaled(0, most, least)


def rate_e6(text: str) -> int:
    """Read a share: 13%, 13 or 0.13."""
    is_percent = text.endswith("%")
    value = number(text.removesuffix("%"))
    if is_percent or value > 1:
        value /= 100
    found: int = scaled(6, E6)(str(value))
    return found


def day(text: str) -> date:
    """Read a day: 2026-01-31, 2026/1/31, 2026年1月31日, 20260131, or a spreadsheet's day number."""
    wrong = Wrong("not_a_day", "Not a day. Write 2026-01-31.", "不是日期，请写成 2026-01-31。")
    try:
        if found := _DAY.match(text):
            value = date(*(int(part) for part in found.groups()))
        elif re.fullmatch(r"\d{8}", text):
            value = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        elif re.fullmatch(r"\d{5}(\.\d+)?", text):
            value = DAY_ZERO + timedelta(days=int(float(text)))
        else:
            raise wrong
    except (ValueError, OverflowError):
        raise wrong from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise wrong
    return value


def yes(text: str) -> bool:
    """Read yes or no."""
    said = text.lower()
    if said in YES or said in NO:
        return said in YES
    raise Wrong("not_yes_or_no", "Write 1 or 0, yes or no.", "请填写 是/否 或 1/0。")


def choice(known: Mapping[str, tuple[str, ...]]) -> Parser:
    """Read one of a few words, in either language: {value: (ways to say it)}."""
    values = {word.lower(): value for value, said in known.items() for word in (value, *said)}

    def parse(text: str) -> str:
        if text.lower() not in values:
            said = ", ".join(known), "、".join(words[0] if words else value for value, words in known.items())
            raise Wrong("not_a_choice", f"One of: {said[0]}.", f"只能填写：{said[1]}。")
        return values[text.lower()]

    return parse


def several(each: Parser) -> Parser:
    """Read a list of values: a; b; c."""

    def parse(text: str) -> tuple[Any, ...]:
        return tuple(each(part.strip()) for part in _SEPARATORS.split(text) if part.strip())

    return parse


def pairs(name: Parser, value: Parser) -> Parser:
    """Read a list of pairs: box=12; pallet=480."""

    def one(text: str) -> tuple[Any, Any]:
        left, sign, right = text.partition("=")
        if not sign or not left.strip() or not right.strip():
            raise Wrong("not_a_pair", "Write name=value; name=value.", "请写成 名称=数值；名称=数值。")
        return name(left.strip()), value(right.strip())

    return several(one)


def optional_pairs(name: Parser, value: Parser) -> Parser:
    """Read a list of values of which some have a name before them: 690…; box=169…."""

    def one(text: str) -> tuple[Any, Any]:
        left, sign, right = text.partition("=")
        return (name(left.strip()), value(right.strip())) if sign else ("", value(text))

    return several(one)
