"""Stock counts: the list, a new one, and one with its lines: what was counted, what differs, what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.queries import matching_products
from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.parts import Action, Empty, Text, Tone
from backstock.desk.tables import Column, Filter, Table
from backstock.desk.warehouse.papers import Entry, Goods, Head, answer, warehouse_field
from backstock.stock.holdings import new_worth
from backstock.warehouse.commands.count import count_stock
from backstock.warehouse.commands.post_count import cancel_count, post_count
from backstock.warehouse.models import CountLine, HomeShelf, StockCount
from backstock.warehouse.queries import count_progress

STATUSES: dict[str, tuple[Text, Tone]] = {
    "counting": (gettext_lazy("Being counted"), "warning"),
    "posted": (gettext_lazy("Posted"), "good"),
    "cancelled": (gettext_lazy("Cancelled"), "neutral"),
}
SCOPES: dict[str, Text] = {
    "whole": gettext_lazy("The whole warehouse"),
    "category": gettext_lazy("A category"),
    "products": gettext_lazy("Named products"),
    "oldest": gettext_lazy("Products not counted for longest"),
    "value": gettext_lazy("Products worth most"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One count of the list: lines in all, and those that were counted."""

    head: StockCount
    lines: int
    counted: int


def prepare(rows: Sequence[StockCount]) -> list[Row]:
    """Read how far a page of counts is, at once."""
    far = count_progress(each.pk for each in rows)
    return [Row(each, *far.get(each.pk, (0, 0))) for each in rows]


TABLE = Table[Row](
    name="counts",
    path="/stock/counts/",
    title=gettext_lazy("Stock counts"),
    rows=lambda: StockCount.objects.select_related("warehouse"),
    prepare=prepare,
    row_id=lambda row: row.head.number,
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.head.number, sort="pk",
            link=lambda row: reverse("count_page", args=[row.head.number]),
        ),
        Column(
            key="status", label=gettext_lazy("State"), kind="badge", value=lambda row: words.word(STATUSES, row.head.status),
            tone=lambda row: words.tone(STATUSES, row.head.status),
        ),
        Column(key="warehouse", label=gettext_lazy("Warehouse"), value=lambda row: str(row.head.warehouse)),
        Column(
            key="scope", label=gettext_lazy("What is counted"),
            value=lambda row: words.listed([words.word(SCOPES, row.head.scope), row.head.category]),
        ),
        Column(key="lines", label=gettext_lazy("Lines"), kind="number", value=lambda row: row.lines),
        Column(key="counted", label=gettext_lazy("Counted"), kind="number", value=lambda row: row.counted),
        Column(key="started", label=gettext_lazy("Started on"), kind="day", value=lambda row: row.head.started_on, sort="started_on"),
    ),
    filters=(
        Filter(
            key="status", label=gettext_lazy("State"), apply=lambda rows, value: rows.filter(status=value),
            choices=[(status, label) for status, (label, _tone) in STATUSES.items()],
        ),
    ),
    default_sort="-number",
    empty=Empty(
        icon="list-check",
        title=gettext_lazy("No stock counts yet"),
        explanation=gettext_lazy("A count keeps what the books say at its start, takes what people scan, and shows the difference."),
        steps=(
            gettext_lazy("Choose the warehouse, or a part of it."),
            gettext_lazy("Scan with a phone or a hand scanner, several people at once."),
            gettext_lazy("A manager looks at the differences and posts them."),
        ),
    ),
)  # fmt: skip


