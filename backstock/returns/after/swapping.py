"""Decide what leaves in place of goods that came back: how many, and whose value stands behind them. No writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from backstock.catalog.errors import SerialRequired
from backstock.catalog.queries import Item as Product
from backstock.core.amounts import E4, share, spread
from backstock.core.commands import Batch
from backstock.core.errors import TransitionNotAllowed
from backstock.returns.after.errors import PaymentMethodRequired, ReplacementExceedsReturn, ReplacementHasLeft
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import Swap
from backstock.returns.worth import (
    Amounts,
    agreed_share,
    credited_cents,
    difference,
    listed,
    pieces_for,
    takes,
    units_for,
)
from backstock.sales.errors import ItemNotInSale
from backstock.sales.loading import LoadedSale, load_sales_by_id
from backstock.sales.models import SaleLine, SaleTender
from backstock.sales.postings import NO_MONEY
from backstock.sales.replacing import FreshLine

# Types whose goods are made good with goods.
WITH_GOODS: Final = ("exchange", "replacement", "repair")
# Nothing can be charged there if the old goods never come.
NOT_CHARGEABLE: Final = ("cash", "store_credit", *NO_MONEY)


@dataclass(slots=True)
class Part:
    """Some goods that leave for one return line, and how many of its units they replace; `ahead` of the old ones."""

    line: LoadedLine
    pieces_e4: int
    units_e4: int
    ahead_e4: int
    fresh: FreshLine
    worth: Amounts = (0, 0)
    agreed: Amounts = (0, 0)


class Swaps:
    """The swaps of returns with the sales behind them, locked, as they stand while deciding."""

    def __init__(self, batch: Batch[Any], returns: Iterable[LoadedReturn]) -> None:
        self.batch = batch
        lines = [line for rma in returns for line in rma.lines]
        self.by_line = {swap.line_id: swap for swap in Swap.objects.filter(line_id__in=[ln.row.pk for ln in lines])}
        self.sales: dict[int, LoadedSale] = load_sales_by_id({line.row.sale_id for line in lines} - {0})
        self.sale_lines: dict[int, SaleLine] = {
            line.row.pk: line.row for sale in self.sales.values() for line in sale.lines
        }
        paid = SaleTender.objects.filter(sale_id__in=self.sales, paid_cents__gt=0).exclude(tender__in=NOT_CHARGEABLE)
        self.chargeable = set(paid.values_list("sale_id", flat=True))

    def of(self, rma: LoadedReturn, line: LoadedLine) -> Swap:
        """Return the swap of a line, a new one where nothing has left for it yet."""
        if line.row.pk not in self.by_line:
            self.by_line[line.row.pk] = Swap(rma_id=rma.row.pk, line_id=line.row.pk)
        return self.by_line[line.row.pk]

    def bump(self, swap: Swap, step: dict[str, int], **deltas: int) -> None:
        """Add to counters of a swap and to the step that is written about it, revocably."""
        if swap.pk:
            self.batch.change(swap, **deltas)
        else:
            before = {name: getattr(swap, name) for name in deltas}
            swap.__dict__.update({name: before[name] + delta for name, delta in deltas.items()})
            self.batch.journal.append(partial(swap.__dict__.update, before))
        for name, delta in deltas.items():
            step[name] = step.get(name, 0) + delta

    def fresh(self) -> list[Swap]:
        """Return the swaps that were not in the database, of which something has left."""
        return [swap for swap in self.by_line.values() if not swap.pk and swap.shipped_e4]


def units_here(line: LoadedLine) -> int:
    """Return the units of a line that came and stay with us: received, not rejected, not sent back."""
    return line.counted(lambda p: p.received_e4 - p.rejected_e4 - p.accepted_sent_back_e4)


def units_promised(rma: LoadedReturn, line: LoadedLine) -> int:
    """Return the units for which other goods may leave: those that are here; where goods cross, those authorised."""
    if not line.terms.cross_ship or rma.row.status != Status.APPROVED:
        return units_here(line)
    return line.counted(lambda p: p.authorized_e4 - p.rejected_e4 - p.accepted_sent_back_e4)


def require_ours(rma: LoadedReturn, line: LoadedLine) -> None:
    """Refuse to let accepted goods go back for which other goods have left; call after they were counted."""
    if line.row.replaced_e4 and units_here(line) < line.row.replaced_e4:
        raise ReplacementHasLeft(document=rma.row.number, sku=line.row.product.sku)


def require_open(rma: LoadedReturn) -> None:
    """Refuse where nothing can leave: not authorised, or of a type that gives money."""
    if rma.row.type not in WITH_GOODS:
        raise TransitionNotAllowed(document=rma.row.number, current=rma.row.type, wanted="replaced")
    if rma.row.status not in (Status.APPROVED, Status.CLOSED):
        raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted="replaced")


@dataclass(slots=True)
class Filling:
    """How many pieces leave for which lines of a return, as they are found."""

    swaps: Swaps
    rma: LoadedReturn
    item: Product
    pieces: dict[int, int] = field(default_factory=dict)

    def room(self, line: LoadedLine, units_e4: int) -> int:
        """Return how many more pieces may leave for a line of which so many units count."""
        swap, so_far = self.swaps.by_line.get(line.row.pk), self.pieces.get(line.row.pk, 0)
        if swap is None or swap.product_id is None:
            return max(0, self.item.whole(units_e4 - line.row.replaced_e4) - so_far)
        all_e4 = pieces_for(swap.wished_e4, swap.for_e4, units_e4, self.item.step_e4)
        return max(0, all_e4 - swap.shipped_e4 - so_far)

    def candidates(self, position: int | None) -> list[LoadedLine]:
        """Return the lines for which a product may leave: those that wish it, or any where nothing was wished."""
        found = []
        for line in self.rma.lines:
            swap = self.swaps.by_line.get(line.row.pk)
            wished = self.item.id if swap is None or swap.product_id is None else swap.product_id
            if line.row.sale_line_id and wished == self.item.id and position in (None, line.row.position):
                found.append(line)
        if not found:
            raise ItemNotInSale(sku=self.item.sku, document=self.rma.row.number)
        return sorted(found, key=lambda line: line.row.product_id != self.item.id)

    def fill(self, asked_e4: int, position: int | None) -> None:
        """Spread what is asked over the lines: first for goods that are here, then ahead of them; raise what is too much."""
        lines, left_e4 = self.candidates(position), asked_e4
        room = sum(self.room(line, max(units_here(line), units_promised(self.rma, line))) for line in lines)
        if asked_e4 > room:
            raise ReplacementExceedsReturn(
                document=self.rma.row.number, sku=self.item.sku, asked_e4=asked_e4, room_e4=room
            )  # fmt: skip
        for line in lines:
            left_e4 -= self._take(line, left_e4, units_here(line))
        for line in lines if left_e4 else ():
            part_e4 = self._take(line, left_e4, units_promised(self.rma, line))
            if part_e4 and line.row.sale_id not in self.swaps.chargeable:
                sale = self.swaps.sales[line.row.sale_id].row
                raise PaymentMethodRequired(document=self.rma.row.number, sale=sale.number)
            left_e4 -= part_e4

    def ahead(self, line: LoadedLine) -> int:
        """Return how many of the pieces for a line leave ahead of the old goods; call before they are counted."""
        there_e4 = Filling(self.swaps, self.rma, self.item).room(line, units_here(line))
        return max(0, self.pieces.get(line.row.pk, 0) - there_e4)

    def _take(self, line: LoadedLine, left_e4: int, units_e4: int) -> int:
        part_e4 = min(left_e4, self.room(line, units_e4))
        if part_e4 > 0:
            self.pieces[line.row.pk] = self.pieces.get(line.row.pk, 0) + part_e4
        return max(0, part_e4)


def serials_of(item: Product, serials: Sequence[str], asked_e4: int) -> list[str]:
    """Return the serial numbers that leave; refuse another number of them than pieces."""
    if item.product.tracking == "serial" and len(serials) * E4 != asked_e4:
        raise SerialRequired(sku=item.sku, needed_e4=asked_e4, given=len(serials))
    return list(serials)


def replace_units(swaps: Swaps, rma: LoadedReturn, part: Part, step: dict[str, int]) -> None:
    """Count a part: the old units leave their line of the sale with their value, the new goods get their price."""
    row, swap = part.line.row, swaps.of(rma, part.line)
    old, fresh = swaps.sale_lines[row.sale_line_id], part.fresh
    part.units_e4 = part.pieces_e4
    if swap.product_id is not None:
        upto_e4 = swap.shipped_e4 + part.pieces_e4
        part.units_e4 = units_for(swap.wished_e4, swap.for_e4, upto_e4) - row.replaced_e4
    before, back = old.refunded_e4, old.refunded_e4 + part.units_e4
    part.worth = (
        max(0, credited_cents(old.net_cents, old.invoiced_net_cents, back, old.quantity_e4) - old.refunded_net_cents),
        max(0, credited_cents(old.tax_cents, old.invoiced_tax_cents, back, old.quantity_e4) - old.refunded_tax_cents),
    )
    part.agreed = (
        agreed_share(old.net_cents, before, part.units_e4, old.quantity_e4),
        agreed_share(old.tax_cents, before, part.units_e4, old.quantity_e4),
    )
    if swap.product_id is None:
        fresh.worth, fresh.is_gift = part.agreed, old.is_gift
        fresh.unit_price_e6, fresh.tax_rate_e6 = old.unit_price_e6, old.tax_rate_e6
    else:
        upto_e4 = swap.shipped_e4 + part.pieces_e4
        fresh.worth = listed((swap.net_cents, swap.tax_cents), swap.shipped_e4, upto_e4, swap.wished_e4)
        fresh.unit_price_e6, fresh.tax_rate_e6 = swap.unit_price_e6, swap.tax_rate_e6
    swaps.batch.change(
        old, refunded_e4=part.units_e4, refunded_net_cents=part.worth[0], refunded_tax_cents=part.worth[1]
    )  # fmt: skip
    swaps.batch.change(row, replaced_e4=part.units_e4)
    step["replaced_e4"] = step.get("replaced_e4", 0) + part.units_e4
    swaps.bump(
        swap, step, shipped_e4=part.pieces_e4, agreed_cents=sum(part.agreed), worth_net_cents=part.worth[0],
        worth_tax_cents=part.worth[1],
    )  # fmt: skip


def move_value(
    swaps: Swaps, rma: LoadedReturn, sale: LoadedSale, parts: Sequence[Part], steps: dict[int, dict[str, int]]
) -> None:  # fmt: skip
    """Let the value of the old goods stand behind the new ones of a sale, and bill what is short of it."""
    wished = [p for p in parts if swaps.of(rma, p.line).product_id is not None and p.worth == p.agreed]
    paid_for = {id(part) for part in wished}
    for part in parts:
        if id(part) not in paid_for:
            _move_own(swaps, swaps.of(rma, part.line), part, steps[part.line.row.pk])
    if not wished:
        return
    own = {part.line.row.pk for part in wished}
    lines = [line for line in rma.lines if line.row.sale_id == sale.row.pk and _is_wish(swaps, line)]
    lines.sort(key=lambda line: line.row.pk not in own)
    pool = [swaps.by_line[line.row.pk] for line in lines]
    left = (sum(swap.left_net_cents for swap in pool), sum(swap.left_tax_cents for swap in pool))
    need = (sum(p.fresh.worth[0] for p in wished), sum(p.fresh.worth[1] for p in wished))
    bill = difference(left, need)
    nets = takes(need[0] - bill[0], [swap.left_net_cents for swap in pool])
    taxes = takes(need[1] - bill[1], [swap.left_tax_cents for swap in pool])
    for swap, net, tax in zip(pool, nets, taxes, strict=True):
        if net or tax:
            swaps.bump(swap, steps[swap.line_id], moved_net_cents=net, moved_tax_cents=tax)
    bills = zip(
        spread(bill[0], [p.fresh.worth[0] for p in wished]), spread(bill[1], [p.fresh.worth[1] for p in wished]),
        strict=True,
    )  # fmt: skip
    for part, billed in zip(wished, bills, strict=True):
        fresh = part.fresh
        fresh.billed, fresh.invoiced_e4 = billed, fresh.quantity_e4
        fresh.moved = (fresh.worth[0] - billed[0], fresh.worth[1] - billed[1])
    swaps.batch.change(sale.row, invoiced_cents=sum(bill), owed_cents=sum(bill))


def _is_wish(swaps: Swaps, line: LoadedLine) -> bool:
    swap = swaps.by_line.get(line.row.pk)
    return swap is not None and swap.product_id is not None


def _move_own(swaps: Swaps, swap: Swap, part: Part, step: dict[str, int]) -> None:
    """Move what a part's own old goods were billed at; what was agreed and not billed yet is billed later, as usual."""
    fresh = part.fresh
    fresh.moved = (min(part.worth[0], fresh.worth[0]), min(part.worth[1], fresh.worth[1]))
    whole = fresh.moved == fresh.worth
    fresh.invoiced_e4 = fresh.quantity_e4 if whole else share(fresh.quantity_e4, sum(fresh.moved), sum(fresh.worth))
    swaps.bump(swap, step, moved_net_cents=fresh.moved[0], moved_tax_cents=fresh.moved[1])


def steps_by_line() -> dict[int, dict[str, int]]:
    """Return an empty record of what a command changes, line by line."""
    return defaultdict(dict)
