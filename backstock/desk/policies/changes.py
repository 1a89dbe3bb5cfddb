"""What differs between two policies, in words: rows of the table, base terms, exceptions, reasons and conditions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backstock.desk.parts import Text
from backstock.desk.policies.cells import (
    fact_label,
    fact_title,
    note_text,
    term_text,
    tested_text,
    then_text,
    when_text,
)
from backstock.desk.policies.editing import GROUPS, rows_of
from backstock.desk.policies.names import Names
from backstock.desk.policies.terms import TERMS
from backstock.policies.engine import leaves
from backstock.policies.table.model import FIELDS

Kind = Literal["added", "removed", "changed", "moved"]

HITS: Mapping[str, Text] = {
    "first": gettext_lazy("the first row that fits counts"), "strictest": gettext_lazy("the strictest row that fits counts"),
}  # fmt: skip
GROUP_FACTS: Mapping[str, str] = {
    "per_category": "category", "per_reason": "reason", "per_sku": "sku", "per_customer": "customer",
}  # fmt: skip
CONDITIONS: Mapping[str, Text] = {
    "review_when": gettext_lazy("A person looks at"), "reject_when": gettext_lazy("The policy turns down"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, and what stood and stands there."""

    kind: Kind
    where: str
    before: str = ""
    after: str = ""


def compare(old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> list[Change]:
    """List what is different in the new policy."""
    return [
        *_rows(old, new, names),
        *_terms(_("Base terms"), old, new, names),
        *_exceptions(old, new, names),
        *_conditions(old, new, names),
        *_lists(old, new, names),
    ]


def _difference(where: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change("changed" if before and after else "added" if after else "removed", where, before, after)


def row_label(at: int) -> str:
    return _("Row %(number)s") % {"number": at + 1}


def _rows(old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Iterator[Change]:
    before, after = rows_of(old), rows_of(new)
    if before and after:
        hits = [str(HITS[(each.get("table") or {}).get("hit", "first")]) for each in (old, new)]
        yield from _difference(pgettext("policy", "Table"), *hits)
    known = {row["id"]: (n, row) for n, row in enumerate(before)}
    kept = {row["id"] for row in after}
    moved = _moved(
        [row["id"] for row in before if row["id"] in kept], [row["id"] for row in after if row["id"] in known]
    )
    for n, row in enumerate(after):
        if row["id"] not in known:
            yield Change("added", row_label(n), after=_row_text(row, names))
            continue
        place, other = known[row["id"]]
        yield from _row(row_label(n), other, row, names)
        if row["id"] in moved:
            yield Change("moved", row_label(n), row_label(place), when_text(row.get("when", {}), names))
    for n, row in enumerate(before):
        if row["id"] not in kept:
            yield Change("removed", row_label(n), _row_text(row, names))


def _row_text(row: Mapping[str, Any], names: Names) -> str:
    facts = {"when": when_text(row.get("when", {}), names), "then": then_text(row.get("then", {}), names)}
    return _("%(when)s → %(then)s") % facts


def _row(where: str, old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Iterator[Change]:
    for fact in FIELDS:
        tests = [
            tested_text(fact, row["when"][fact], names) if fact in row.get("when", {}) else "" for row in (old, new)
        ]
        yield from _difference(_("%(row)s, %(what)s") % {"row": where, "what": fact_label(fact)}, *tests)
    yield from _terms(where, old.get("then", {}), new.get("then", {}), names)
    notes = [note_text(row.get("note", {})) for row in (old, new)]
    yield from _difference(_("%(row)s, %(what)s") % {"row": where, "what": pgettext("policy", "note")}, *notes)


def _terms(where: str, old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Iterator[Change]:
    for name, term in TERMS.items():
        texts = [term_text(name, each[name], names) if each.get(name) is not None else "" for each in (old, new)]
        yield from _difference(_("%(row)s, %(what)s") % {"row": where, "what": term.label}, *texts)


def exception_label(group: str, key: str, names: Names) -> str:
    """Name an exception: "category electronics"."""
    fact = GROUP_FACTS[group]
    return _("%(fact)s: %(values)s") % {"fact": fact_title(fact), "values": names.of(fact, key)}


def _exceptions(old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Iterator[Change]:
    for group in GROUPS:
        before, after = old.get(group, {}), new.get(group, {})
        for key in dict.fromkeys([*before, *after]):
            yield from _terms(exception_label(group, key, names), before.get(key, {}), after.get(key, {}), names)


def condition_text(condition: Mapping[str, str], names: Names) -> str:
    """Say a condition: "category: electronics; reason: defect"."""
    return when_text({name: {"is": [value]} for name, value in condition.items()}, names)


def _conditions(old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Iterator[Change]:
    for group, label in CONDITIONS.items():
        before, after = ([condition_text(each, names) for each in terms.get(group, ())] for terms in (old, new))
        yield from (Change("removed", str(label), text) for text in before if text not in after)
        yield from (Change("added", str(label), after=text) for text in after if text not in before)


def _lists(old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> Iterator[Change]:
    for label, found in (
        (_("Reasons"), [list(leaves(terms.get("reasons") or ())) for terms in (old, new)]),
        (_("Photo or paper needed for"), [list(terms.get("evidence_for") or ()) for terms in (old, new)]),
    ):
        before, after = found
        yield from (Change("removed", label, names.of("reason", each)) for each in before if each not in after)
        yield from (Change("added", label, after=names.of("reason", each)) for each in after if each not in before)
    before_words, after_words = old.get("words", {}), new.get("words", {})
    for code in dict.fromkeys([*before_words, *after_words]):
        texts = [" / ".join(each.get(code, {}).values()) for each in (before_words, after_words)]
        yield from _difference(_("Words for %(code)s") % {"code": code}, *texts)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Name what left its order: all but the longest run of rows that still follow each other as they did."""
    place = {name: n for n, name in enumerate(before)}
    ends: list[int] = []
    chains: list[list[str]] = []
    for name in after:
        at = bisect_left(ends, place[name])
        chain = [*(chains[at - 1] if at else []), name]
        ends[at : at + 1], chains[at : at + 1] = [place[name]], [chain]
    return set(after) - set(chains[-1] if chains else [])