@page("stock.view")
def count_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the stock counts."""
    table = TABLE
    if actor.may("stock.count"):
        new = Action(label=gettext_lazy("New count"), href=reverse("count_new"), icon="plus")
        table = replace(table, actions=(new,), empty=replace(table.empty, action=new))
    return table.respond(request, "desk/list.html", {"heading": _("Stock counts")})


class CountHead(Head):
    """What is to be counted."""

    warehouse = warehouse_field(gettext_lazy("Warehouse"))
    scope = forms.ChoiceField(label=gettext_lazy("What is counted"), choices=[*SCOPES.items()])
    category = TextLine(label=gettext_lazy("Category"), most=60, help_text=gettext_lazy("Only for a category."))
    skus = TextLine(
        label=gettext_lazy("Product codes"),
        most=2000,
        help_text=gettext_lazy("Only for named products, with spaces between."),
    )
    limit = forms.IntegerField(
        label=gettext_lazy("How many products"), min_value=1, max_value=10_000, initial=50, required=False,
        help_text=gettext_lazy("Only for those not counted for longest, or worth most."),
    )  # fmt: skip
    note = TextLine(label=gettext_lazy("Note"))


@page("stock.view")
def count_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Start a count."""
    may_or_refuse(actor, "stock.count")
    head = CountHead(request.POST if request.method == "POST" else None)

    def run() -> Any:
        said = head.cleaned_data
        raw = {name: said[name] for name in ("warehouse", "scope", "note")}
        raw["category"] = said["category"] if said["scope"] == "category" else ""
        raw["skus"] = said["skus"].replace(",", " ").split() if said["scope"] == "products" else []
        return count_stock(count_stock.parse({**raw, "limit": said["limit"] or 50}), actor=actor, key=said["key"])

    entry = Entry(
        heading=_("New count"), submit=_("Start counting"), back=reverse("count_list"), icon="list-check",
        said=_("%(document)s: started. Scan what lies there."),
        lead=_("New goods are counted; graded goods and those in quarantine are not on the list."),
    )  # fmt: skip
    then = "count_scan" if actor.may("stock.count_goods") else "count_page"
    return answer(request, entry, head, None, run, lambda done: reverse(then, args=[done.document]))


def loaded(number: str) -> StockCount:
    """Return a count; raise UnknownDocument."""
    row = StockCount.objects.select_related("warehouse").filter(pk=row_id("C", number)).first()
    if row is None:
        raise UnknownDocument(document=number[:60])
    return row


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a count as its columns read it."""

    line: CountLine
    name: str
    code: str
    unit: str
    shelf: str
    value_cents: int | None

    @property
    def difference_e4(self) -> int | None:
        return self.line.difference_e4 if self.line.passes else None


def prepare_lines(rows: Sequence[CountLine]) -> list[LineRow]:
    """Read products, shelves and today's cost of a page of lines at once."""
    goods, worth = Goods((row.product_id, row.lot_id) for row in rows), new_worth({row.product_id for row in rows})
    homes = HomeShelf.objects.filter(
        product_id__in={row.product_id for row in rows},
        warehouse__in=[row.stock_count.warehouse_id for row in rows[:1]],
    )
    shelves = dict(homes.values_list("product_id", "shelf__code"))
    return [
        LineRow(
            row, goods.name(row.product_id), goods.code(row.product_id, row.lot_id), goods.products[row.product_id].unit,
            shelves.get(row.product_id, ""), _value(row, worth),
        )
        for row in rows
    ]  # fmt: skip


def _value(row: CountLine, worth: dict[int, tuple[int, int]]) -> int | None:
    """Estimate what a difference is worth at today's average; a posted one is known."""
    if row.posted_e4 or not row.passes or row.product_id not in worth:
        return row.posted_cents or None
    held_e4, value = worth[row.product_id]
    return row.difference_e4 * value // held_e4


def narrowed(rows: QuerySet[CountLine], value: str) -> QuerySet[CountLine]:
    if value == "open":
        return rows.filter(passes=0)
    if value == "differs":
        return rows.filter(passes__gt=0).exclude(counted_e4=F("book_e4"))
    return rows.filter(Q(expected=False) if value == "found" else Q(recounts__gt=0))


LINE_FILTERS = (
    Filter(
        key="which",
        label=gettext_lazy("Which lines"),
        apply=narrowed,
        choices=[
            ("open", gettext_lazy("Not counted yet")),
            ("differs", gettext_lazy("With a difference")),
            ("found", gettext_lazy("Not expected")),
            ("again", gettext_lazy("Counted again")),
        ],
    ),
)


