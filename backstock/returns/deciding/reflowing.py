"""Which flow a return that was not decided yet takes when it becomes of another type: that of the day it was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum

from backstock.core.amounts import E9
from backstock.flows.engine import Flow
from backstock.returns.deciding.flowing import Wanted, flow_for, worth_base_cents
from backstock.returns.deciding.rules import rules_on
from backstock.returns.loading import LoadedReturn
from backstock.sales.models import SalePiece


class FlowFacts:
    """What the choice of a flow looks at, for returns that were asked for before; three statements for all of them."""

    def __init__(self, returns: Iterable[LoadedReturn]) -> None:
        returns = list(returns)
        self.rules = rules_on({rma.row.requested_on for rma in returns})
        self.worth = worth_base_cents(returns) if returns else {}
        lines = {line.row.sale_line_id for rma in returns for line in rma.lines} - {0}
        pieces = SalePiece.objects.filter(line_id__in=lines).values("line_id").annotate(left=Sum("shipped_e4"))
        self.shipped = dict(pieces.values_list("line_id", "left")) if lines else {}

    def flow(self, rma: LoadedReturn, type_: str) -> Flow:
        """Choose the flow of a return as if it had been asked for with this type."""
        lines = [
            Wanted(
                category=line.row.product.category, reason=line.row.reason, base_cents=0, rate_e9=E9,
                shipped=bool(self.shipped.get(line.row.sale_line_id)) if line.row.sale_line_id else None,
            )
            for line in rma.lines
        ]  # fmt: skip
        return flow_for(self.rules[rma.row.requested_on].flows, type_, rma.row.channel, lines, self.worth[rma.row.pk])
