"""Step 4: what we found: a grade, and whether we take the goods back; no goods move. Next is `dispose`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.returns.errors import QuantityExceedsReceived
from backstock.returns.flowing import guard, start_clocks
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece
from backstock.returns.recording import Event, record
from backstock.returns.stepping import need_lines, pick


@typed(frozen=True, kw_only=True, config=STRICT)
class InspectLine(GoodsLine):
    """Grade A is as new, B opened, C worn, D defective; not accepted means the customer gets neither money nor goods kept."""

    grade: Literal["A", "B", "C", "D"] | None = None
    accepted: bool = True


@typed(frozen=True, kw_only=True, config=STRICT)
class InspectReturn(Input):
    """An inspection of received goods."""

    document: str
    lines: tuple[InspectLine, ...]


@dataclass(slots=True)
class Plan:
    """An inspection that was checked."""

    rma: LoadedReturn
    events: list[Event] = field(default_factory=list)


@command("returns.inspect", InspectReturn)
def inspect_return(batch: Batch[InspectReturn]) -> None:
    """Record verdicts on received pieces."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    catalogue = catalogue_of(returns.values(), lines)
    eyes = guard(batch, "inspect", returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            need_lines(rma, item.input.lines)
            eyes.check(rma.row)
            item.plan = Plan(rma)
            for line in item.input.lines:
                for part in pick(rma, catalogue, line, _uninspected, _excess):
                    verdict = "accepted" if line.accepted else "rejected"
                    batch.change(part.piece, **{f"{verdict}_e4": part.quantity_e4})
                    item.plan.events.append(
                        Event(
                            piece_id=part.piece.pk,
                            kind="inspect",
                            verdict=verdict,
                            quantity_e4=part.quantity_e4,
                            grade=line.grade or "",
                        )
                    )
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("GoodsInspected")
    batch.log()
    record(
        (item, item.plan.rma.row.pk, start_clocks(batch, item, item.plan.rma, "inspect", item.plan.events))
        for item in batch.open
    )
    batch.write_changes(ReturnPiece)


def _uninspected(piece: ReturnPiece) -> int:
    return piece.to_inspect_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsReceived:
    return QuantityExceedsReceived(sku=sku, asked_e4=asked_e4, received_e4=room_e4)
