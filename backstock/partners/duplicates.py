"""Tell that two partners are perhaps one: by what remains of a name, of a phone. Pure."""

from __future__ import annotations

import re
import unicodedata

# What a company is, not what it is called; longest first. Endings only: 公司 may stand inside a name.
_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "分公司", "集团", "公司", "商行", "经营部",
    "incorporated", "corporation", "limited", "company", "coltd", "gmbh", "corp", "inc", "ltd", "llc", "co",
)  # fmt: skip
_PHONE_DIGITS = 11


def name_key(name: str) -> str:
    """Return a name without its legal form, spaces and signs: 上海好茶有限公司 and 上海 好茶 are the same."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = re.findall(r"[^\W_]+", folded)
    key = "".join(words)
    found = True
    while found:
        found = next((True for form in _FORMS if key.endswith(form) and len(key) > len(form)), False)
        key = next((key[: -len(form)] for form in _FORMS if key.endswith(form) and len(key) > len(form)), key)
    return key[:200]


def phone_key(phone: str) -> str:
    """Return the digits of a phone without the country: +86 138-0013-8000 and 13800138000 are the same."""
    digits = "".join(char for char in unicodedata.normalize("NFKC", phone) if char.isdigit())
    if len(digits) > _PHONE_DIGITS:
        digits = digits.removeprefix("00").removeprefix("86")
    return digits if len(digits) >= 7 else ""
