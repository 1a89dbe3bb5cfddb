"""Statistics of returns: what came back of what was sold, with charts, down to the lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backstock.catalog.models import Category
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.parts import Empty
from backstock.desk.reports.asking import Asked, Choice, asked, month_end
from backstock.desk.reports.choices import all_products, category_choice, partner_names, warehouse_choice
from backstock.desk.tables import Column, Table
from backstock.insight.returns import Figures, Scope, returned, total
from backstock.notifications.ratings import average, comments
from backstock.returns.models import Return

CHARTED = 12


@dataclass(frozen=True, slots=True)
class Row:
    """What came back of one reason, category, product, customer, supplier or month."""

    label: str
    key: str
    figures: Figures


def choices() -> tuple[Choice, ...]:
    """Offer the ways to look at it, and what to leave out."""
    by = [
        ("reason", _("Reason")), ("category", _("Category")), ("product", _("Product")), ("customer", _("Customer")),
        ("supplier", _("Supplier")), ("month", _("Month")),
    ]  # fmt: skip
    channels = [("", _("All")), *((key, str(word)) for key, word in words.CHANNELS.items())]
    which = [("", _("Standing ones only")), ("all", _("All requests"))]
    return (
        Choice("by", _("By"), by), warehouse_choice(), Choice("channel", _("Channel"), channels), category_choice(),
        Choice("which", _("Returns"), which),
    )  # fmt: skip


def scope_of(want: Asked) -> Scope:
    """Return what was asked for."""
    chosen = want.chosen
    return Scope(
        first=want.first, last=want.last, warehouse_id=int(chosen.get("warehouse") or 0), channel=chosen.get("channel", ""),
        category=chosen.get("category", ""), with_refused=chosen.get("which") == "all",
    )  # fmt: skip


def names_of(by: str, keys: Sequence[str | int]) -> Mapping[Any, str]:
    """Return what the keys of a dimension are called."""
    if by == "product":
        return {pk: f"{product.sku} {product.name}".strip() for pk, product in all_products().items()}
    if by in ("customer", "supplier"):
        return {0: _("Nobody"), **partner_names(key for key in keys if isinstance(key, int))}
    if by == "reason":
        return {"": _("No reason given"), **words.reason_words()}
    language = get_language() or "zh-hans"
    return {"": _("No category"), **{each.code: each.called(language) for each in Category.objects.all()}}


def rows_of(found: Mapping[str | int, Figures], by: str) -> list[Row]:
    """Name the figures; months as they follow, all else with the most value first."""
    names = names_of(by, list(found))
    rows = [Row(names.get(key, str(key)), str(key), figures) for key, figures in found.items()]
    if by == "month":
        return sorted(rows, key=lambda row: row.key)
    return sorted((row for row in rows if row.figures.returns), key=lambda row: (-row.figures.value_cents, row.label))


def percent(rate_e4: int | None) -> str:
    """Write 1/10,000 as percent."""
    return "–" if rate_e4 is None else f"{rate_e4 / 100:.1f}%"


def drill(want: Asked) -> Callable[[Row], str]:
    """Say where the rows of a view lead: to their lines."""
    by = want.chosen["by"]

    def link(row: Row) -> str:
        if by == "month" and row.key:
            first = date.fromisoformat(f"{row.key}-01")
            days = {"from_": max(first, want.first), "to": min(month_end(first), want.last)}
            return want.href(reverse("report_returned_lines"), by="", **days)
        more = {"category": row.key or "-"} if by == "category" else {"of": by, "key": row.key}
        return want.href(reverse("report_returned_lines"), by="", **more) if row.label != _("Total") else ""

    return link


def columns(want: Asked) -> list[Column[Row]]:
    """Describe the columns."""
    label = dict(want.choices[0].options)[want.chosen["by"]]
    back: list[Column[Row]] = [
        Column(key="label", label=label, value=lambda row: row.label, sort="label", link=drill(want)),
        Column(key="returns", label=_("Returns"), kind="number", sort="returns", value=lambda row: row.figures.returns),
        Column(key="asked", label=_("Pieces asked back"), kind="quantity", sort="asked", value=lambda row: row.figures.asked_e4),
        Column(key="received", label=_("Pieces arrived"), kind="quantity", sort="received", value=lambda row: row.figures.received_e4),
        Column(key="value", label=_("Value asked back"), kind="money", sort="value", value=lambda row: row.figures.value_cents),
        Column(key="refunded", label=_("Refunded for goods"), kind="money", sort="refunded", value=lambda row: row.figures.refunded_cents),
        Column(key="sold", label=_("Pieces sold"), kind="quantity", sort="sold", value=lambda row: row.figures.sold_e4),
        Column(key="turnover", label=_("Value sold"), kind="money", sort="turnover", value=lambda row: row.figures.sold_cents),
        Column(key="quantity-rate", label=_("Rate in pieces"), value=lambda row: percent(row.figures.quantity_rate_e4)),
        Column(key="value-rate", label=_("Rate in value"), value=lambda row: percent(row.figures.value_rate_e4)),
    ]  # fmt: skip
    return back


def value_chart(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Draw the value asked back, the largest first."""
    shown = list(rows)[:CHARTED]
    if not shown:
        return None
    return {
        "xAxis": {"type": "category", "data": [row.label[:16] for row in shown], "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {"type": "value"},
        "series": [{"name": _("Value asked back"), "type": "bar", "barMaxWidth": 48, "data": [row.figures.value_cents for row in shown]}],
    }  # fmt: skip


def rate_chart(months: Sequence[Row]) -> dict[str, Any] | None:
    """Draw the rates month by month."""
    if len(months) < 2:
        return None

    def share(rate_e4: int | None) -> float | None:
        return None if rate_e4 is None else rate_e4 / 100

    series = [
        (_("Rate in pieces"), [share(row.figures.quantity_rate_e4) for row in months]),
        (_("Rate in value"), [share(row.figures.value_rate_e4) for row in months]),
    ]
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [row.key for row in months]},
        "yAxis": {"type": "value"},
        "series": [{"name": name, "type": "line", "data": data} for name, data in series],
    }


