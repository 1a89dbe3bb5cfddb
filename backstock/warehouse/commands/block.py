"""Lots and serial numbers are kept from leaving and from the shelf, and let go again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, load_catalogue, load_lots
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired
from backstock.stock import blocks
from backstock.warehouse.errors import NotBlocked, UnknownLot

Reason = Annotated[str, Field(min_length=1, max_length=200)]


@typed(frozen=True, kw_only=True, config=STRICT)
class BlockLots(Input):
    """Which lots or serial numbers of a product stay where they are, and why."""

    sku: Code
    codes: tuple[Code, ...]
    reason: Reason


@typed(frozen=True, kw_only=True, config=STRICT)
class LiftBlock(Input):
    """Which lots or serial numbers may go again, and why."""

    sku: Code
    codes: tuple[Code, ...]
    reason: Reason


@command("stock.block", BlockLots)
def block_lots(batch: Batch[BlockLots]) -> None:
    """Block lots: they are neither sold nor moved to another warehouse nor put back on the shelf."""
    _find(batch)
    batch.log()
    blocks.block((*lot, item.input.reason, "", item.log_id) for item in batch.open for lot in item.plan)


@command("stock.lift_block", LiftBlock)
def lift_block(batch: Batch[LiftBlock]) -> None:
    """Lift every block of lots."""
    _find(batch)
    standing = blocks.blocked(lot for item in batch.open for _, lot in item.plan)
    for item in batch.open:
        with batch.attempt(item):
            if not any(lot in standing for _, lot in item.plan):
                raise NotBlocked(sku=item.input.sku)
    batch.log()
    for item in batch.open:
        blocks.lift((lot for _, lot in item.plan), item.log_id)


def _find[T: (BlockLots, LiftBlock)](batch: Batch[T]) -> None:
    """Find the lots that are named: (product, lot)."""
    catalogue = load_catalogue((item.input.sku for item in batch.open), units=False)
    named = [(item.input.sku, code) for item in batch.open for code in item.input.codes]
    load_lots(catalogue, [(catalogue.by_sku[sku].id, code) for sku, code in named if sku in catalogue.by_sku])
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _lots(catalogue, item.input.sku, item.input.codes)
            item.document, item.answer = item.input.sku, {"sku": item.input.sku, "lots": len(item.plan)}


def _lots(catalogue: Catalogue, sku: str, codes: tuple[str, ...]) -> list[tuple[int, int]]:
    product = catalogue.item(sku).id
    if not codes:
        raise QuantityRequired(sku=sku)
    for code in codes:
        if (product, code) not in catalogue.lots:
            raise UnknownLot(sku=sku, lot=code)
    return [(product, catalogue.lots[product, code]) for code in dict.fromkeys(codes)]
