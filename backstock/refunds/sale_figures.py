"""What a sale has earned and cost, net of its returns: read from papers and the goods ledger."""

from __future__ import annotations

from backstock.core.numbers import row_id
from backstock.refunds.queries import credited_net_of_sale
from backstock.returns.models import ReturnLine
from backstock.returns.queries import returns_of_sale
from backstock.sales.models import Sale
from backstock.sales.queries import loaded_sale, sale_figures
from backstock.stock.queries import cost_of_lines


def net_revenue(number: str) -> int:
    """Return what was billed less what was credited, net of tax and with shipping, in the sale's currency."""
    sale_id = row_id("S", number)
    rmas = returns_of_sale(sale_id)
    lines = dict(ReturnLine.objects.filter(sale_id=sale_id).values_list("pk", "sale_line_id"))
    shipping = Sale.objects.values_list("shipping_refunded_cents", flat=True).get(pk=sale_id)
    return sale_figures(number).net_invoiced_cents - credited_net_of_sale(rmas, lines) - shipping


def net_cost(number: str) -> int:
    """Return the cost of what left less the cost of what came back, in the company's currency."""
    sale_id = row_id("S", number)
    sale_lines = [line.row.pk for line in loaded_sale(number).lines]
    return_lines = list(ReturnLine.objects.filter(sale_id=sale_id).values_list("pk", flat=True))
    returns = [f"R{pk:06d}" for pk in returns_of_sale(sale_id)]
    return cost_of_lines([number], sale_lines) + cost_of_lines(returns, return_lines)
