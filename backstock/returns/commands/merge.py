"""Beside the process: two requests of one customer go on as one; `split` is the opposite."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidInput
from backstock.partners.queries import partner_codes
from backstock.returns.deciding.approving import ask_again
from backstock.returns.errors import CurrencyMismatch, WrongCustomer
from backstock.returns.lifecycle import Status, advance, require, store
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.models import ReturnPiece, Swap
from backstock.returns.moving import Passage, everything, join, write_lines, write_links, write_pieces
from backstock.returns.requests.errors import TypesDiffer
from backstock.returns.requests.parting import wishes_of


@typed(frozen=True, kw_only=True, config=STRICT)
class MergeReturn(Input):
    """The request that goes on, and the one that goes on in it."""

    document: str
    source: str


@command("returns.merge", MergeReturn)
def merge_return(batch: Batch[MergeReturn]) -> None:
    """Merge requests: the source is withdrawn, and what it asked for is asked for by the other one."""
    returns = load_returns(number for item in batch.open for number in (item.input.document, item.input.source))
    wishes, touched = wishes_of(returns.values()), set[int]()
    for item in batch.open:
        with batch.attempt(item):
            target, source = return_of(returns, item.input.document), return_of(returns, item.input.source)
            ids = {target.row.pk, source.row.pk}
            if len(ids) < 2 or ids & touched:
                raise InvalidInput(field="source", problem="another request, and each only once in a batch")
            _check(target, source)
            item.plan = (target, Passage(source, everything(source, wishes)))
            join(batch, item.plan[1], target, wishes)
            advance(source.row, Status.CANCELLED)
            touched |= ids
            item.document = target.row.number
            item.answer = {"document": target.row.number, "source": source.row.number}
            item.emit("ReturnsMerged", source=source.row.number)
    batch.log()
    ask_again(batch, [(item, item.plan[0]) for item in batch.open])
    plans: list[tuple[LoadedReturn, Passage]] = [item.plan for item in batch.open]
    store([passage.source.row for _, passage in plans])
    write_lines((target.row.pk, max(_positions(target)), passage) for target, passage in plans)
    write_pieces((line.row.pk, piece, e4) for _, passage in plans for line, piece, e4 in passage.joining)
    batch.write_changes(ReturnPiece, Swap)
    pairs = [(item, item.plan[1].source.row, item.plan[0].row) for item in batch.open]
    write_links(batch, "merge", pairs)


def _positions(rma: LoadedReturn) -> list[int]:
    return [0, *(line.row.position for line in rma.lines)]


def _check(target: LoadedReturn, source: LoadedReturn) -> None:
    """Refuse what cannot be one request: decided already, of somebody else, in other money, or of another type."""
    require(target.row, Status.REQUESTED, "merged")
    require(source.row, Status.REQUESTED, "merged")
    mine, theirs = target.row, source.row
    if mine.customer_id != theirs.customer_id:
        codes = partner_codes([mine.customer_id])
        raise WrongCustomer(document=theirs.number, customer=codes.get(mine.customer_id, ""))
    if mine.currency != theirs.currency:
        raise CurrencyMismatch(wanted=mine.currency, found=theirs.currency)
    if mine.type != theirs.type or "allowance" in (mine.type, theirs.type):
        raise TypesDiffer(document=theirs.number, current=theirs.type, wanted=mine.type)
