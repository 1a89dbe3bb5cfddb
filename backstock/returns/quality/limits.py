"""Refuse dispositions that a date, a law or the flow forbids; what is needed to tell is read only where it matters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from backstock.catalog.models import Lot
from backstock.catalog.tree import categories_above
from backstock.core import rows
from backstock.core.commands import Batch, Item
from backstock.core.errors import InvalidInput
from backstock.core.models import User
from backstock.evidence.models import Evidence
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import DisposalProof
from backstock.returns.quality.blocks import BLOCKS, ON_THE_SHELF, block_for, first_missing, outlives
from backstock.returns.quality.errors import (
    DestructionForbidden,
    DisposalEvidenceRequired,
    Expired,
    ResaleAsNewForbidden,
    WitnessRequired,
)
from backstock.returns.stepping import Part


class Line(Protocol):
    """What a line of a disposition says, as far as it is guarded."""

    @property
    def sku(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def ground(self) -> str: ...
    @property
    def witness(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Leaving:
    """Goods that leave repair: where they go is said once for all of them."""

    sku: str
    to: str
    ground: str = ""
    witness: str | None = None


@dataclass(slots=True)
class Limits:
    """What was read about the goods, the witnesses and the evidence of a batch of dispositions."""

    batch: Batch[Any]
    lots: dict[int, Lot] = field(default_factory=dict)
    above: dict[str, frozenset[str]] = field(default_factory=dict)
    witnesses: dict[str, int] = field(default_factory=dict)
    # (document, what): photos and certificates of the disposition.
    proven: set[tuple[str, str]] = field(default_factory=set)

    def check(self, document: str, on: date, line: Line, parts: Sequence[Part], grades: dict[int, str]) -> None:
        """Refuse a line of a disposition."""
        if line.to in ON_THE_SHELF:
            self._check_dates(on, line, parts)
        self._check_law(on, line, parts, grades)
        if line.witness is not None or line.to == "scrap":
            self._check_demands(document, line, parts)

    def _check_dates(self, on: date, line: Line, parts: Sequence[Part]) -> None:
        for part in parts:
            lot, wanted = self.lots.get(part.piece.lot_id), part.line.terms.restock_shelf_life_days
            if lot is not None and lot.expires_on is not None and not outlives(lot.expires_on, on, wanted):
                left = (lot.expires_on - on).days
                day = lot.expires_on.isoformat()
                raise Expired(sku=line.sku, lot=lot.code, expires_on=day, left_days=left, wanted_days=wanted or 0)

    def _check_law(self, on: date, line: Line, parts: Sequence[Part], grades: dict[int, str]) -> None:
        company = self.batch.company
        for part in parts:
            products = {part.piece.product.category, part.line.row.product.category}
            categories = frozenset[str]().union(*(self.above.get(each, frozenset({each})) for each in products))
            grade = grades.get(part.piece.pk, "")
            block = block_for(company.law, company.size, on, line.to, categories, grade, line.ground)
            if block is None:
                continue
            if line.to in ON_THE_SHELF:
                raise ResaleAsNewForbidden(sku=line.sku, grade=grade, article=block.article)
            grounds = ", ".join(ground.code for ground in block.grounds)
            raise DestructionForbidden(sku=line.sku, article=block.article, grounds=grounds)

    def _check_demands(self, document: str, line: Line, parts: Sequence[Part]) -> None:
        if line.witness is not None:
            witness = self.witnesses.get(line.witness)
            if witness is None:
                raise InvalidInput(field="witness", problem=f"nobody called {line.witness[:60]} works here")
            if witness == self.batch.actor.user_id:
                raise WitnessRequired(document=document, sku=line.sku)
        demanded = demands_of(parts) if line.to == "scrap" else set()
        given = {what for number, what in self.proven if number == document}
        missing = first_missing(demanded, given | ({"witness"} if line.witness else set()))
        if missing == "witness":
            raise WitnessRequired(document=document, sku=line.sku)
        if missing:
            raise DisposalEvidenceRequired(document=document, sku=line.sku, what=missing)


def demands_of(parts: Iterable[Part]) -> set[str]:
    """Return what the terms of the lines demand before goods are destroyed."""
    return {demand for part in parts for demand in part.line.terms.scrap_needs}


def load_limits(batch: Batch[Any], returns: Collection[LoadedReturn], lines: Sequence[Line]) -> Limits:
    """Read what these dispositions must be checked against; a plain restock of goods without a date costs nothing."""
    wanted, found = {line.to for line in lines}, Limits(batch)
    pieces = [piece for rma in returns for piece in rma.pieces]
    lots = {piece.lot_id for piece in pieces} - {0}
    if lots and wanted & ON_THE_SHELF:
        found.lots = Lot.objects.in_bulk(lots)
    if batch.company.law in {block.law for block in BLOCKS if block.categories and wanted & block.to}:
        lines_of = [line for rma in returns for line in rma.lines]
        found.above = categories_above(
            {p.product.category for p in pieces} | {x.row.product.category for x in lines_of}
        )
    named = {line.witness for line in lines if line.witness is not None}
    if named:
        found.witnesses = dict(User.objects.filter(username__in=named, is_active=True).values_list("username", "pk"))
    asked = {rma.row.number for rma in returns if any(line.terms.scrap_needs for line in rma.lines)}
    if asked and "scrap" in wanted:
        found.proven = _proven(asked)
    return found


def _proven(documents: Collection[str]) -> set[tuple[str, str]]:
    """Return which documents have photos, and which papers, of their disposition."""
    kept = Evidence.objects.filter(document__in=documents, step="dispose", kind="file", erased_at=None)
    return {
        (document, "photo" if media_type.startswith(("image/", "video/")) else "certificate")
        for document, media_type in kept.values_list("document", "media_type")
    }


FIELDS = ("rma_id", "log_id", "product_id", "to", "ground", "witness_id")


def record_proofs(found: Limits, entries: Iterable[tuple[Item[Any], LoadedReturn, Sequence[Line]]]) -> None:
    """Keep the grounds that were stated and the witnesses who were there."""
    rows.insert(
        DisposalProof,
        FIELDS,
        [
            (
                rma.row.pk,
                item.log_id,
                rma.skus()[line.sku],
                line.to,
                line.ground,
                found.witnesses.get(line.witness or "", 0),
            )
            for item, rma, lines in entries
            for line in lines
            if line.ground or line.witness
        ],
    )
