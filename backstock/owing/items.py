"""Open items: what partners owe us and we owe them, document by document, read or locked in the common order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet

from backstock.core.amounts import E9
from backstock.core.commands import Batch
from backstock.core.errors import UnknownDocument
from backstock.core.models import Company
from backstock.core.numbers import document_id
from backstock.owing.models import OpeningItem
from backstock.purchases.models import PurchaseReceipt
from backstock.sales.models import Sale


@dataclass(slots=True)
class OpenItem:
    """One document with what it still owes; below zero the partner has paid ahead on it."""

    kind: str
    row: Any
    number: str
    reference: str
    side: str
    partner_id: int
    on: date
    due_on: date
    currency: str
    digits: int
    rate_e9: int

    @property
    def open_cents(self) -> int:
        """What is not settled yet, in the document's currency."""
        cents: int = self.row.owed_cents
        return cents

    def settle(self, batch: Batch[Any], cents: int) -> None:
        """Count an amount off the document; a negative one back onto it."""
        more = {"paid_cents": cents} if self.kind == "sale" else {}
        batch.change(self.row, owed_cents=-cents, **more)


@dataclass(slots=True)
class Items:
    """The open items of a batch, each once."""

    by_number: dict[str, OpenItem] = field(default_factory=dict)

    def find(self, number: str) -> OpenItem:
        """Return a document; raise UnknownDocument."""
        try:
            return self.by_number[number.upper()]
        except KeyError:
            raise UnknownDocument(document=number[:40]) from None

    def oldest_first(self, side: str, partner_id: int, currency: str) -> list[OpenItem]:
        """Return what a partner owes in a currency, the one that fell due first at the head."""
        found = [
            item
            for item in self.by_number.values()
            if (item.side, item.partner_id, item.currency) == (side, partner_id, currency) and item.open_cents > 0
        ]
        return sorted(found, key=lambda item: (item.due_on, item.on, item.number))


def load_items(
    company: Company, side: str | None, partner_ids: Iterable[int], numbers: Iterable[str], lock: bool = True
) -> Items:  # fmt: skip
    """Read the documents named and the open ones of partners, locked: sales, purchases, then opening items."""
    partners, named = set(partner_ids), {number.upper() for number in numbers}
    found = Items()
    for kind in KINDS:
        if side is None or side in kind.sides:
            ids = {pk for number in named if (pk := document_id(kind.prefix, number)) is not None}
            wanted = Q(pk__in=ids) | (kind.open & Q(**{f"{kind.partner}__in": partners}))
            rows = kind.rows().filter(wanted).order_by("pk")
            for row in rows.select_for_update(of=("self",)) if lock else rows:
                item = kind.item(row, company)
                if side is None or item.side == side:
                    found.by_number[item.number] = item
    return found


def open_items(company: Company, side: str, partner_ids: Sequence[int] | None = None) -> list[OpenItem]:
    """Read every open item of a side, of all partners or of some; paid ahead is open too."""
    found = []
    for kind in KINDS:
        if side in kind.sides:
            rows = kind.rows().filter(kind.open).order_by("pk")
            if partner_ids is not None:
                rows = rows.filter(**{f"{kind.partner}__in": partner_ids})
            found += [item for item in (kind.item(row, company) for row in rows) if item.side == side]
    return found


class _Sales:
    prefix, sides, partner, open, model = "S", ("receivable",), "customer_id", ~Q(owed_cents=0), Sale

    def rows(self) -> QuerySet[Sale]:
        return Sale.objects.all()

    def item(self, row: Any, company: Company) -> OpenItem:
        due_on = row.due_on or row.ordered_on
        return OpenItem(
            "sale", row, row.number, row.reference, "receivable", row.customer_id, row.ordered_on, due_on, row.currency,
            row.currency_digits, row.rate_e9,
        )  # fmt: skip


class _Purchases:
    prefix, sides, partner, model = "P", ("payable",), "supplier_id", PurchaseReceipt
    open = ~Q(owed_cents=0)

    def rows(self) -> QuerySet[PurchaseReceipt]:
        return PurchaseReceipt.objects.all()

    def item(self, row: Any, company: Company) -> OpenItem:
        due_on = row.due_on or row.received_on
        return OpenItem(
            "purchase", row, row.number, row.reference, "payable", row.supplier_id, row.received_on, due_on,
            company.currency, company.currency_digits, E9,
        )  # fmt: skip


class _Openings:
    prefix, sides, partner, model = "OI", ("receivable", "payable"), "partner_id", OpeningItem
    open = Q(owed_cents__gt=0)

    def rows(self) -> QuerySet[OpeningItem]:
        return OpeningItem.objects.all()

    def item(self, row: Any, company: Company) -> OpenItem:
        return OpenItem(
            "opening", row, row.number, row.reference, row.side, row.partner_id, row.opened_on, row.due_on, row.currency,
            row.currency_digits, row.rate_e9,
        )  # fmt: skip


# In the order in which every command locks.
KINDS: tuple[Any, ...] = (_Sales(), _Purchases(), _Openings())
COUNTED: tuple[type[Model], ...] = tuple(kind.model for kind in KINDS)
