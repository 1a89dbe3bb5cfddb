"""Step 4: what we found: a grade, and whether we take the goods back; no goods move. Next is `dispose`."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.deciding.flowing import guard, start_clocks
from backstock.returns.errors import QuantityExceedsReceived
from backstock.returns.loading import LoadedReturn, catalogue_of, load_returns, return_of
from backstock.returns.models import ReturnPiece
from backstock.returns.quality.inspecting import Answer, Found, InspectLine, Sample, load_questions, write_found
from backstock.returns.recording import Event, record
from backstock.returns.stepping import need_lines, pick

__all__ = ["Answer", "InspectLine", "InspectReturn", "Sample", "inspect_return"]


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
    found: list[Found] = field(default_factory=list)


@command("returns.inspect", InspectReturn)
def inspect_return(batch: Batch[InspectReturn]) -> None:
    """Record verdicts on received pieces."""
    returns = load_returns(item.input.document for item in batch.open)
    lines = [(a.sku, a.unit, a.lot, a.serials) for item in batch.open for a in item.input.lines]
    eyes = guard(batch, "inspect", returns.values())
    catalogue, questions = catalogue_of(returns.values(), lines), load_questions(batch, returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            need_lines(rma, item.input.lines)
            lines_in = item.input.lines
            eyes.check(
                rma.row, {photo for line in lines_in for photo in line.photos}, any(line.note for line in lines_in)
            )
            item.plan = Plan(rma)
            for line in item.input.lines:
                parts = pick(rma, catalogue, line, _uninspected, _excess)
                _judge(batch, item, questions.found(rma.row.number, item.on, line, parts))
            samples = [each.sample for each in item.plan.found if each.sample]
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.answer |= {"samples": samples} if samples else {}
            item.emit("GoodsInspected")
    batch.log()
    record(
        (item, item.plan.rma.row.pk, start_clocks(batch, item, item.plan.rma, "inspect", item.plan.events))
        for item in batch.open
    )
    write_found(batch, [(item, item.plan.rma.row.pk, item.plan.found) for item in batch.open])
    batch.write_changes(ReturnPiece)
    keep_reserved(returns.values())


def _judge(batch: Batch[InspectReturn], item: Item[InspectReturn], found: Found) -> None:
    verdict = "accepted" if found.accepted else "rejected"
    item.plan.found.append(found)
    for part in found.parts:
        batch.change(part.piece, **{f"{verdict}_e4": part.quantity_e4})
        grade = found.line.grade or ""
        item.plan.events.append(
            Event(piece_id=part.piece.pk, kind="inspect", verdict=verdict, quantity_e4=part.quantity_e4, grade=grade)
        )


def _uninspected(piece: ReturnPiece) -> int:
    return piece.to_inspect_e4


def _excess(sku: str, asked_e4: int, room_e4: int) -> QuantityExceedsReceived:
    return QuantityExceedsReceived(sku=sku, asked_e4=asked_e4, received_e4=room_e4)