def strip(all_of_it: Figures, want: Asked) -> list[tuple[str, str]]:
    """Say the whole in a few figures."""
    return [
        (ngettext("return", "returns", all_of_it.returns), f"{all_of_it.returns:,}"),
        (_("pieces asked back"), quantity_text(all_of_it.asked_e4)),
        (_("value asked back"), money_text(all_of_it.value_cents, *want.currency)),
        (_("of the pieces sold"), percent(all_of_it.quantity_rate_e4)),
        (_("of the value sold"), percent(all_of_it.value_rate_e4)),
        *stars(want),
    ]


def stars(want: Asked) -> list[tuple[str, str]]:
    """Say what customers thought of the returns of the period, where somebody said something."""
    found = average(want.first, want.last)
    label = ngettext("of 5 stars, %(count)s rating", "of 5 stars, %(count)s ratings", found.count) % {
        "count": found.count
    }
    return [(label, f"{found.stars_e2 / 100:.2f}")] if found.count else []


def said(want: Asked) -> list[dict[str, str]]:
    """Return the latest comments of customers."""
    numbers = [(Return(pk=each.rma_id).number, each) for each in comments(want.first, want.last)]
    return [
        {"number": number, "stars": f"{each.stars} / 5", "comment": each.comment, "on": f"{each.rated_on}"}
        for number, each in numbers
    ]


def newest_request(today: date) -> date | None:
    """Return the last day until today on which something was asked back."""
    day: date | None = Return.objects.filter(requested_on__lte=today).aggregate(day=Max("requested_on"))["day"]
    return day


@page("returns.view")
def report_returned(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what came back."""
    want = asked(request, choices(), newest=newest_request)
    scope, by, title = scope_of(want), want.chosen["by"], _("Statistics of returns")
    months = rows_of(returned(scope, "month"), "month")
    rows = months if by == "month" else rows_of(returned(scope, by), by)
    # A return has one month and may have several products: the months count each return once.
    whole = total([row.figures for row in months], sum(row.figures.returns for row in months))
    table = Table[Row](
        name="returns-by", path=request.path, title=title, rows=lambda: rows, columns=columns(want),
        row_id=lambda row: row.key, page_size=50, currency=want.currency, kept=want.kept,
        totals=lambda shown: Row(_("Total"), "", whole),
        search=lambda found, text: [row for row in found if text.lower() in row.label.lower()],
        search_hint=_("Name or code"),
        empty=Empty(icon="chart-bar", title=_("Nothing came back"), explanation=_("Choose another period, or fewer filters.")),
    )  # fmt: skip
    context = {
        "heading": title, "asked": want, "strip": strip(whole, want), "value_chart": value_chart(rows),
        "rate_chart": rate_chart(months), "said": said(want),
        "explained": _(
            "Lines of returns asked for in the period, at what they were sold for, tax included, in the company's currency. "
            "A rate compares them with what was sold in the same period; a reason with everything that was sold. A product "
            "belongs to the supplier who delivered it last. A row leads to its lines."
        ),
    }  # fmt: skip
    return table.respond(request, "desk/reports/returned.html", context)
