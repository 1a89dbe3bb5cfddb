"""Tests and terms of a policy as short texts: what stands in the cells of its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backstock.core.amounts import decimal_text
from backstock.desk import words
from backstock.desk.figures import money_text
from backstock.desk.policies.names import Names
from backstock.desk.policies.terms import TERMS
from backstock.policies.table.model import FIELDS


def fact_label(fact: str) -> str:
    """Return what a fact is called in the reader's language."""
    known = FIELDS[fact]
    return known.zh if (get_language() or "zh-hans").lower().startswith("zh") else known.en


def fact_title(fact: str) -> str:
    """Return what a fact is called where nothing stands before it."""
    label = fact_label(fact)
    return label[:1].upper() + label[1:]


def number_text(value: int, unit: str, names: Names) -> str:
    """Write a number of a fact or term in its unit."""
    if unit == "days":
        return ngettext("%(count)s day", "%(count)s days", value) % {"count": value}
    if unit == "cents":
        return money_text(value, *names.currency)
    if unit == "e6":
        return f"{decimal_text(value, 4)} %"
    return decimal_text(value, 4) if unit == "e4" else str(value)


def tested_text(fact: str, test: Mapping[str, Any], names: Names) -> str:
    """Say a test without its fact: "electronics", "not shop", "8 days or more", "yes"."""
    if "yes" in test:
        return _("yes") if test["yes"] else _("no")
    if "is" in test or "not" in test:
        listed = _(" or ").join(names.of(fact, value) for value in test.get("is") or test.get("not") or ())
        return _("not %(values)s") % {"values": listed} if "not" in test else listed
    low, high = test.get("min"), test.get("max")
    unit = FIELDS[fact].unit
    if low is not None and high is not None:
        if low == high:
            return number_text(low, unit, names)
        return f"{number_text(low, unit, names)} – {number_text(high, unit, names)}"
    if low is not None:
        return _("%(number)s or more") % {"number": number_text(low, unit, names)}
    return _("%(number)s or less") % {"number": number_text(high or 0, unit, names)}


def when_text(when: Mapping[str, Any], names: Names) -> str:
    """Say all tests of a row in one line."""
    parts = [
        _("%(fact)s: %(values)s") % {"fact": fact_label(fact), "values": tested_text(fact, when[fact], names)}
        for fact in FIELDS
        if fact in when
    ]
    return _("; ").join(parts) or _("every return")


def term_text(name: str, value: Any, names: Names) -> str:
    """Say the value of a term."""
    term = TERMS[name]
    if term.kind == "days":
        return number_text(value, "days", names)
    if term.kind == "share":
        return number_text(value, "e6", names)
    if term.kind == "amount":
        return number_text(value, "cents", names)
    if term.kind == "yesno":
        return _("yes") if value else _("no")
    if term.kind == "boxes":
        return words.listed(words.word(term.choices or {}, each) for each in value) or _("nothing")
    return words.word(term.choices or {}, value)


def then_text(then: Mapping[str, Any], names: Names) -> str:
    """Say all outcomes of a row in one line."""
    parts = [
        _("%(fact)s: %(values)s") % {"fact": TERMS[name].label, "values": term_text(name, then[name], names)}
        for name in TERMS
        if then.get(name) is not None
    ]
    return _("; ").join(parts) or _("as the rest of the policy says")


def case_text(case: Mapping[str, Any], names: Names) -> str:
    """Say the facts of an example."""
    parts = []
    for fact, value in case.items():
        if fact not in FIELDS:
            continue
        test: dict[str, Any]
        if isinstance(value, bool):
            test = {"yes": value}
        elif isinstance(value, int):
            test = {"min": value, "max": value}
        else:
            values = [value] if isinstance(value, str) else list(value)
            test = {"is": [_("anything else") if each == "…" else each for each in values]}
        parts.append(_("%(fact)s: %(values)s") % {"fact": fact_label(fact), "values": tested_text(fact, test, names)})
    return _("; ").join(parts) or _("any return")


def note_text(note: Mapping[str, str]) -> str:
    """Return the note of a row in the reader's language, else in the other."""
    wanted = "zh-hans" if (get_language() or "zh-hans").lower().startswith("zh") else "en"
    return note.get(wanted) or next(iter(note.values()), "")
