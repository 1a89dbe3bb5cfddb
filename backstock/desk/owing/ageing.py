"""Who owes how much for how long, and document by document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk.access import company, page
from backstock.desk.figures import money_text
from backstock.desk.owing.asking import SIDES, href, partner_name
from backstock.desk.parts import Action, Empty, Text
from backstock.desk.tables import Column, Filter, Rows, Table
from backstock.owing.ageing import Age, ageing, column, total
from backstock.owing.items import OpenItem, open_items
from backstock.partners.models import Partner

AGES: Sequence[Text] = (
    gettext_lazy("Not due"), gettext_lazy("1–30 days late"), gettext_lazy("31–60 days late"),
    gettext_lazy("61–90 days late"), gettext_lazy("Over 90 days late"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One partner's ages."""

    partner: Partner
    age: Age


def past_days(today: date) -> list[date]:
    """Return the ends of the last twelve months."""
    found, at = list[date](), today
    for _n in range(12):
        at = at.replace(day=1) - timedelta(days=1)
        found.append(at)
    return found


def ages_on(own: Company, side: str, on: date, today: date) -> list[Row]:
    ages = ageing(own, side, on, today)
    partners = Partner.objects.in_bulk([age.partner_id for age in ages])
    return [Row(partners[age.partner_id], age) for age in ages]


def fitting(rows: Rows, text: str) -> list[Row]:
    wanted = text.casefold()
    return [row for row in rows if wanted in f"{row.partner.code} {row.partner.name} {row.partner.phone}".casefold()]


def ages_table(own: Company, side: str, rows: list[Row], today: date, actor: Actor) -> Table[Row]:
    """Describe the table of ages; its filter looks back to the end of a month."""

    def part(n: int) -> Column[Row]:
        return Column(
            key=f"age{n}", label=AGES[n], kind="money", sort="x", value=lambda row: row.age.parts[n] or None
        )  # fmt: skip

    return Table[Row](
        name=f"{side}s",
        title=SIDES[side],
        rows=lambda: rows,
        row_id=lambda row: row.partner.code,
        search=fitting,
        search_hint=gettext_lazy("Code, name, phone"),
        filters=(
            Filter(
                key="on", label=gettext_lazy("As of the end of"), choices=[(d.isoformat(), f"{d:%Y-%m}") for d in past_days(today)],
                apply=lambda _rows, value: ages_on(own, side, date.fromisoformat(value), today),
                empty_label=gettext_lazy("Today"),
            ),
        ),
        columns=(
            Column(
                key="partner", label=gettext_lazy("Partner"), sort="x", value=lambda row: partner_name(row.partner),
                link=lambda row: reverse("partner_statement", args=[side, row.partner.code]),
            ),
            Column(key="total", label=gettext_lazy("Balance"), kind="money", sort="x", value=lambda row: row.age.total_cents),
            *(part(n) for n in range(len(AGES))),
            Column(key="ahead", label=gettext_lazy("Paid ahead"), kind="money", sort="x", value=lambda row: row.age.ahead_cents or None),
        ),
        default_sort="-total",
        currency=(own.currency, own.currency_digits),
        actions=_actions(side, actor),
        empty=Empty(
            icon="cash",
            title=gettext_lazy("Nobody owes anything"),
            explanation=gettext_lazy("What is sold or bought on account appears here until it is paid."),
        ),
    )  # fmt: skip


def _actions(side: str, actor: Actor) -> tuple[Action, ...]:
    new = ("receipt_new", _("Receive money")) if side == "receivable" else ("payment_new", _("Pay a supplier"))
    found = [Action(label=_("Document by document"), href=reverse("open_items", args=[side]), icon="file-text")]
    if actor.may("owing.receive" if side == "receivable" else "owing.pay"):
        found.append(Action(label=new[1], href=reverse(new[0]), icon="plus"))
    if actor.may("owing.open"):
        found.append(Action(label=_("Opening item"), href=f"{reverse('opening_new')}?side={side}", icon="note"))
    return tuple(found)


