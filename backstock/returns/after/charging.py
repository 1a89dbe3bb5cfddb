"""Goods left ahead, and the old ones did not come: how many are billed now, or credited because they came after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backstock.catalog.models import Product
from backstock.catalog.prices import Prices
from backstock.catalog.queries import Item as CatalogueItem
from backstock.core.amounts import share
from backstock.core.commands import Batch
from backstock.returns.after.swapping import Swaps, units_here, units_promised
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import Replacement, Swap
from backstock.returns.worth import Amounts, credited_cents, takes
from backstock.sales.loading import LoadedSale
from backstock.sales.models import SaleLine
from backstock.sales.pricing import Ordered, price_lines


@dataclass(slots=True)
class Charge:
    """What one line of new goods is billed (or below zero credited), and the paper that says so."""

    sale: LoadedSale
    line: SaleLine
    quantity_e4: int
    amounts: Amounts


@dataclass(slots=True)
class Charges:
    """The charges of one return, and what its swaps change."""

    charges: list[Charge] = field(default_factory=list)
    steps: dict[int, dict[str, int]] = field(default_factory=dict)

    @property
    def gross_cents(self) -> int:
        """What is billed in all; below zero it is credited."""
        return sum(sum(each.amounts) for each in self.charges)

    def step(self, line_id: int) -> dict[str, int]:
        """Return the record of what a line's swap changes."""
        return self.steps.setdefault(line_id, {})


def targets(
    rma: LoadedReturn, line: LoadedLine, goods: Sequence[Replacement], on: date
) -> list[tuple[Replacement, int]]:
    """Say how many units of each shipment should be billed: those whose old goods did not come in time, or never will."""
    left_e4, found = units_here(line), list[tuple[Replacement, int]]()
    missing: list[tuple[Replacement, int]] = []
    for each in goods:
        covered_e4 = max(0, min(each.replaced_e4, left_e4))
        left_e4 -= covered_e4
        missing.append((each, each.replaced_e4 - covered_e4))
    ended = rma.row.status != Status.APPROVED
    promised_e4 = units_here(line) if ended else max(units_here(line), units_promised(rma, line))
    # What can no longer come: rejected at the inspection, lapsed, or the return is closed.
    never_e4 = max(0, line.row.replaced_e4 - promised_e4)
    for each, missing_e4 in reversed(missing):
        gone_e4 = min(missing_e4, never_e4)
        never_e4 -= gone_e4
        late = each.due_on is not None and on > each.due_on
        found.append((each, missing_e4 if late else max(gone_e4, min(each.late_e4, missing_e4))))
    return found[::-1]


def charge(
    batch: Batch[Any], swaps: Swaps, rma: LoadedReturn, line: LoadedLine, goods: Replacement, units_e4: int, prices: Prices,
    products: Mapping[int, Product], charges: Charges,
) -> None:  # fmt: skip
    """Bill units of a shipment (below zero: credit them), and let the old goods have their value again, or lose it."""
    sale = swaps.sales[goods.sale_id]
    new = next(each.row for each in sale.lines if each.row.pk == goods.sale_line_id)
    swap, upto_e4 = swaps.of(rma, line), goods.late_e4 + units_e4
    price = _share((goods.price_net_cents, goods.price_tax_cents), goods.late_e4, upto_e4, goods.replaced_e4)
    moved = _share((goods.moved_net_cents, goods.moved_tax_cents), goods.late_e4, upto_e4, goods.replaced_e4)
    pieces_e4 = share(goods.quantity_e4, upto_e4, goods.replaced_e4) - share(
        goods.quantity_e4, goods.late_e4, goods.replaced_e4
    )
    if units_e4 < 0:
        late = (goods.late_net_cents, goods.late_tax_cents)
        billed = _share(late, goods.late_e4, upto_e4, goods.late_e4)
    elif swap.product_id is not None:
        billed = moved
    else:
        billed = _listed(products[goods.product_id], prices, sale, pieces_e4)
    worth = _value(batch, swaps, swap, line, goods, units_e4, moved, charges)
    moved = _moved(swaps, rma, line, worth if units_e4 < 0 else moved, moved, charges)
    # What a wished piece costs stays; a replacement, which cost nothing, is at its list price as long as it is billed.
    dearer = (0, 0) if swap.product_id is not None else (billed[0] - price[0], billed[1] - price[1])
    quantity_e4 = _count(batch, new, pieces_e4, billed, moved, dearer)
    batch.change(goods, late_e4=units_e4, late_net_cents=billed[0], late_tax_cents=billed[1])
    batch.change(sale.row, invoiced_cents=sum(billed), owed_cents=sum(billed))
    charges.charges.append(Charge(sale, new, quantity_e4, billed))


