"""Instead of `receive`, `inspect` and `dispose`: the customer sent the goods straight to the supplier, past our dock."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.permissions import Actor
from backstock.core.together import inside
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.stepping import need_lines

STEPS = frozenset({"returns.receive", "returns.inspect", "returns.dispose"})


@typed(frozen=True, kw_only=True, config=STRICT)
class SendStraight(Input):
    """What the supplier has; without a supplier the one who delivered it last."""

    document: str
    lines: tuple[GoodsLine, ...]
    supplier: Code | None = None


@command("returns.send_straight", SendStraight)
def send_straight(batch: Batch[SendStraight]) -> None:
    """Receive, accept and claim goods that the supplier has: the three steps take effect together or not at all.

    Return by return: each is a whole way of its own, and who may say that goods went there need not hold its rights.
    """
    returns = load_returns(item.input.document for item in batch.open)
    actor = Actor(batch.actor.user_id, batch.actor.name, batch.actor.permissions | STEPS)
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            need_lines(rma, item.input.lines)
            with transaction.atomic(), inside():
                _steps(rma, item.input, item.on, actor)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("GoodsSentStraight")
    batch.log()


def _steps(rma: LoadedReturn, wanted: SendStraight, on: date, actor: Actor) -> None:
    number, goods = rma.row.number, [_said(line) for line in wanted.lines]
    came = tuple(ReceiveLine(**each) for each in goods)
    receive_return(ReceiveReturn(document=number, lines=came, on=on), actor=actor)
    judged = {line.row.product.sku for line in rma.lines if line.terms.inspection != "none"}
    seen = tuple(InspectLine(**each) for each in goods if each["sku"] in judged)
    if seen:
        inspect_return(InspectReturn(document=number, lines=seen, on=on), actor=actor)
    gone = tuple(DisposeLine(**each, to="return_to_vendor", supplier=wanted.supplier) for each in goods)
    dispose_return(DisposeReturn(document=number, lines=gone, on=on), actor=actor)


def _said(line: GoodsLine) -> dict[str, Any]:
    names = ("sku", "quantity_e4", "unit", "lot", "serials")
    return {name: getattr(line, name) for name in names}
