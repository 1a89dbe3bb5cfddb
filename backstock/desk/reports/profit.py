"""Gross profit net of returns: by product, category, customer, salesperson or month, and the documents behind a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.books.profit import Earned, earned, posted, total
from backstock.core.permissions import Actor
from backstock.desk.access import page
from backstock.desk.figures import money_text
from backstock.desk.parts import Empty
from backstock.desk.reports.asking import Asked, Choice, asked, month_end
from backstock.desk.reports.choices import all_products, category_choice, partner_names, person_names
from backstock.desk.tables import Column, Table
from backstock.money.accounts import Role

CHARTED = 12


@dataclass(frozen=True, slots=True)
class Row:
    """What one product, category, customer, salesperson or month earned."""

    label: str
    key: str
    earned: Earned
    name: str = ""


def by_choice() -> Choice:
    """Offer the ways to look at it."""
    return Choice(
        "by", _("By"),
        [
            ("product", _("Product")), ("category", _("Category")), ("customer", _("Customer")),
            ("salesperson", _("Salesperson")), ("month", _("Month")),
        ],
    )  # fmt: skip


def rows_of(want: Asked) -> list[Row]:
    """Read the figures and name what they are about."""
    by = want.chosen["by"]
    if by == "month":
        return [
            Row(f"{day:%Y-%m}", f"{day:%Y-%m}", each)
            for day, each in earned(want.first, want.last, "month", want.known).items()
        ]
    if by in ("customer", "salesperson"):
        figures = earned(want.first, want.last, by, want.known)
        names = partner_names(figures) if by == "customer" else person_names(figures)
        nobody = _("Without a customer") if by == "customer" else _("Nobody named")
        return sorted(
            (Row(names.get(pk, nobody), str(pk), each) for pk, each in figures.items()), key=lambda row: row.label
        )
    return _of_products(want, by)


def _of_products(want: Asked, by: str) -> list[Row]:
    products, category = all_products(), want.chosen["category"]
    figures = [
        (products[pk], each)
        for pk, each in earned(want.first, want.last, "product", want.known).items()
        if pk in products and (not category or products[pk].category == category)
    ]
    if by == "product":
        rows = [Row(product.sku, str(product.pk), each, product.name) for product, each in figures]
    else:
        groups: dict[str, list[Earned]] = defaultdict(list)
        for product, each in figures:
            groups[product.category].append(each)
        rows = [Row(name or _("No category"), name, total(group)) for name, group in groups.items()]
    return sorted((row for row in rows if any(row.earned)), key=lambda row: row.label)


def links(want: Asked) -> Callable[[Row], str]:
    """Say where the rows of a view lead: to what a category or month consists of, else to the documents."""
    by = want.chosen["by"]

    def link(row: Row) -> str:
        if not row.key:
            return ""
        if by == "category":
            return want.href(by="", category=row.key)
        if by == "month":
            first = date.fromisoformat(f"{row.key}-01")
            return want.href(by="", from_=max(first, want.first), to=min(month_end(first), want.last))
        return want.days_href(reverse("report_earned"), **{by: row.key})

    return link


def figure_columns[Shown](of: Callable[[Shown], Earned], sorts: bool = True) -> list[Column[Shown]]:
    """Describe the columns of figures."""
    money: list[tuple[str, str, Callable[[Earned], int]]] = [
        ("revenue", _("Revenue"), lambda each: each.revenue_cents), ("returns", _("Returns"), lambda each: each.returned_cents),
        ("net", _("Net revenue"), lambda each: each.net_cents), ("cost", _("Cost"), lambda each: each.cost_cents),
        ("profit", _("Gross profit"), lambda each: each.profit_cents),
    ]  # fmt: skip

    def column(key: str, label: str, value: Callable[[Earned], int]) -> Column[Shown]:
        return Column(key=key, label=label, kind="money", value=lambda row: value(of(row)), sort=key if sorts else "")

    return [column(*each) for each in money]


def _figures(row: Row) -> Earned:
    return row.earned


def columns(want: Asked) -> list[Column[Row]]:
    """Describe the columns of a view."""
    by = want.chosen["by"]
    label = dict(by_choice().options)[by]
    shown: list[Column[Row]] = [
        Column(key="label", label=label, value=lambda row: row.label, sort="label", link=links(want))
    ]
    if by == "product":
        shown.append(Column(key="name", label=_("Name"), value=lambda row: row.name, sort="name"))
        shown.append(
            Column(
                key="quantity",
                label=_("Quantity"),
                kind="quantity",
                value=lambda row: row.earned.quantity_e4,
                sort="quantity",
            )
        )
    margin = Column[Row](
        key="margin", label=_("Margin"), kind="text", value=lambda row: margin_text(row.earned.margin_e4)
    )
    return [*shown, *figure_columns(_figures), margin]


def margin_text(margin_e4: int | None) -> str:
    """Write 1/10,000 as percent."""
    return "" if margin_e4 is None else f"{margin_e4 / 100:.1f}%"


def chart_of(rows: Sequence[Row], by: str) -> dict[str, Any] | None:
    """Draw net revenue and gross profit: months as they follow, others with the most profit."""
    shown = list(rows) if by == "month" else sorted(rows, key=lambda row: -row.earned.profit_cents)[:CHARTED]
    if len(shown) < 2:
        return None
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [row.label[:16] for row in shown]},
        "yAxis": {"type": "value"},
        "series": [
            {"name": _("Net revenue"), "type": "bar", "data": [row.earned.net_cents for row in shown]},
            {"name": _("Gross profit"), "type": "bar", "data": [row.earned.profit_cents for row in shown]},
        ],
    }


def reconciled(want: Asked, rows: Sequence[Row]) -> list[Mapping[str, str]]:
    """Lead from the report to the accounts: what stands on no line is named."""
    found, books = total([row.earned for row in rows]), posted(want.first, want.last, want.known)

    def line(label: str, report: int, account: int, role: Role) -> Mapping[str, str]:
        href = want.days_href(reverse("report_ledger"), account=int(role))
        figures = {"report": report, "rest": account - report, "account": account}
        return {
            "label": label,
            "href": href,
            **{name: money_text(cents, *want.currency) for name, cents in figures.items()},
        }

    return [
        line(_("Revenue"), found.revenue_cents, books.revenue_cents, Role.revenue),
        line(_("Returns"), found.returned_cents, books.returned_cents, Role.sales_returns),
        line(_("Cost"), found.cost_cents, books.cost_cents, Role.cost_of_goods_sold),
    ]


@page("books.view")
def report_profit(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what sales earned."""
    want = asked(request, (by_choice(), category_choice()))
    if want.chosen["by"] not in ("product", "category"):
        want.chosen["category"] = ""
    rows, title = rows_of(want), _("Gross profit")
    table = Table[Row](
        name="gross-profit", path=request.path, title=title, rows=lambda: rows, columns=columns(want),
        row_id=lambda row: row.key, page_size=50, currency=want.currency, kept=want.kept,
        totals=lambda shown: Row(_("Total"), "", total([row.earned for row in shown])),
        search=lambda found, text: [row for row in found if text.lower() in f"{row.label} {row.name}".lower()],
        search_hint=_("Name or code"),
        empty=Empty(icon="chart-bar", title=_("Nothing was billed"), explanation=_("Choose another period, or fewer filters.")),
    )  # fmt: skip
    context = {
        "heading": title, "asked": want, "chart": chart_of(rows, want.chosen["by"]), "chart_kind": "money",
        "chart_label": _("Net revenue and gross profit"),
        "explained": _(
            "Billed lines less credit notes, net of tax, at the rate of the sale; less the cost of what left and did not come "
            "back. A refund that was taken back counts below zero on the day when it was."
        ),
        "reconciled": [] if want.chosen["category"] else reconciled(want, rows),
    }  # fmt: skip
    return table.respond(request, "desk/reports/report.html", context)