def _share(whole: Amounts, before_e4: int, upto_e4: int, units_e4: int) -> Amounts:
    return (
        share(whole[0], upto_e4, units_e4) - share(whole[0], before_e4, units_e4),
        share(whole[1], upto_e4, units_e4) - share(whole[1], before_e4, units_e4),
    )


def _listed(product: Product, prices: Prices, sale: LoadedSale, pieces_e4: int) -> Amounts:
    """Return what pieces cost by the list today."""
    unit_price_e6 = prices.of(CatalogueItem(product))
    ordered = Ordered(pieces_e4, unit_price_e6, 0, product.tax_rate_e6)
    money = price_lines([ordered], 0, sale.row.tax_mode, sale.row.currency_digits)[0]
    return money.net_cents, money.tax_cents


def _value(
    batch: Batch[Any], swaps: Swaps, swap: Swap, line: LoadedLine, goods: Replacement, units_e4: int, moved: Amounts,
    charges: Charges,
) -> Amounts:  # fmt: skip
    """Give the old units their value again, or take it as their refund value is now; return what changed of it."""
    old = swaps.sale_lines[line.row.sale_line_id]
    if units_e4 > 0:
        whole = (goods.worth_net_cents, goods.worth_tax_cents)
        worth = _share(whole, goods.late_e4, goods.late_e4 + units_e4, goods.replaced_e4)
        # What was credited of it to the customer stays credited.
        worth = (min(worth[0], moved[0] + swap.left_net_cents), min(worth[1], moved[1] + swap.left_tax_cents))
    else:
        back = old.refunded_e4 - units_e4
        net = credited_cents(old.net_cents, old.invoiced_net_cents, back, old.quantity_e4) - old.refunded_net_cents
        tax = credited_cents(old.tax_cents, old.invoiced_tax_cents, back, old.quantity_e4) - old.refunded_tax_cents
        worth = (-max(0, net), -max(0, tax))
    batch.change(old, refunded_e4=-units_e4, refunded_net_cents=-worth[0], refunded_tax_cents=-worth[1])
    swaps.bump(
        swap, charges.step(line.row.pk), worth_net_cents=-worth[0], worth_tax_cents=-worth[1],
        agreed_cents=-sum(worth),
    )  # fmt: skip
    return worth


def _moved(
    swaps: Swaps, rma: LoadedReturn, line: LoadedLine, most: Amounts, moved: Amounts, charges: Charges
) -> Amounts:  # fmt: skip
    """Take value from behind the new goods, of the own old goods first; or put it there again, at most what is left."""
    pool = [
        swaps.by_line[each.row.pk]
        for each in rma.lines
        if each.row.sale_id == line.row.sale_id and each.row.pk in swaps.by_line
    ]
    pool.sort(key=lambda swap: swap.line_id != line.row.pk)
    if sum(most) < 0 or sum(moved) < 0:
        own = pool[0]
        put = (min(-moved[0], own.left_net_cents), min(-moved[1], own.left_tax_cents))
        swaps.bump(own, charges.step(own.line_id), moved_net_cents=put[0], moved_tax_cents=put[1])
        return -put[0], -put[1]
    nets = takes(moved[0], [swap.moved_net_cents for swap in pool])
    taxes = takes(moved[1], [swap.moved_tax_cents for swap in pool])
    for swap, net, tax in zip(pool, nets, taxes, strict=True):
        if net or tax:
            swaps.bump(swap, charges.step(swap.line_id), moved_net_cents=-net, moved_tax_cents=-tax)
    return sum(nets), sum(taxes)


def _count(
    batch: Batch[Any], new: SaleLine, pieces_e4: int, billed: Amounts, moved: Amounts, dearer: Amounts
) -> int:  # fmt: skip
    """Bring the new goods' sale line along; return how many pieces the paper names that none named before."""
    if pieces_e4 > 0:
        instead_e4 = min(new.moved_e4, pieces_e4)
        more_e4 = min(pieces_e4 - instead_e4, new.quantity_e4 - new.invoiced_e4)
    else:
        instead_e4 = max(pieces_e4, new.moved_e4 - new.invoiced_e4)
        more_e4 = 0
    batch.change(
        new, net_cents=dearer[0], tax_cents=dearer[1], invoiced_e4=more_e4, moved_e4=-instead_e4,
        invoiced_net_cents=billed[0] - moved[0], invoiced_tax_cents=billed[1] - moved[1], moved_net_cents=-moved[0],
        moved_tax_cents=-moved[1],
    )  # fmt: skip
    return instead_e4 + more_e4
