"""Reach states of recalls by commands."""

from __future__ import annotations

from datetime import date
from typing import Any

from backstock.core.permissions import SYSTEM, Actor
from backstock.returns.commands.recall import (
    AnswerRecall,
    AskRecall,
    CloseRecall,
    answer_recall,
    ask_recall,
    close_recall,
    open_recall,
)
from backstock.returns.models import RecallAsk, Return
from backstock.returns.recall.recalling import work_off
from backstock.warehouse.commands.block import BlockLots, LiftBlock, block_lots, lift_block
from tests.build import DAY


def called_back(sku: str = "", codes: tuple[str, ...] = (), on: date = DAY, actor: Actor = SYSTEM, **more: Any) -> str:
    """Open a recall for lots or serial numbers of a product, or for `purchase`; a range by `first` and `last`."""
    goods = {name: more.pop(name) for name in ("first", "last") if name in more}
    raw = {"title": "faulty", "on": on.isoformat(), **more}
    if sku:
        raw["goods"] = [{"sku": sku, "codes": list(codes), **goods}]
    return open_recall(open_recall.parse(raw), actor=actor).document


def ordered(recall: str, on: date = DAY, actor: Actor = SYSTEM) -> RecallAsk:
    """Have all buyers asked; the worker has not begun yet."""
    ask_recall(AskRecall(document=recall, on=on), actor=actor)
    return RecallAsk.objects.order_by("-pk")[0]


def asked_all(recall: str, on: date = DAY, actor: Actor = SYSTEM) -> list[str]:
    """Ask all buyers; gives the requests that were made now."""
    known = set(Return.objects.values_list("pk", flat=True))
    ordered(recall, on, actor)
    while work_off():
        pass
    return [rma.number for rma in Return.objects.exclude(pk__in=known).order_by("pk")]


def answered(recall: str, customer: str, answer: Any, on: date = DAY) -> None:
    """Write down what a buyer said."""
    answer_recall(AnswerRecall(document=recall, customer=customer, answer=answer, on=on), actor=SYSTEM)


def closed(recall: str, reason: str = "", on: date = DAY) -> None:
    """Close a recall."""
    close_recall(CloseRecall(document=recall, reason=reason, on=on), actor=SYSTEM)


def blocked(sku: str, *codes: str) -> None:
    """Block lots by hand."""
    block_lots(BlockLots(sku=sku, codes=codes, reason="smells", on=DAY), actor=SYSTEM)


def lifted(sku: str, *codes: str) -> None:
    """Lift blocks."""
    lift_block(LiftBlock(sku=sku, codes=codes, reason="it was the shelf", on=DAY), actor=SYSTEM)
