"""What an exchange comes to: which goods for which, who pays the difference, and how far it has gone. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backstock.catalog.models import Product
from backstock.core.amounts import share
from backstock.returns.after.swapping import units_here
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import Repair, Replacement, Return, ReturnLine, Swap
from backstock.returns.queries import loaded_return, sale_lines_of
from backstock.returns.worth import agreed_share, pieces_for
from backstock.sales.models import SaleLine


@dataclass(frozen=True, slots=True)
class ExchangeFigures:
    """What the customer pays, or we; in the currency of the return. Status: open, part_shipped, shipped, none."""

    customer_pays_cents: int
    we_pay_cents: int
    status: str


@dataclass(slots=True)
class LineSwap:
    """One line: what is wished for how many, what has left, and what both are worth (tax included)."""

    line: LoadedLine
    swap: Swap | None
    promised_e4: int = 0
    old_cents: int = 0
    new_cents: int = 0
    left: list[Replacement] = field(default_factory=list)


def exchange_figures(number: str) -> ExchangeFigures:
    """Return who pays what for an exchange; raise UnknownDocument."""
    return figures_of(line_swaps(loaded_return(number)))


def figures_of(lines: Iterable[LineSwap]) -> ExchangeFigures:
    """Sum an exchange: what its sales owe each other is not netted, the lines of one sale are."""
    lines = list(lines)
    short: dict[int, int] = defaultdict(int)
    for each in lines:
        short[each.line.row.sale_id] += each.new_cents - each.old_cents
    promised, gone = sum(each.promised_e4 for each in lines), sum(each.line.row.replaced_e4 for each in lines)
    status = "none" if not promised else "open" if not gone else "shipped" if gone >= promised else "part_shipped"
    return ExchangeFigures(
        sum(max(0, cents) for cents in short.values()), sum(max(0, -cents) for cents in short.values()), status
    )


def line_swaps(rma: LoadedReturn) -> list[LineSwap]:
    """Return the lines of a return with what is given in their place: three statements."""
    swaps = {swap.line_id: swap for swap in Swap.objects.filter(rma_id=rma.row.pk).select_related("product")}
    left = Replacement.objects.filter(rma_id=rma.row.pk, undone_log_id=0).select_related("product").order_by("pk")
    sold = sale_lines_of([rma])
    found = {line.row.pk: _line(rma, line, swaps.get(line.row.pk), sold) for line in rma.lines}
    for each in left:
        found[each.line_id].left.append(each)
    return list(found.values())


def _line(rma: LoadedReturn, line: LoadedLine, swap: Swap | None, sold: Mapping[int, SaleLine]) -> LineSwap:
    """Reckon a line for the units that may still be replaced and those that were."""
    found = LineSwap(line, swap, max(_alive(rma, line), line.row.replaced_e4))
    old = sold.get(line.row.sale_line_id)
    if swap is None or swap.product is None or old is None:
        return found
    more_e4 = found.promised_e4 - line.row.replaced_e4
    found.old_cents = swap.agreed_cents + sum(
        agreed_share(cents, old.refunded_e4, more_e4, old.quantity_e4) for cents in (old.net_cents, old.tax_cents)
    )
    step_e4 = int(10 ** (4 - swap.product.unit_decimals))
    pieces_e4 = max(swap.shipped_e4, pieces_for(swap.wished_e4, swap.for_e4, found.promised_e4, step_e4))
    found.new_cents = share(swap.net_cents + swap.tax_cents, pieces_e4, swap.wished_e4)
    return found


def _alive(rma: LoadedReturn, line: LoadedLine) -> int:
    """Return the units of a line that are or may still be replaced, as far as is known."""
    if line.row.decision == "reject" or rma.row.status in (Status.REJECTED, Status.CANCELLED):
        return 0
    if rma.row.status == Status.REQUESTED:
        return line.in_line_units("requested_e4")
    if rma.row.status == Status.CLOSED:
        return units_here(line)
    return line.counted(lambda p: p.authorized_e4 - p.rejected_e4 - p.accepted_sent_back_e4)


def last_replacement(rma_id: int) -> int:
    """Return the log row of the last shipment for a return that stands, 0 when there is none."""
    left = Replacement.objects.filter(rma_id=rma_id, undone_log_id=0).order_by("-log_id")
    return left.values_list("log_id", flat=True).first() or 0


def repairs_of(rma_id: int) -> list[Repair]:
    """Return the finished repairs of a return that stand, in their order."""
    return list(Repair.objects.filter(rma_id=rma_id, undone_log_id=0).order_by("pk"))


def products_that_left(rma_id: int) -> list[Product]:
    """Return the products of which something left for a return."""
    return list(Product.objects.filter(pk__in=Replacement.objects.filter(rma_id=rma_id).values("product_id")))


def numbers_of_lines(line_ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of the returns that lines belong to."""
    wanted = set(line_ids) - {0}
    found = ReturnLine.objects.filter(pk__in=wanted).values_list("pk", "rma_id") if wanted else ()
    return {pk: Return(pk=rma_id).number for pk, rma_id in found}
