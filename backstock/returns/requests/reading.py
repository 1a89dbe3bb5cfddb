"""Read what a customer wrote: order numbers, phones, quantities, reason and wish, each with the words that led to it. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

PHONE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
CODE: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]{0,8}[-_]?[0-9A-Za-z][0-9A-Za-z_-]{0,38}\d[0-9A-Za-z_-]{0,20}(?![0-9A-Za-z])"
)
NAME: Final = re.compile(r"(?:我是|我叫|姓名[::]?\s*|my name is\s+|I am\s+)([一-鿿]{2,4}|[A-Za-z]+(?: [A-Za-z]+)?)")
UNITS: Final = "件个只盒箱台条瓶双套包本张部"
QUANTITY: Final = re.compile(rf"(\d{{1,4}}|[一二两三四五六七八九十]{{1,3}})\s*(?:[{UNITS}]|pcs\b|pieces?\b|units?\b)")
DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# What is meant by words, the more telling ones first.
REASONS: Final = (
    ("wrong", ("发错", "错货", "寄错", "wrong item", "wrong product")),
    ("damaged", ("破损", "碎", "裂", "压坏", "摔坏", "破了", "damaged", "broken")),
    ("defective", ("不能用", "没反应", "故障", "坏了", "不工作", "does not work", "doesn't work", "defective", "faulty")),
    ("description", ("描述不符", "色差", "不符", "not as described")),
    ("late", ("太慢", "来晚", "迟到", "too late")),
    ("unfit", ("大了", "小了", "不合适", "尺码", "不喜欢", "不想要", "too big", "too small", "not fit", "don't like")),
)  # fmt: skip
TYPES: Final = (
    ("refund_only", ("仅退款", "只退款", "refund only", "without returning")),
    ("exchange", ("换货", "换一", "更换", "exchange")),
    ("repair", ("维修", "修理", "修一", "repair")),
    ("replacement", ("补发", "漏发", "少发", "missing")),
    ("return_refund", ("退货", "退掉", "退款", "退回", "return", "refund")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """Something a text says: what it is taken for, the word that said so, and where it stands."""

    what: str
    value: str
    word: str
    at: int


@dataclass(slots=True)
class Reading:
    """Everything that was found in a text."""

    text: str
    heard: list[Heard] = field(default_factory=list)

    def values(self, what: str) -> list[str]:
        """Return what was found of a kind, each once, in order."""
        return list(dict.fromkeys(each.value for each in self.heard if each.what == what))

    def first(self, what: str) -> str:
        """Return the first of a kind, or nothing."""
        return next(iter(self.values(what)), "")

    def quantity_near(self, at: int) -> int:
        """Return the quantity that stands nearest to a place in the text; one where none is said."""
        said = [(abs(each.at - at), int(each.value)) for each in self.heard if each.what == "quantity"]
        return min(said)[1] if said else 1


def number_of(text: str) -> int:
    """Read a number as people write it: 12, 两, 十二."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS.get(text, 0)
    return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)


def read(text: str) -> Reading:
    """Read a message."""
    plain = unicodedata.normalize("NFKC", text)[:20_000]
    found = Reading(plain)
    for match in PHONE.finditer(plain):
        found.heard.append(Heard("phone", match[0], match[0], match.start()))
    phones = set(found.values("phone"))
    for match in CODE.finditer(plain):
        if match[0] not in phones and len(match[0]) >= 2:
            found.heard.append(Heard("code", match[0], match[0], match.start()))
    for match in NAME.finditer(plain):
        found.heard.append(Heard("name", match[1], match[0], match.start(1)))
    for match in QUANTITY.finditer(plain):
        if count := number_of(match[1]):
            found.heard.append(Heard("quantity", str(count), match[0], match.start()))
    low = plain.casefold()
    for what, known in (("reason", REASONS), ("type", TYPES)):
        for code, words in known:
            if word := next((each for each in words if each in low), ""):
                found.heard.append(Heard(what, code, word, low.index(word)))
                break
    return found
