"""What is wished for goods of an exchange goes along when their request is split, merged or added to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backstock.core import rows
from backstock.core.amounts import share
from backstock.core.commands import Batch
from backstock.core.errors import InvalidInput
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import Swap
from backstock.returns.requests.writing import WISH_FIELDS
from backstock.returns.worth import pieces_for


@dataclass(frozen=True, slots=True)
class WishPart:
    """A wish, or a part of one: as many goods for so many units, at the price that was told."""

    product_id: int
    wished_e4: int
    for_e4: int
    unit_price_e6: int
    tax_rate_e6: int
    net_cents: int
    tax_cents: int


def wishes_of(returns: Iterable[LoadedReturn]) -> dict[int, Swap]:
    """Read what is wished for lines; requests for anything but an exchange cost no statement."""
    lines = [line.row.pk for rma in returns if rma.row.type == "exchange" for line in rma.lines]
    found = Swap.objects.filter(line_id__in=lines, product__isnull=False).select_related("product") if lines else []
    return {swap.line_id: swap for swap in found}


def take_part(batch: Batch[Any], swap: Swap, line: LoadedLine, units_e4: int) -> WishPart:
    """Take the wish for some units out of the wish for a line; refuse parts that the goods wished for do not allow."""
    product = swap.product
    step_e4 = 10 ** (4 - product.unit_decimals) if product else 1
    wished_e4 = pieces_for(swap.wished_e4, swap.for_e4, units_e4, step_e4)
    if wished_e4 * swap.for_e4 != swap.wished_e4 * units_e4:
        raise InvalidInput(
            field="exchange_for", problem=f"{line.row.product.sku}: the goods wished for it cannot be shared"
        )
    part = WishPart(
        swap.product_id or 0, wished_e4, units_e4, swap.unit_price_e6, swap.tax_rate_e6,
        share(swap.net_cents, units_e4, swap.for_e4), share(swap.tax_cents, units_e4, swap.for_e4),
    )  # fmt: skip
    batch.change(
        swap, wished_e4=-wished_e4, for_e4=-units_e4, net_cents=-part.net_cents, tax_cents=-part.tax_cents
    )  # fmt: skip
    return part


def whole(swap: Swap) -> WishPart:
    """Return all that is wished for a line."""
    return WishPart(
        swap.product_id or 0, swap.wished_e4, swap.for_e4, swap.unit_price_e6, swap.tax_rate_e6, swap.net_cents,
        swap.tax_cents,
    )  # fmt: skip


def add_to(batch: Batch[Any], swap: Swap, part: WishPart) -> None:
    """Join two wishes for the same goods."""
    batch.change(
        swap, wished_e4=part.wished_e4, for_e4=part.for_e4, net_cents=part.net_cents, tax_cents=part.tax_cents
    )  # fmt: skip


def write_wishes(entries: Sequence[tuple[int, int, WishPart]]) -> None:
    """Write wishes for lines: (return, line, wish)."""
    values = [
        (rma_id, line_id, w.product_id, w.wished_e4, w.for_e4, w.unit_price_e6, w.tax_rate_e6, w.net_cents, w.tax_cents, *(0,) * 8)
        for rma_id, line_id, w in entries
    ]  # fmt: skip
    rows.insert(Swap, WISH_FIELDS, values)
