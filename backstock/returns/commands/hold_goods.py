"""Beside the process: a supervisor lets others have the goods that an exchange holds on the shelf, or holds them again."""

from __future__ import annotations

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.returns.after.reserving import keep_reserved, to_leave
from backstock.returns.loading import load_returns, return_of
from backstock.returns.models import Swap


@typed(frozen=True, kw_only=True, config=STRICT)
class HoldGoods(Input):
    """Which exchange, and whether the goods wished for wait for it on the shelf."""

    document: str
    hold: bool


@command("returns.hold_goods", HoldGoods)
def hold_goods(batch: Batch[HoldGoods]) -> None:
    """Hold the goods of exchanges on the shelf, or release them for whoever comes first."""
    returns = load_returns(item.input.document for item in batch.open)
    swaps = list(Swap.objects.filter(rma_id__in=[rma.row.pk for rma in returns.values()], product__isnull=False))
    for item in batch.open:
        with batch.attempt(item):
            rma, hold = return_of(returns, item.input.document), item.input.hold
            lines = {line.row.pk: line for line in rma.lines}
            own = [swap for swap in swaps if swap.rma_id == rma.row.pk and swap.reserves != hold]
            if not any(to_leave(rma, lines[swap.line_id], swap) for swap in own):
                current = "held" if hold else "free"
                raise TransitionNotAllowed(document=rma.row.number, current=current, wanted=current)
            for swap in own:
                _turn(batch, swap, hold)
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "hold": hold}
            item.emit("GoodsHeld" if hold else "GoodsReleased")
    batch.log()
    Swap.objects.bulk_update(swaps, ["reserves"])
    keep_reserved(returns.values())


def _turn(batch: Batch[HoldGoods], swap: Swap, hold: bool) -> None:
    swap.reserves = hold
    batch.journal.append(lambda: setattr(swap, "reserves", not hold))
