"""What exchanges hold on the shelves: the goods wished for wait where the old ones were sold from, until they leave.

Nothing is counted: what waits is reckoned anew from the counters of the return whenever one of them may have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, OuterRef, Subquery

from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core.problems import Problem
from backstock.returns.after.swapping import units_here
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns_by_id
from backstock.returns.models import Swap
from backstock.returns.worth import pieces_for
from backstock.sales.models import Sale
from backstock.stock.places import place_id
from backstock.stock.reserving import Reserved, all_reserved, reserve


def keep_reserved(returns: Iterable[LoadedReturn], was: Iterable[str] = ()) -> None:
    """Let wait on the shelves what may still leave for exchanges; call after the writes. `was`: types before a change."""
    loaded = list(returns)
    mine = {r.row.pk: r for r in loaded} if "exchange" in was else {r.row.pk: r for r in loaded if is_exchange(r)}
    if mine:
        # Of every line: what is no longer wished for at all waits for nobody either.
        reserve({line.row.pk for rma in mine.values() for line in rma.lines}, waiting(mine, _wishes(mine)))


def reserve_requested(ids: Iterable[int]) -> None:
    """Do the same for requests that were authorised as they were written."""
    keep_reserved(load_returns_by_id(ids, lock=False).values())


def is_exchange(rma: LoadedReturn) -> bool:
    """Tell whether other goods may be wished for."""
    return rma.row.type == "exchange"


def _wishes(rma_ids: Iterable[int]) -> list[Swap]:
    """Read the wishes of returns, with the warehouse from which the old goods were sold."""
    house = Sale.objects.filter(pk=OuterRef("line__sale_id")).values("warehouse_id")
    found = Swap.objects.filter(rma_id__in=set(rma_ids), product__isnull=False).select_related("product")
    return list(found.annotate(warehouse_id=Subquery(house)).order_by("line_id"))


def waiting(returns: Mapping[int, LoadedReturn], wishes: Iterable[Swap]) -> Iterator[Reserved]:
    """Say what waits for wishes: product, place and quantity, of a kit its parts."""
    wishes = list(wishes)
    kits = {swap.product.pk for swap in wishes if swap.product and swap.product.is_kit}
    catalogue = load_catalogue(ids=kits, units=False) if kits else Catalogue.of(())
    for swap in wishes:
        rma = returns[swap.rma_id]
        line = next(each for each in rma.lines if each.row.pk == swap.line_id)
        house: int | None = swap.warehouse_id  # type: ignore[attr-defined]
        pieces_e4 = to_leave(rma, line, swap) if swap.reserves and house else 0
        if not pieces_e4 or house is None or swap.product is None:
            continue
        parts = [(swap.product.pk, pieces_e4)]
        if swap.product_id in kits:
            parts = [(pk, e4) for pk, _per, e4 in catalogue.by_id[swap.product.pk].pieces_of(pieces_e4)]
        for product_id, part_e4 in parts:
            yield Reserved(line.row.pk, product_id, place_id("sellable", house), part_e4, rma.row.number)


def to_leave(rma: LoadedReturn, line: LoadedLine, swap: Swap) -> int:
    """Return how many of the goods wished for may still leave, now or once the old ones have come."""
    if not is_exchange(rma) or swap.product is None or line.row.decision == "reject":
        return 0
    if rma.row.status == Status.APPROVED:
        units_e4 = line.counted(lambda p: p.authorized_e4 - p.rejected_e4 - p.accepted_sent_back_e4)
    else:
        units_e4 = units_here(line) if rma.row.status == Status.CLOSED else 0
    step_e4 = int(10 ** (4 - swap.product.unit_decimals))
    return max(0, pieces_for(swap.wished_e4, swap.for_e4, units_e4, step_e4) - swap.shipped_e4)


def check_reserved() -> list[Problem]:
    """Return where the shelves hold something else than exchanges wait for."""
    open_wishes = Swap.objects.filter(product__isnull=False, shipped_e4__lt=F("wished_e4"), reserves=True)
    ids = set(open_wishes.filter(line__rma__type="exchange").values_list("rma_id", flat=True))
    there = all_reserved()
    if not ids and not there:
        return []
    returns = load_returns_by_id(ids, lock=False)
    wanted = set(waiting(returns, _wishes(returns)))
    wrong = sorted(wanted ^ set(there))
    return [Problem("what exchanges wait for is reserved on the shelves", f"{each}") for each in wrong]
