"""Over the counter: goods come back and money goes out at once. Every step is its own command, all of them or none."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from backstock.core.commands import Done
from backstock.core.errors import TransitionNotAllowed
from backstock.core.permissions import Actor
from backstock.core.together import as_one, rehearsal
from backstock.refunds.commands.settle import Plan, SettleReturn, settle_return
from backstock.refunds.queries import previewed
from backstock.returns.commands.approve import ApproveReturn, approve_return
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, To, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
from backstock.returns.deciding.papers import dossiers
from backstock.returns.queries import legal_actions, loaded_return

CHANNEL: Final = "counter"
# What somebody needs to do all of it alone.
NEEDED: Final = (
    "returns.request", "returns.approve", "returns.receive", "returns.inspect", "returns.dispose", "refunds.settle",
)  # fmt: skip
Grade = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLine:
    """What comes back over the counter, in which state, and where it goes."""

    sku: str
    quantity_e4: int
    line: int | None = None
    lot: str | None = None
    serials: tuple[str, ...] = ()
    reason: str = ""
    grade: Grade = "A"
    to: To = "restock"


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of it: the return, and the money that went out."""

    document: str
    total_cents: int


def take_back(
    sale: str, lines: Sequence[CounterLine], to: str, actor: Actor, key: str, note: str = ""
) -> Counted:  # fmt: skip
    """Take goods back and pay; raise the first refusal, and nothing has happened."""
    with as_one():
        asked = _ask(sale, lines, actor, key, note)
        if asked.repeated:
            return Counted(asked.document, 0)
        _approve(asked, actor, key)
        _handle(asked.document, lines, actor, key)
        return Counted(asked.document, _pay(asked.document, to, actor, key))


def foresee(sale: str, lines: Sequence[CounterLine], to: str, actor: Actor) -> Plan | None:
    """Work out what `take_back` would pay by rehearsing every step before it; raise what it would raise. None: nothing."""
    key = uuid.uuid4().hex
    with rehearsal():
        asked = _ask(sale, lines, actor, key)
        _approve(asked, actor, key)
        _handle(asked.document, lines, actor, key)
        due = "refunds.settle" in legal_actions(loaded_return(asked.document))
        return previewed(SettleReturn(document=asked.document, to=to)) if due else None


def _ask(sale: str, lines: Sequence[CounterLine], actor: Actor, key: str, note: str = "") -> Done:
    wanted = RequestReturn(sale=sale, channel=CHANNEL, lines=tuple(_asked(each) for each in lines), note=note)
    return request_return(wanted, actor=actor, key=f"{key}:request")


def _asked(each: CounterLine) -> RequestLine:
    return RequestLine(
        line=each.line, sku=each.sku, quantity_e4=each.quantity_e4, lot=each.lot, serials=each.serials, reason=each.reason
    )  # fmt: skip


def _approve(asked: Done, actor: Actor, key: str) -> None:
    status = asked.answer["status"]
    if status == "requested":
        done = approve_return(ApproveReturn(document=asked.document), actor=actor, key=f"{key}:approve")
        status = done.answer["status"]
    if status != "approved":
        # Turned down by the policy, or another level must approve: it cannot be done at once.
        raise TransitionNotAllowed(document=asked.document, current=status, wanted="received")


def _handle(number: str, lines: Sequence[CounterLine], actor: Actor, key: str) -> None:
    goods = [
        {"sku": each.sku, "quantity_e4": each.quantity_e4, "lot": each.lot, "serials": each.serials} for each in lines
    ]
    received = tuple(ReceiveLine(**each) for each in goods)  # type: ignore[arg-type]
    receive_return(ReceiveReturn(document=number, lines=received), actor=actor, key=f"{key}:receive")
    if "returns.inspect" in legal_actions(loaded_return(number)):
        seen = tuple(InspectLine(**one, grade=each.grade) for one, each in zip(goods, lines, strict=True))  # type: ignore[arg-type]
        inspect_return(InspectReturn(document=number, lines=seen), actor=actor, key=f"{key}:inspect")
    placed = tuple(DisposeLine(**one, to=each.to) for one, each in zip(goods, lines, strict=True))  # type: ignore[arg-type]
    dispose_return(DisposeReturn(document=number, lines=placed), actor=actor, key=f"{key}:dispose")


def _pay(number: str, to: str, actor: Actor, key: str) -> int:
    """Pay what is due, and close what is complete."""
    total = 0
    rma = loaded_return(number)
    if "refunds.settle" in legal_actions(rma):
        done = settle_return(SettleReturn(document=number, to=to, paid_by_hand=True), actor=actor, key=f"{key}:settle")
        total = int(done.answer["total_cents"])
    rma = loaded_return(number)
    dossier = dossiers([rma]).get(rma.row.pk)
    if actor.may("returns.close") and not (dossier and dossier.missing):
        close_return(CloseReturn(document=number), actor=actor, key=f"{key}:close")
    return total
