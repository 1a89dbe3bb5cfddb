"""What a period end would accrue, line by line: net of tax, in the company's currency, at the terms of the sale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from backstock.books.cutoff import LineCutOff, cut_off_lines
from backstock.books.models import AccrualLine
from backstock.core.amounts import line_cents, share, to_base_cents
from backstock.money.accounts import Role
from backstock.money.transfers import Pay
from backstock.returns.models import Return, ReturnLine
from backstock.returns.worth import agreed_share
from backstock.sales.models import SaleLine, SalePiece


@dataclass(frozen=True, slots=True)
class Proposed:
    """One side of one line of a return: `credit` for goods that came, `goods` for money that was given before them."""

    rma_id: int
    line_id: int
    side: str
    quantity_e4: int
    amount_cents: int

    @property
    def document(self) -> str:
        """The return."""
        return Return(pk=self.rma_id).number


def proposed(through: date) -> list[Proposed]:
    """Give what a period end would accrue and has not accrued yet, in the order of the returns."""
    found = cut_off_lines(through)
    lines = {
        line.pk: line for line in ReturnLine.objects.filter(pk__in=[x.line_id for x in found]).select_related("rma")
    }
    ids = {line.sale_line_id for line in lines.values()} - {0}
    sold = {line.pk: line for line in SaleLine.objects.filter(pk__in=ids).select_related("sale")}
    costs = _costs(ids)
    done = set(AccrualLine.objects.filter(through=through).values_list("line_id", "side"))
    made = [_proposed(each, lines[each.line_id], sold, costs) for each in found]
    kept = [each for each in made if each.amount_cents > 0 and (each.line_id, each.side) not in done]
    return sorted(kept, key=lambda each: (each.rma_id, each.line_id))


def _costs(sale_line_ids: Iterable[int]) -> dict[int, int]:
    pieces = SalePiece.objects.filter(line_id__in=sale_line_ids).order_by().values_list("line_id")
    return dict(pieces.annotate(sum=Sum("cost_cents")))


def _proposed(cut: LineCutOff, line: ReturnLine, sold: Mapping[int, SaleLine], costs: Mapping[int, int]) -> Proposed:
    sale_line, units = sold.get(line.sale_line_id), abs(cut.came_e4 - cut.credited_e4)
    if cut.came_e4 > cut.credited_e4:
        return Proposed(cut.rma_id, cut.line_id, "credit", units, _worth(line, sale_line, cut.credited_e4, units))
    if sale_line is None:
        cents = line_cents(units, line.unit_cost_e6 or 0, line.rma.currency_digits)
    else:
        cents = share(costs.get(sale_line.pk, 0), units, sale_line.quantity_e4)
    return Proposed(cut.rma_id, cut.line_id, "goods", units, cents)


def _worth(line: ReturnLine, sale_line: SaleLine | None, before_e4: int, units_e4: int) -> int:
    """Return the net worth of units that were billed; what was never billed is not credited."""
    if sale_line is None:
        return line_cents(units_e4, line.unit_price_e6 or 0, line.rma.currency_digits)
    cents = agreed_share(sale_line.net_cents, before_e4, units_e4, sale_line.quantity_e4)
    return to_base_cents(min(cents, sale_line.invoiced_net_cents), sale_line.sale.rate_e9)


def accrual_pay(side: str, amount_cents: int, line_id: int) -> Pay:
    """Goods that came lower revenue before their credit note; goods that are to come lower cost before they are back."""
    if side == "credit":
        return Pay(amount_cents=amount_cents, debit=Role.expected_returns, credit=Role.accrued_credits, line_id=line_id)
    return Pay(amount_cents=amount_cents, debit=Role.accrued_goods, credit=Role.expected_returns_cost, line_id=line_id)
