"""The dossier of a return: which papers its flow asks for, which are there, which were waived.

Whoever makes another kind of paper adds it with `offer`; a kind says of returns which of them lack it. A paper that
cannot be (no goods came, nothing is owed) is not missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from backstock.evidence.models import STEPS
from backstock.evidence.queries import evidence_counts
from backstock.returns.deciding.errors import PapersMissing
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import WaivedPaper
from backstock.returns.queries import may_settle

# The ids of those returns that lack the paper.
Lacking = Callable[[Sequence[LoadedReturn]], set[int]]


def _without_goods(returns: Sequence[LoadedReturn]) -> set[int]:
    """Return what expects goods of which nothing was counted at the dock."""
    expecting = [rma for rma in returns if rma.row.type not in ("refund_only", "allowance")]
    return {rma.row.pk for rma in expecting if not any(piece.received_e4 or piece.missing_e4 for piece in rma.pieces)}


def _uninspected(returns: Sequence[LoadedReturn]) -> set[int]:
    return {rma.row.pk for rma in returns if any(piece.to_inspect_e4 for piece in rma.pieces)}


def _unplaced(returns: Sequence[LoadedReturn]) -> set[int]:
    return {rma.row.pk for rma in returns if any(p.received_e4 > p.disposed_e4 for p in rma.pieces)}


def _uncredited(returns: Sequence[LoadedReturn]) -> set[int]:
    return {rma.row.pk for rma in returns if any(may_settle(rma, line) for line in rma.lines)}


def _claimed(returns: Sequence[LoadedReturn]) -> set[int]:
    return {rma.row.pk for rma in returns if any(piece.at_vendor_e4 for piece in rma.pieces)}


def _evidence(kind: int, step: str = "") -> Lacking:
    def lacking(returns: Sequence[LoadedReturn]) -> set[int]:
        there = evidence_counts((rma.row.number for rma in returns), step)
        return {rma.row.pk for rma in returns if not there.get(rma.row.number, (0, 0))[kind]}

    return lacking


PAPERS: Final[dict[str, Lacking]] = {
    "file": _evidence(0),
    **{f"file_{step}": _evidence(0, step) for step in STEPS},
    "note": _evidence(1),
    "receipt": _without_goods,
    "inspection": _uninspected,
    "disposition": _unplaced,
    "credit_note": _uncredited,
    "supplier_credit": _claimed,
}


def offer(kind: str, lacking: Lacking) -> None:
    """Add a kind of paper that flows may ask for."""
    PAPERS[kind] = lacking


@dataclass(frozen=True, slots=True)
class Waived:
    """A paper that somebody said is not needed, and why."""

    paper: str
    reason: str
    user_id: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers of one return: asked for, missing, waived."""

    asked: tuple[str, ...]
    missing: tuple[str, ...]
    waived: tuple[Waived, ...]


def dossiers(returns: Iterable[LoadedReturn]) -> dict[int, Dossier]:
    """Return the dossiers of returns whose flows ask for papers; few statements whatever their number."""
    asking = [rma for rma in returns if rma.row.flow.get("papers")]
    if not asking:
        return {}
    waived: dict[int, list[Waived]] = {}
    rows = WaivedPaper.objects.filter(rma_id__in=[rma.row.pk for rma in asking]).order_by("pk")
    for row in rows:
        waived.setdefault(row.rma_id, []).append(Waived(row.paper, row.reason, row.user_id))
    kinds = dict.fromkeys(kind for rma in asking for kind in rma.row.flow["papers"])
    lacking = {kind: PAPERS[kind](asking) if kind in PAPERS else {rma.row.pk for rma in asking} for kind in kinds}
    return {rma.row.pk: _dossier(rma, lacking, waived.get(rma.row.pk, ())) for rma in asking}


def _dossier(rma: LoadedReturn, lacking: dict[str, set[int]], waived: Sequence[Waived]) -> Dossier:
    asked = tuple(dict.fromkeys(rma.row.flow["papers"]))
    done = {each.paper for each in waived}
    missing = tuple(kind for kind in asked if kind not in done and rma.row.pk in lacking[kind])
    return Dossier(asked, missing, tuple(waived))


def check_complete(rma: LoadedReturn, found: dict[int, Dossier]) -> None:
    """Refuse to close a return whose dossier is not complete."""
    dossier = found.get(rma.row.pk)
    if dossier and dossier.missing:
        raise PapersMissing(document=rma.row.number, papers=", ".join(dossier.missing))
