"""What is odd in a table, said for people, each with a case that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from backstock.core.errors import InvalidInput
from backstock.desk.parts import Tone
from backstock.desk.policies.cells import case_text
from backstock.desk.policies.changes import row_label
from backstock.desk.policies.editing import row_at
from backstock.desk.policies.names import Names
from backstock.policies.law import LawBook, less_than_law
from backstock.policies.table.checking import check_form
from backstock.policies.table.model import Table
from backstock.policies.table.validating import Oddity, oddities

MOST: Final = 50
# Longer tables are looked through when somebody asks, not after every change.
ROWS_AT_ONCE: Final = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: the row it stands at, what is odd, and facts that show it."""

    row: str
    sentence: str
    tone: Tone
    case: Mapping[str, Any]
    case_text: str
    # Its place among all of them.
    at: int = 0


def findings(terms: Mapping[str, Any], book: LawBook, names: Names) -> list[Finding]:
    """Look a table through."""
    raw = terms.get("table") or {}
    try:
        check_form(raw)
    except InvalidInput as error:
        return [Finding(_row_of(error.field, terms), error.problem, "bad", {}, "")]
    found = islice(oddities(Table.load(raw), less_than_law(book)), MOST)
    return [
        Finding(
            each.rows[0] if each.rows else "",
            _sentence(each, terms),
            _tone(each),
            each.case,
            case_text(each.case, names),
            n,
        )
        for n, each in enumerate(found)
    ]


def _row_of(field: str, terms: Mapping[str, Any]) -> str:
    """Return the id of the row that a refusal of the form names: terms.table.rows.3.when.tag."""
    part = field.split(".")[3:4]
    rows = terms["table"]["rows"]
    return str(rows[int(part[0])]["id"]) if part and part[0].isdigit() and int(part[0]) < len(rows) else ""


def _tone(oddity: Oddity) -> Tone:
    return {"unreachable": "warning", "overlap": "warning", "no_default": "info"}.get(oddity.kind, "bad")  # type: ignore[return-value] # tones


def _labels(ids: Sequence[str], terms: Mapping[str, Any]) -> str:
    places = [row_at(terms, each) for each in ids]
    return _(", ").join(row_label(place) for place in places if place is not None)


def _sentence(oddity: Oddity, terms: Mapping[str, Any]) -> str:
    if oddity.kind == "unreachable":
        others = _labels(oddity.rows[1:], terms)
        if others:
            return _("This row never counts: every case of it is taken before by %(rows)s.") % {"rows": others}
        return _("This row never counts.")
    if oddity.kind == "overlap":
        return _("This row and %(rows)s fit the same returns and decide otherwise; the one that counts first wins.") % {
            "rows": _labels(oddity.rows[1:], terms)
        }
    if oddity.kind == "no_default":
        return _("Some returns fit no row. The base terms and exceptions decide about them.")
    return _(
        "This gives the customer less than %(article)s, so it cannot be published. Bind the row to other markets or days."
    ) % {"article": oddity.article}