def lines_table(count: StockCount, sees_value: bool) -> Table[LineRow]:
    """Describe the list of a count's lines."""
    own = company()
    columns = [
        Column[LineRow](key="shelf", label=gettext_lazy("Shelf"), value=lambda row: row.shelf),
        Column[LineRow](key="name", label=gettext_lazy("Product"), value=lambda row: row.name),
        Column[LineRow](key="code", label=gettext_lazy("Product code"), value=lambda row: row.code),
        Column[LineRow](key="book", label=gettext_lazy("In the books"), kind="quantity", value=lambda row: row.line.book_e4),
        Column[LineRow](
            key="counted", label=gettext_lazy("Counted"), kind="quantity", unit=lambda row: row.unit,
            value=lambda row: row.line.counted_e4 if row.line.passes else None,
        ),
        Column[LineRow](
            key="difference", label=gettext_lazy("Difference"), kind="quantity", value=lambda row: row.difference_e4,
        ),
        Column[LineRow](key="value", label=gettext_lazy("Value"), kind="money", value=lambda row: row.value_cents),
    ]  # fmt: skip
    return Table[LineRow](
        name="lines",
        path=reverse("count_page", args=[count.number]),
        title=gettext_lazy("Lines of this count"),
        rows=lambda: CountLine.objects.filter(stock_count=count).select_related("stock_count").order_by("pk"),
        prepare=prepare_lines,
        search=lambda rows, text: rows.filter(product_id__in=matching_products(text)),
        search_hint=gettext_lazy("Product"),
        row_id=lambda row: str(row.line.pk),
        columns=columns if sees_value else columns[:-1],
        filters=LINE_FILTERS,
        currency=(own.currency, own.currency_digits),
        empty=Empty(title=gettext_lazy("No lines"), explanation=gettext_lazy("Nothing is on this list yet.")),
    )


@page("stock.view")
def count_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show one count and its lines."""
    count = loaded(number)
    lines, counted = count_progress([count.pk]).get(count.pk, (0, 0))
    open_ = count.status == "counting"
    actions = [
        ("stock.count_goods", "count_scan", gettext_lazy("Count"), "scan"),
        ("stock.post_count", "count_post", gettext_lazy("Post the differences"), "check"),
        ("stock.count", "count_cancel", gettext_lazy("Cancel the count"), "ban"),
    ]
    context = {
        "heading": _("Stock count"),
        "count": count,
        "status": words.word(STATUSES, count.status),
        "tone": words.tone(STATUSES, count.status),
        "scope": words.listed([words.word(SCOPES, count.scope), count.category]),
        "total": lines,
        "counted": counted,
        "steps": [
            Action(label=label, href=reverse(name, args=[count.number]), icon=icon)
            for permission, name, label, icon in actions
            if open_ and actor.may(permission)
        ],
    }
    table = lines_table(count, actor.may("ledgers.view"))
    return table.respond(request, "desk/warehouse/count.html", context)


class PostHead(Keyed):
    """What becomes of goods that nobody counted."""

    uncounted = forms.ChoiceField(
        label=gettext_lazy("What was not counted"),
        choices=[
            ("leave", gettext_lazy("Leave it as the books say")),
            ("zero", gettext_lazy("It is not there: take it out")),
        ],
    )


@page("stock.view")
def count_post(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Approve a count and post its differences."""
    may_or_refuse(actor, "stock.post_count")
    count = loaded(number)
    lines, counted = count_progress([count.pk]).get(count.pk, (0, 0))
    head = PostHead(request.POST if request.method == "POST" else None)

    def run() -> Any:
        raw = {"document": count.number, "uncounted": head.cleaned_data["uncounted"]}
        return post_count(post_count.parse(raw), actor=actor, key=head.cleaned_data["key"])

    back = reverse("count_page", args=[count.number])
    entry = Entry(
        heading=_("Post the differences"), submit=_("Post"), back=back,
        lead=_("%(counted)s of %(lines)s lines were counted. Differences become stock today; what was sold meanwhile stays sold.")
        % {"counted": counted, "lines": lines},
    )  # fmt: skip
    return answer(request, entry, head, None, run, lambda done: back)


@page("stock.view")
def count_cancel(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Cancel a count."""
    may_or_refuse(actor, "stock.count")
    count, head = loaded(number), Keyed(request.POST if request.method == "POST" else None)

    def run() -> Any:
        return cancel_count(cancel_count.parse({"document": count.number}), actor=actor, key=head.cleaned_data["key"])

    back = reverse("count_page", args=[count.number])
    entry = Entry(
        heading=_("Cancel the count"), submit=_("Cancel the count"), back=back, icon="ban", danger=True,
        lead=_("Nothing is posted; the stock stays as it is."),
    )  # fmt: skip
    return answer(request, entry, head, None, run, lambda done: back)
