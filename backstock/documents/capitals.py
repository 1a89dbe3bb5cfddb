"""Amounts in Chinese capital numerals (大写金额), as accountants write them: they cannot be changed by a stroke. Pure."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
CURRENCIES = {
    "CNY": ("人民币", "元"), "USD": ("美元", "元"), "EUR": ("欧元", "元"), "GBP": ("英镑", "元"), "HKD": ("港币", "元"),
    "TWD": ("新台币", "元"), "JPY": ("日元", "元"), "KRW": ("韩元", "元"),
}  # fmt: skip


def capital_amount(cents: int, currency: str = "CNY", digits: int = 2) -> str:
    """Write an amount in the currency's smallest unit: 10050 → 人民币壹佰元伍角整."""
    name, unit = CURRENCIES.get(currency, (currency, "元"))
    whole, rest = divmod(abs(cents), 10**digits)
    sign = "负" if cents < 0 else ""
    # Below the second decimal there are no names: currencies of three decimals are written to the cent.
    jiao, fen = divmod(rest * 100 // 10**digits, 10)
    text = f"{_integer(whole)}{unit}" if whole or not rest else ""
    if not (jiao or fen):
        return f"{name}{sign}{text}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif text:
        text += DIGITS[0]
    return f"{name}{sign}{text}{DIGITS[fen]}分" if fen else f"{name}{sign}{text}整"


def _integer(number: int) -> str:
    """Write a whole number: zeros between digits are said once, zeros at the end of a group are not said."""
    if not number:
        return DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 10**4)
        groups.append(group)
    text, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += DIGITS[0]
        text += _group(group) + GROUPS[index]
        gap = False
    return text


def _group(group: int) -> str:
    """Write a number below ten thousand."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += (DIGITS[0] if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text
