"""What of a sale may be billed, and what it would still cost if everything shipped. No writes."""

from __future__ import annotations

from backstock.core.amounts import share
from backstock.sales.loading import LoadedLine, LoadedSale

# Quantity, net and tax of a line.
type Billed = tuple[int, int, int]


def billable_e4(line: LoadedLine) -> int:
    """Return what was shipped, kept and not billed before."""
    return max(0, min(line.kept_e4, line.row.quantity_e4) - line.row.invoiced_e4)


def billed_for(line: LoadedLine, quantity_e4: int) -> Billed:
    """Say what so many more cost; shares are cumulative, so that parts add up to the line."""
    row = line.row
    billed_e4 = row.invoiced_e4 + quantity_e4
    net = share(row.net_cents, billed_e4, row.quantity_e4) - row.invoiced_net_cents
    return quantity_e4, net, share(row.tax_cents, billed_e4, row.quantity_e4) - row.invoiced_tax_cents


def to_come_cents(sale: LoadedSale) -> int:
    """Return what will still be billed when all that is open ships and is kept: so much may be paid ahead."""
    total, waiting = 0, False
    for line in sale.lines:
        later_e4 = max(0, line.kept_e4 + line.to_ship_e4 - line.row.invoiced_e4)
        _, net, tax = billed_for(line, later_e4)
        waiting = waiting or bool(later_e4)
        total += net + tax if later_e4 else 0
    return total + (sale.row.shipping_cents - sale.row.shipping_invoiced_cents if waiting else 0)


def room_to_pay_cents(sale: LoadedSale) -> int:
    """Return how much more may be paid: what is owed, and what the order will still cost."""
    return max(0, sale.row.owed_cents + to_come_cents(sale))


def deposit_cents(sale: LoadedSale) -> int:
    """Return what was paid ahead and is not needed for anything that is still to come."""
    return max(0, -sale.row.owed_cents - to_come_cents(sale))


def ahead_of_goods(line: LoadedLine) -> Billed:
    """Say what of a line was billed and never shipped; what was refunded of it stays."""
    row = line.row
    shipped_e4 = line.in_line_units("shipped_e4")
    quantity_e4 = max(0, row.invoiced_e4 - shipped_e4)
    if not quantity_e4:
        return 0, 0, 0
    net = row.invoiced_net_cents - share(row.net_cents, shipped_e4, row.quantity_e4)
    tax = row.invoiced_tax_cents - share(row.tax_cents, shipped_e4, row.quantity_e4)
    return (
        quantity_e4,
        min(net, row.invoiced_net_cents - row.refunded_net_cents),
        min(tax, row.invoiced_tax_cents - row.refunded_tax_cents),
    )
