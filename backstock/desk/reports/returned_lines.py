"""The lines behind a figure of the statistics of returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.parts import Empty
from backstock.desk.reports.asking import Asked, asked
from backstock.desk.reports.returned import choices, names_of, scope_of
from backstock.desk.tables import Column, Table
from backstock.insight.returns import products_of_supplier
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.models import ReturnLine
from backstock.returns.queries import progress, sale_lines_of, with_lines, worth_cents
from backstock.sales.models import Sale


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a return, with its return."""

    line: LoadedLine
    rma: LoadedReturn
    worth_cents: int
    reason: str
    status: str


def lines_of(want: Asked) -> QuerySet[ReturnLine]:
    """Narrow the lines of returns to those that a figure counts."""
    scope, of, key = scope_of(want), want.more["of"], want.more["key"]
    found = ReturnLine.objects.filter(rma__requested_on__range=(scope.first, scope.last))
    if not scope.with_refused:
        found = found.exclude(Q(rma__status__in=["rejected", "cancelled"]) | Q(decision="reject"))
    if scope.channel:
        found = found.filter(rma__channel=scope.channel)
    if scope.category or want.more["category"] == "-":
        found = found.filter(product__category=scope.category)
    if scope.warehouse_id:
        found = found.filter(sale_id__in=Sale.objects.filter(warehouse_id=scope.warehouse_id).values("pk"))
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    if of == "reason":
        found = found.filter(reason=key)
    elif of == "product":
        found = found.filter(product_id=number)
    elif of == "customer":
        found = found.filter(rma__customer_id=number)
    elif of == "supplier":
        found = found.filter(product_id__in=products_of_supplier(number))
    return found.select_related("rma__customer").order_by("-rma_id", "position")


def prepare(lines: Sequence[ReturnLine]) -> list[Row]:
    """Read the returns of a page of lines at once."""
    returns = {each.row.pk: each for each in with_lines(list({line.rma_id: line.rma for line in lines}.values()))}
    sold, reasons = sale_lines_of(returns.values()), words.reason_words()
    found = []
    for line in lines:
        rma = returns[line.rma_id]
        loaded = next(each for each in rma.lines if each.row.pk == line.pk)
        worth = worth_cents(LoadedReturn(rma.row, [loaded]), sold)
        found.append(Row(loaded, rma, worth, words.word(reasons, line.reason), progress(rma)))
    return found


def columns() -> list[Column[Row]]:
    """Describe the columns."""
    return [
        Column(key="requested", label=_("Requested on"), kind="day", value=lambda row: row.rma.row.requested_on, sort="rma__requested_on"),
        Column(
            key="number", label=_("Return"), value=lambda row: row.rma.row.number, sort="rma_id",
            link=lambda row: reverse("return_page", args=[row.rma.row.number]),
        ),
        Column(
            key="state", label=_("State"), kind="badge", value=lambda row: words.word(words.STATUSES, row.status),
            tone=lambda row: words.tone(words.STATUSES, row.status),
        ),
        Column(key="customer", label=_("Customer"), value=lambda row: str(row.rma.row.customer), sort="rma__customer__name"),
        Column(
            key="product", label=_("Product"), sort="product__sku",
            value=lambda row: f"{row.line.row.product.sku} {row.line.row.product.name}".strip(),
        ),
        Column(key="reason", label=_("Reason"), value=lambda row: row.reason, sort="reason"),
        Column(
            key="asked", label=_("Pieces asked back"), kind="quantity", value=lambda row: row.line.in_line_units("requested_e4"),
            unit=lambda row: row.line.row.product.unit,
        ),
        Column(
            key="received", label=_("Pieces arrived"), kind="quantity", value=lambda row: row.line.in_line_units("received_e4"),
            unit=lambda row: row.line.row.product.unit,
        ),
        Column(
            key="worth", label=_("Sold for"), kind="money", value=lambda row: row.worth_cents,
            currency=lambda row: (row.rma.row.currency, row.rma.row.currency_digits),
        ),
    ]  # fmt: skip


@page("returns.view")
def report_returned_lines(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the lines that a figure of the statistics counts."""
    want = asked(request, choices()[1:], more=("of", "key", "category"))
    title = _("Lines of returns")
    table = Table[Row](
        name="returned-lines", path=request.path, title=title, rows=lambda: lines_of(want), prepare=prepare, columns=columns(),
        row_id=lambda row: str(row.line.row.pk), kept=want.kept,
        empty=Empty(icon="chart-bar", title=_("Nothing came back"), explanation=_("Choose another period, or fewer filters.")),
    )  # fmt: skip
    context = {"heading": title, "asked": want, "explained": _explained(want)}
    return table.respond(request, "desk/reports/report.html", context)


def _explained(want: Asked) -> str:
    of, key = want.more["of"], want.more["key"]
    label = dict(choices()[0].options).get(of)
    if not label:
        return _("Each line of a return that the statistics count.")
    number: str | int = int(key) if of != "reason" and key.isascii() and key.isdigit() and len(key) < 19 else key
    return _("Each line of a return that the statistics count; %(what)s: %(name)s.") % {
        "what": label,
        "name": names_of(of, [number]).get(number, key),
    }
