"""The money side of the sales behind returns: read once, locked sale by sale."""

from __future__ import annotations

from dataclasses import dataclass, field

from backstock.core.amounts import E9
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import Swap
from backstock.sales.models import Sale, SaleDiscount, SaleLine, SaleTender


@dataclass(slots=True)
class SoldMoney:
    """The money side of the sales behind returns, locked sale by sale."""

    sales: dict[int, Sale] = field(default_factory=dict)
    lines: dict[int, SaleLine] = field(default_factory=dict)
    tenders: dict[tuple[int, str], SaleTender] = field(default_factory=dict)
    # The discounts of each order, by their kinds.
    discounts: dict[int, list[SaleDiscount]] = field(default_factory=dict)
    # By return line, of those for which other goods have left.
    swaps: dict[int, Swap] = field(default_factory=dict)

    def tenders_of(self, sale_id: int) -> dict[str, tuple[int, int]]:
        """Return tender → (paid, refunded) of a sale, in the order of payment."""
        return {
            tender: (row.paid_cents, row.refunded_cents) for (pk, tender), row in self.tenders.items() if pk == sale_id
        }


def read_sales(returns: list[LoadedReturn], lock: bool) -> SoldMoney:
    """Read and lock the sales that lines of returns name, with all their lines and tenders."""
    ids = {line.row.sale_id for rma in returns for line in rma.lines} - {0}
    found = SoldMoney()
    if not ids:
        return found
    lines = SaleLine.objects.filter(sale_id__in=ids).select_related("sale", "product").order_by("sale_id", "position")
    # All writers of a sale's money lock its header and lines here, so tenders need no lock of their own.
    for row in lines.select_for_update(of=("self", "sale")) if lock else lines:
        found.sales.setdefault(row.sale_id, row.sale)
        found.lines[row.pk] = row
    for tender in SaleTender.objects.filter(sale_id__in=ids).order_by("pk"):
        found.tenders[tender.sale_id, tender.tender] = tender
    if discounted := {row.sale_id for row in found.lines.values() if row.order_discount_cents}:
        for discount in SaleDiscount.objects.filter(sale_id__in=discounted).order_by("pk"):
            found.discounts.setdefault(discount.sale_id, []).append(discount)
    if replaced := [line.row.pk for rma in returns for line in rma.lines if line.row.replaced_e4]:
        found.swaps = {swap.line_id: swap for swap in Swap.objects.filter(line_id__in=replaced)}
    return found


def rate_of(sold: SoldMoney, sale_id: int) -> int:
    """Return the rate of a sale; a blind return is in the company's currency."""
    sale = sold.sales.get(sale_id)
    return sale.rate_e9 if sale else E9
