"""What stands about evidence on the page of a document: the customer's photos on one side, ours on the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.returns.section import Section
from backstock.evidence.models import Evidence
from backstock.evidence.queries import evidence_of
from backstock.returns.loading import LoadedReturn


@dataclass(slots=True)
class Pair:
    """What shows the same goods: theirs and ours."""

    title: str = ""
    theirs: list[Evidence] = field(default_factory=list)
    ours: list[Evidence] = field(default_factory=list)


def pairs(files: Iterable[Evidence], titles: dict[int, str]) -> list[Pair]:
    """Put files of the same line and lot beside each other, the document as a whole first."""
    found: dict[tuple[int, str], Pair] = {}
    for each in sorted(files, key=lambda row: (row.line, row.lot, row.pk)):
        title = " · ".join(filter(None, (titles.get(each.line, ""), each.lot)))
        pair = found.setdefault((each.line, each.lot), Pair(title))
        (pair.theirs if each.whose == "customer" else pair.ours).append(each)
    return list(found.values())


def theirs(document: str) -> list[Evidence]:
    """Return what the customer shows of a document, to hold our own goods against it."""
    rows = [row for row in evidence_of(document) if row.whose == "customer" and row.erased_at is None]
    found = [row for row in rows if row.content_hash and (row.is_picture or row.is_video)]
    for row in found:
        row.when = words.word(words.EVIDENCE_STEPS, row.step)  # type: ignore[attr-defined] # told to the template
    return found


def shown(rows: Sequence[Evidence], titles: dict[int, str]) -> dict[str, Any]:
    """Sort the evidence of a document into pictures to compare, papers, notes, and what was erased."""
    alive = [row for row in rows if row.erased_at is None]
    for row in rows:
        row.when = words.word(words.EVIDENCE_STEPS, row.step)  # type: ignore[attr-defined] # told to the template
    seen = [row for row in alive if row.content_hash and (row.is_picture or row.is_video)]
    return {
        "pairs": pairs(seen, titles),
        "papers": [row for row in alive if row.kind == "file" and row not in seen],
        "notes": [row for row in alive if row.kind == "note"],
        "erased": [row for row in rows if row.erased_at is not None],
    }


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Show the evidence of a return; who may bring some sees the section also while it is empty."""
    rows, may_add = evidence_of(rma.row.number), actor.may("evidence.attach")
    if not rows and not may_add:
        return None
    titles = {line.row.position: line.row.product.name or line.row.product.sku for line in rma.lines}
    facts = shown(rows, titles)
    facts |= {"number": rma.row.number, "may_add": may_add, "may_erase": bool(rows) and actor.may("evidence.erase")}
    return Section(template="desk/evidence/section.html", shown=facts)