@page("owing.view")
def receivables(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what customers owe, by age."""
    return _ages(request, actor, "receivable")


@page("owing.view")
def payables(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what we owe suppliers, by age."""
    return _ages(request, actor, "payable")


def _ages(request: HttpRequest, actor: Actor, side: str) -> HttpResponseBase:
    own = company()
    today = clock.today(own.timezone)
    wanted = request.GET.get("on", "")
    rows = [] if wanted in {d.isoformat() for d in past_days(today)} else ages_on(own, side, today, today)
    sums = total([row.age for row in rows])
    figures = [
        (label, money_text(cents, own.currency, own.currency_digits))
        for label, cents in ((_("Balance"), sums.total_cents), (_("Overdue"), sums.overdue_cents))
    ]
    context = {"heading": SIDES[side], "figures": figures if rows else []}
    return ages_table(own, side, rows, today, actor).respond(request, "desk/owing/list.html", context)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One open document."""

    item: OpenItem
    partner: Partner
    late_days: int


def aged(rows: Rows, value: str) -> Rows:
    return [row for row in rows if column(row.late_days) == int(value)]


def found_items(rows: Rows, text: str) -> list[ItemRow]:
    wanted = text.casefold()
    return [
        row
        for row in rows
        if wanted in f"{row.item.number} {row.item.reference} {row.partner.code} {row.partner.name}".casefold()
    ]


def items_table(own: Company, side: str, rows: list[ItemRow]) -> Table[ItemRow]:
    """Describe the list of open documents."""

    def currency(row: ItemRow) -> tuple[str, int]:
        return row.item.currency, row.item.digits

    return Table[ItemRow](
        name=f"open-{side}s",
        title=gettext_lazy("Open documents"),
        rows=lambda: rows,
        row_id=lambda row: row.item.number,
        search=found_items,
        search_hint=gettext_lazy("Number, reference, partner"),
        filters=(Filter(key="age", label=gettext_lazy("Age"), choices=[(str(n), text) for n, text in enumerate(AGES)], apply=aged),),
        columns=(
            Column(key="number", label=gettext_lazy("Number"), sort="x", value=lambda row: row.item.number, link=lambda row: href(row.item.number)),
            Column(key="reference", label=gettext_lazy("Reference"), value=lambda row: row.item.reference),
            Column(
                key="partner", label=gettext_lazy("Partner"), sort="x", value=lambda row: partner_name(row.partner),
                link=lambda row: reverse("partner_statement", args=[side, row.partner.code]),
            ),
            Column(key="on", label=gettext_lazy("Day"), kind="day", sort="x", value=lambda row: row.item.on),
            Column(key="due", label=gettext_lazy("Due on"), kind="day", sort="x", value=lambda row: row.item.due_on),
            Column(key="late", label=gettext_lazy("Days late"), kind="number", sort="x", value=lambda row: max(0, row.late_days)),
            Column(key="open", label=gettext_lazy("Still open"), kind="money", sort="x", value=lambda row: row.item.open_cents, currency=currency),
        ),
        default_sort="due",
        currency=(own.currency, own.currency_digits),
        empty=Empty(
            icon="cash", title=gettext_lazy("Nothing is open"), explanation=gettext_lazy("Every document on account is settled."),
        ),
    )  # fmt: skip


@page("owing.view")
def items(request: HttpRequest, actor: Actor, side: str) -> HttpResponseBase:
    """List the open documents of a side."""
    own = company()
    today = clock.today(own.timezone)
    found = open_items(own, side)
    partners = Partner.objects.in_bulk({item.partner_id for item in found})
    rows = [ItemRow(item, partners[item.partner_id], (today - item.due_on).days) for item in found]
    context = {"heading": f"{SIDES[side]} · {_('Open documents')}"}
    return items_table(own, side, rows).respond(request, "desk/owing/list.html", context)
