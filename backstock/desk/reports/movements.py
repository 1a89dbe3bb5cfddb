"""收发存汇总表: opening, in, out and closing of every product over a period, in quantity and value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.catalog.models import Product
from backstock.core.permissions import Actor
from backstock.core.spans import day_before
from backstock.desk.access import page
from backstock.desk.parts import Empty, Text
from backstock.desk.reports.asking import Asked, Choice, asked
from backstock.desk.reports.choices import all_products, category_choice, kind_choice, scope_of, warehouse_choice
from backstock.desk.reports.ways import WAYS
from backstock.desk.tables import Column, Table
from backstock.stock.figures import IN, OUT, Held, Scope, Way, balances, movements, together, worth

NOTHING = Held(0, 0)


@dataclass(slots=True)
class Row:
    """One product, or all of them."""

    product: Product | None
    ways: dict[Way, Held] = field(default_factory=dict)

    def way(self, *ways: Way) -> Held:
        """Add some ways up."""
        found = [self.ways.get(way, NOTHING) for way in ways]
        return Held(sum(each.quantity_e4 for each in found), sum(each.value_cents for each in found))

    @property
    def gone(self) -> Held:
        return Held(*(-each for each in self.way(*OUT)))

    @property
    def closing(self) -> Held:
        return self.way(*Way)

    @property
    def sku(self) -> str:
        return self.product.sku if self.product else _("Total")

    @property
    def name(self) -> str:
        return f"{self.product.name} {self.product.spec}".strip() if self.product else ""

    @property
    def is_empty(self) -> bool:
        return not any(any(held) for held in self.ways.values())


def read_rows(want: Asked) -> list[Row]:
    """Read the figures of every product that held or moved something."""
    scope, products = scope_of(want), all_products()
    found = movements(want.first, want.last, scope, want.known)
    if scope.warehouse_id:
        share_values(found, scope, want)
    category = want.chosen["category"]
    rows = [
        Row(products[pk], ways)
        for pk, ways in found.items()
        if pk in products and (not category or products[pk].category == category)
    ]
    return sorted((row for row in rows if not row.is_empty), key=lambda row: row.sku)


def share_values(found: dict[int, dict[Way, Held]], scope: Scope, want: Asked) -> None:
    """A warehouse is worth its share by quantity; what that changes in the period stands with the changes of value alone."""
    opening, added = balances(day_before(want.first), want.known), balances(want.last, want.known, want.first)
    for product, ways in found.items():
        lay = opening.get(product, {})
        before = worth(lay, scope).value_cents
        after = worth(together(lay, added.get(product, {})), scope).value_cents
        moved = sum(held.value_cents for way, held in ways.items() if way not in (Way.opening, Way.revalued))
        ways[Way.opening] = Held(ways.get(Way.opening, NOTHING).quantity_e4, before)
        ways[Way.revalued] = Held(0, after - before - moved)


def totals(rows: Sequence[Row]) -> Row:
    """Add all products up."""
    found = Row(None)
    for row in rows:
        for way, held in row.ways.items():
            before = found.ways.get(way, NOTHING)
            found.ways[way] = Held(before.quantity_e4 + held.quantity_e4, before.value_cents + held.value_cents)
    return found


def columns(want: Asked, ways: Sequence[Way], sees_values: bool) -> list[Column[Row]]:
    """Describe the columns: the summary, or each kind of move that happened."""

    def card(row: Row) -> str:
        if row.product is None:
            return ""
        filters = {key: want.chosen[key] for key in ("warehouse", "kind")}
        return want.days_href(reverse("report_card"), product=row.product.sku, **filters)

    def pair(key: str, label: str, held: Callable[[Row], Held], link: bool = True) -> list[Column[Row]]:
        quantity = Column[Row](
            key=f"{key}-quantity", label=_("%(what)s, quantity") % {"what": label}, kind="quantity", sort=key,
            value=lambda row: held(row).quantity_e4, link=card if link else None,
        )  # fmt: skip
        value = Column[Row](
            key=f"{key}-value", label=_("%(what)s, value") % {"what": label}, kind="money", sort=key,
            value=lambda row: held(row).value_cents,
        )  # fmt: skip
        return [quantity, value] if sees_values else [quantity]

    shown: list[Column[Row]] = [
        Column(key="sku", label=_("Product"), kind="label", value=lambda row: row.sku, sort="sku", link=card),
        Column(key="name", label=_("Name"), value=lambda row: row.name, sort="name"),
        Column(key="unit", label=_("Unit"), kind="label", value=lambda row: row.product.unit if row.product else ""),
        *pair("opening", _("Opening"), lambda row: row.way(Way.opening)),
    ]  # fmt: skip
    if want.chosen["detail"]:
        for way in ways:
            shown += pair(way.name, str(WAYS[way]), _way_of(way))
    else:
        shown += pair("in", _("In"), lambda row: row.way(*IN)) + pair("out", _("Out"), lambda row: row.gone)
    if sees_values:
        shown.append(
            Column(key="revalued", label=_("Value changed"), kind="money", value=lambda row: row.way(Way.revalued).value_cents, sort="revalued")
        )  # fmt: skip
    return [*shown, *pair("closing", _("Closing"), lambda row: row.closing)]


def _way_of(way: Way) -> Callable[[Row], Held]:
    return lambda row: Held(*(-each for each in row.way(way))) if way in OUT else row.way(way)


def find(rows: Sequence[Row], text: str) -> Sequence[Row]:
    """Find products by code, name or spec."""
    wanted = text.lower()
    return [
        row for row in rows if row.product and wanted in f"{row.sku} {row.product.name} {row.product.spec}".lower()
    ]  # fmt: skip


def table_of(want: Asked, rows: Sequence[Row], title: Text, sees_values: bool) -> Table[Row]:
    """Describe the list."""
    ways = [way for way in (*IN, *OUT) if any(any(row.ways.get(way, NOTHING)) for row in rows)]
    return Table[Row](
        name="movements", path=want.request.path, title=title, rows=lambda: rows, columns=columns(want, ways, sees_values),
        row_id=lambda row: row.sku, search=find, search_hint=_("Product"), page_size=50, currency=want.currency, kept=want.kept,
        totals=totals,
        empty=Empty(
            icon="packages", title=_("Nothing moved and nothing was there"),
            explanation=_("In this period and these places there were no goods. Choose another period, or fewer filters."),
        ),
    )  # fmt: skip


@page("books.view", "stock.view")
def report_movements(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what came, went and stayed."""
    detail = Choice("detail", _("Columns"), [("", _("In and out")), ("kinds", _("Each kind of move"))])
    want = asked(request, (warehouse_choice(), kind_choice(), category_choice(), detail))
    rows = read_rows(want)
    title = _("Stock movements")
    table = table_of(want, rows, title, actor.may("books.view"))
    explained = _(
        "Opening + in − out + value changed = closing, for every product and in total. A figure leads to its moves."
    )
    if want.chosen["warehouse"]:
        explained += " " + _(
            "A warehouse's value is its share of the product's value by quantity; “value changed” holds what sharing adds."
        )
    context = {"heading": title, "asked": want, "explained": explained}
    return table.respond(request, "desk/reports/report.html", context)
