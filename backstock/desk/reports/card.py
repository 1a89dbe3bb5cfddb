"""The stock card (库存明细账) of a product or one of its lots: every move, with what there was after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from backstock.catalog.models import Lot, Product
from backstock.catalog.queries import lot_codes
from backstock.core.permissions import Actor
from backstock.desk import exports, words
from backstock.desk.access import page
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.reports.asking import Asked, asked
from backstock.desk.reports.choices import kind_choice, scope_of, warehouse_choice
from backstock.desk.reports.links import document_href
from backstock.desk.reports.paging import CHUNK, SIZE, every, pager
from backstock.desk.reports.ways import WAYS
from backstock.stock.cards import Entry, Key, Wanted, card
from backstock.stock.figures import OUT, Held, Way
from backstock.warehouse.queries import warehouse_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One move in words."""

    on: str
    document: str
    href: str
    what: str
    way: str
    lot: str
    came: str
    went: str
    left: str
    change: str
    worth: str
    is_mirror: bool


def sides(entry: Entry) -> tuple[int | None, int | None]:
    """Return what came in and what went out; what moved inside did both."""
    if entry.way is Way.revalued:
        return entry.moved_e4, entry.moved_e4
    return (None, -entry.change.quantity_e4) if entry.way in OUT else (entry.change.quantity_e4, None)


def lines_of(entries: list[Entry], want: Asked) -> list[Line]:
    """Put moves into words."""
    codes, houses = lot_codes({entry.lot_id for entry in entries}), warehouse_names()

    def money(cents: int) -> str:
        return money_text(cents, *want.currency)

    found = []
    for entry in entries:
        came, went = sides(entry)
        found.append(
            Line(
                on=entry.key.day.isoformat(), document=entry.document, href=document_href(entry.document),
                what=str(WAYS[entry.way]), way=f"{words.place_words(entry.source_id, houses)} → {words.place_words(entry.target_id, houses)}",
                lot=codes.get(entry.lot_id, ""), came="" if came is None else quantity_text(came),
                went="" if went is None else quantity_text(went), left=quantity_text(entry.after.quantity_e4),
                change=money(entry.change.value_cents), worth=money(entry.after.value_cents), is_mirror=entry.is_mirror,
            )
        )  # fmt: skip
    return found


def exported(wanted: Wanted, want: Asked, sees_values: bool) -> Iterator[list[exports.Export]]:
    """Give every row for a spreadsheet."""
    houses = warehouse_names()

    def read(after: Key | None) -> tuple[list[Entry], bool]:
        found = card(wanted, CHUNK, after)
        return found.entries, found.has_later

    digits = want.own.currency_digits
    for entry in every(read, lambda entry: entry.key):
        came, went = sides(entry)
        row: list[exports.Export] = [
            entry.key.day, entry.document, str(WAYS[entry.way]), words.place_words(entry.source_id, houses),
            words.place_words(entry.target_id, houses), None if came is None else exports.Number(came, 4),
            None if went is None else exports.Number(went, 4), exports.Number(entry.after.quantity_e4, 4),
        ]  # fmt: skip
        values = [exports.Number(cents, digits) for cents in (entry.change.value_cents, entry.after.value_cents)]
        yield [*row, *values] if sees_values else row


def heads(sees_values: bool) -> list[str]:
    """Name the columns of the spreadsheet."""
    usual = [_("Day"), _("Document"), _("What"), _("From"), _("To"), _("In"), _("Out"), _("Stock after")]
    return [*usual, _("Value added"), _("Worth")] if sees_values else usual


@page("books.view", "stock.view")
def report_card(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the card of the product that was asked for; without one, ask for it."""
    want = asked(request, (warehouse_choice(), kind_choice()), more=("product", "lot"))
    sees_values, title = actor.may("books.view"), _("Stock card")
    context: dict[str, Any] = {
        "heading": title, "asked": want, "sees_values": sees_values, "named": named_fields(want),
        "explained": _("Every move of one product in the order of business, with what was left after it."),
    }  # fmt: skip
    product = Product.objects.filter(sku=want.more["product"]).first()
    lot = Lot.objects.filter(product=product, code=want.more["lot"]).first() if product and want.more["lot"] else None
    if product is None or (want.more["lot"] and lot is None):
        if want.more["product"]:
            want.problem = want.problem or _("There is no such product or lot. Check the code.")
        return render(request, "desk/reports/card.html", context)
    wanted = Wanted(
        product_id=product.pk, first=want.first, last=want.last, scope=scope_of(want), lot_id=lot.pk if lot else 0,
        known=want.known,
    )  # fmt: skip
    if export := request.GET.get("export"):
        return exports.respond(export, f"card-{product.pk}", heads(sees_values), exported(wanted, want, sees_values))
    after, until = (Key.parse(request.GET.get(name, "")) for name in ("after", "until"))
    found = card(wanted, SIZE, after, until)
    context |= shown(found.before, found.entries[-1].after if found.entries else found.before, product, want)
    keys = [entry.key for entry in found.entries]
    context |= {
        "product": product, "lines": lines_of(found.entries, want),
        "pager": pager(want, keys, found.has_earlier, found.has_later),
        "has_lots": product.tracking != "none",
    }  # fmt: skip
    return render(request, "desk/reports/card.html", context)


def shown(before: Held, after: Held, product: Product, want: Asked) -> Mapping[str, str]:
    """Write what there was before and after the page."""
    return {
        "before": quantity_text(before.quantity_e4, product.unit), "before_worth": money_text(before.value_cents, *want.currency),
        "after": quantity_text(after.quantity_e4, product.unit), "after_worth": money_text(after.value_cents, *want.currency),
    }  # fmt: skip


def named_fields(want: Asked) -> list[tuple[str, str, str]]:
    """Ask for the product and the lot: (name, label, value)."""
    return [("product", _("Product"), want.more["product"]), ("lot", _("Lot or serial number"), want.more["lot"])]
