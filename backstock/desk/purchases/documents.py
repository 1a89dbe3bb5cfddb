"""What a page of one document of purchases shows: facts, lines, sums, what hangs on it, and the next legal steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk.figures import day_text, money_text
from backstock.desk.parts import Text, Tone
from backstock.desk.returns.ledgers import goods_entries, money_entries
from backstock.partners.models import Partner


@dataclass(frozen=True, kw_only=True)
class Button:
    """A step that this reader may take now."""

    href: str
    label: Text
    icon: str
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A document that hangs on this one."""

    href: str
    label: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document in words. `columns` are (label, kind); a row has one text for each, the first two of them a product's."""

    number: str
    status: Text = ""
    tone: Tone = "neutral"
    reference: str = ""
    facts: Sequence[tuple[Text, str]] = ()
    columns: Sequence[tuple[Text, str]] = ()
    rows: Sequence[tuple[str, str, Sequence[str]]] = ()
    sums: Sequence[tuple[Text, str]] = ()
    buttons: Sequence[Button] = ()
    links: Sequence[tuple[Text, Sequence[Link]]] = field(default_factory=tuple)

    @property
    def lines(self) -> list[tuple[str, str, list[tuple[Text, str, str]]]]:
        """Return rows for the page: product, note, and (label, class, text) of the other columns."""
        return [
            (
                name,
                note,
                [(label, f"cell-{kind}", text) for (label, kind), text in zip(self.columns, texts, strict=True)],
            )
            for name, note, texts in self.rows
        ]


def show(
    request: HttpRequest, actor: Actor, document: Document, own: Company, products: Any = None
) -> HttpResponseBase:
    """Show a document, with both ledgers to those who answer for them; `products`: those whose moves it has."""
    sees_money = actor.may("ledgers.view")
    context = {
        "doc": document,
        "goods": goods_entries(document.number, own, products) if products else [],
        "money": money_entries(document.number, own) if sees_money else None,
        "sees_money": sees_money,
        "base_currency": own.currency,
        "has_ledgers": products is not None,
    }
    return render(request, "desk/purchases/document.html", context)


def buttons(actor: Actor, *offered: tuple[bool, str, str, Sequence[str], Text, str, bool]) -> list[Button]:
    """Offer what is possible and permitted: (possible, permission, page, its arguments, label, icon, danger)."""
    return [
        Button(href=reverse(name, args=list(args)), label=label, icon=icon, danger=danger)
        for possible, permission, name, args, label, icon, danger in offered
        if possible and actor.may(permission)
    ]


def named(partner: Partner | None) -> str:
    """Name a supplier with its code."""
    if partner is None:
        return ""
    return f"{partner.name} · {partner.code}" if partner.name else partner.code


def money(cents: int, own: Company) -> str:
    return money_text(cents, own.currency, own.currency_digits)


def dated(label: Text, day: Any) -> list[tuple[Text, str]]:
    """Return a fact about a day, nothing where it is not known."""
    return [(label, day_text(day))] if day else []


def undo_label() -> str:
    return _("Take back")
