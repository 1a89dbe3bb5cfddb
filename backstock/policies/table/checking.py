"""Whether a table is well formed: what types cannot say. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from backstock.core.errors import InvalidInput
from backstock.policies.table.model import FIELDS

# Nothing of the company's says these yet, so a row that asks them would never count.
NOT_KEPT = frozenset({"tag", "campaign", "in_warranty"})
# What may stand in a test, by the kind of its fact.
ENDS = frozenset({"min", "max"})


def check_form(raw: Mapping[str, Any]) -> None:
    """Refuse a table with two rows of one id, or a test that does not fit its fact; raise InvalidInput."""
    for field, problem in _problems(raw.get("rows", ())):
        raise InvalidInput(field=field, problem=problem)


def _problems(rows: Any) -> Iterator[tuple[str, str]]:
    for name, count in Counter(row["id"] for row in rows).items():
        if count > 1:
            yield "terms.table.rows", f"two rows have the id {name}"
    for n, row in enumerate(rows):
        for name, test in row.get("when", {}).items():
            problem = f"{FIELDS[name].en} is not kept yet" if name in NOT_KEPT else _problem(FIELDS[name].kind, test)
            if problem:
                yield f"terms.table.rows.{n}.when.{name}", problem


def _problem(kind: str, test: Mapping[str, Any]) -> str:
    given = set(test)
    if kind == "yesno":
        return "" if given == {"yes"} else "yes or no"
    if kind == "number":
        fits = given and given <= ENDS and test.get("min", test.get("max")) <= test.get("max", test.get("min"))
        return "" if fits else "min, max or both, the smaller first"
    return "" if given in ({"is"}, {"not"}) else "is or not, with texts"
