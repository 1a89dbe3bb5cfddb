"""Money that settles documents: checked, counted and written the same way, whichever side and command it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from django.db.models import Q
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import Batch, Item
from backstock.core.errors import UnknownDocument
from backstock.core.inputs import STRICT
from backstock.core.numbers import document_id
from backstock.money.transfers import Pay
from backstock.owing.allocation import allocate
from backstock.owing.errors import (
    AllocationExceedsOpen,
    AllocationExceedsRest,
    DiscountExceedsOpen,
    ItemOfAnotherCurrency,
    ItemOfAnotherPartner,
    NothingOpen,
)
from backstock.owing.items import COUNTED, Items, OpenItem
from backstock.owing.models import Allocation, PartnerPayment, PaymentLine
from backstock.owing.postings import Terms
from backstock.sales.paying import write_payments

# Receipts, payments, credits of returns.
PREFIXES = ("CR", "SP", "AC")
Cents = Annotated[int, Field(gt=0, le=MAX_CENTS)]
Number = Annotated[str, Field(min_length=1, max_length=40)]


@typed(frozen=True, kw_only=True, config=STRICT)
class Settle:
    """A document to settle; without an amount as far as the money goes."""

    document: Number
    amount_cents: Cents | None = None


# Oldest first, none (all stays a prepayment), or these.
What = Literal["oldest", "none"] | tuple[Settle, ...]


@dataclass(slots=True, eq=False)
class Line:
    """What came by one means of payment; `row` once it is in the database."""

    tender: str
    amount_cents: int
    rest_cents: int
    pk: int = 0
    row: PaymentLine | None = None

    def take(self, batch: Batch[Any], cents: int) -> None:
        """Count an amount off what is not allocated; a negative one back onto it."""
        if self.row is not None:
            batch.change(self.row, rest_cents=-cents)
        self._count(-cents)
        batch.journal.append(partial(self._count, cents))

    def _count(self, cents: int) -> None:
        self.rest_cents += cents


@dataclass(slots=True)
class Settled:
    """An amount of one payment line for one document."""

    line: Line
    item: OpenItem
    cents: int


@dataclass(slots=True)
class Money:
    """The lines of a payment on their way through a command, and what they settle now."""

    document: str
    partner: str
    terms: Terms
    digits: int
    lines: list[Line]
    settled: list[Settled] = field(default_factory=list)

    @property
    def left_cents(self) -> int:
        """What is not allocated yet."""
        return sum(line.rest_cents for line in self.lines)


def documents_of(what: What) -> Iterable[str]:
    """Name the documents that are to be settled."""
    return () if isinstance(what, str) else (each.document for each in what)


def settle(batch: Batch[Any], money: Money, what: What, items: Items) -> None:
    """Allocate money to documents and count it on both; raise when it does not fit."""
    chosen = _chosen(money, what, items)
    needs = [cents for _, cents in chosen]
    sources = [line.rest_cents for line in money.lines]
    for part in allocate(sources, needs):
        line, item = money.lines[part.source], chosen[part.target][0]
        line.take(batch, part.cents)
        item.settle(batch, part.cents)
        money.settled.append(Settled(line, item, part.cents))
    for line in money.lines:
        if line.tender == "discount" and line.rest_cents:
            raise DiscountExceedsOpen(
                document=money.document, asked_cents=line.amount_cents,
                open_cents=line.amount_cents - line.rest_cents, digits=money.digits,
            )  # fmt: skip


def _chosen(money: Money, what: What, items: Items) -> list[tuple[OpenItem, int]]:
    """Return what is to be settled with how much."""
    terms = money.terms
    if isinstance(what, str):
        oldest = items.oldest_first(terms.side, terms.partner_id, terms.currency) if what == "oldest" else []
        return [(item, item.open_cents) for item in oldest]
    found, left, named = list[tuple[OpenItem, int]](), money.left_cents, dict[str, int]()
    for each in what:
        item = items.find(each.document)
        if (item.side, item.partner_id) != (terms.side, terms.partner_id):
            raise ItemOfAnotherPartner(document=item.number, partner=money.partner)
        if item.currency != terms.currency:
            raise ItemOfAnotherCurrency(document=item.number, wanted=terms.currency, found=item.currency)
        free = item.open_cents - named.get(item.number, 0)
        cents = min(free, left) if each.amount_cents is None else each.amount_cents
        if free <= 0:
            raise NothingOpen(document=item.number)
        if cents > free:
            raise AllocationExceedsOpen(
                document=item.number, asked_cents=cents, open_cents=free, digits=money.digits
            )  # fmt: skip
        if cents > left or not cents:
            asked = cents or free
            raise AllocationExceedsRest(
                document=money.document, asked_cents=asked, left_cents=left, digits=money.digits
            )  # fmt: skip
        left -= cents
        named[item.number] = named.get(item.number, 0) + cents
        found.append((item, cents))
    return found


def new_transfers(money: Money) -> list[Pay]:
    """Post money that has just come: what it settles at the documents' rates, the rest at its own."""
    terms, pays = money.terms, list[Pay]()
    for line in money.lines:
        account = terms.account_of(line.tender)
        by_rate: dict[int, int] = {terms.rate_e9: line.rest_cents} if line.rest_cents else {}
        for each in money.settled:
            if each.line is line:
                by_rate[each.item.rate_e9] = by_rate.get(each.item.rate_e9, 0) + each.cents
        for rate_e9, cents in by_rate.items():
            pays += [terms.settle(account, cents, rate_e9), terms.difference(account, cents, rate_e9)]
    return pays


def later_transfers(money: Money) -> list[Pay]:
    """Post a prepayment that settles something now: only the difference of the rates, on the partner's own account."""
    terms = money.terms
    return [terms.difference(int(terms.role), each.cents, each.item.rate_e9) for each in money.settled]


def write_settled(batch: Batch[Any], done: Sequence[tuple[Item[Any], Money]]) -> None:
    """Write allocations and payments of sales, and add what was counted to every row concerned."""
    allocations: list[tuple[object, ...]] = []
    paid: list[tuple[int, str, int, date]] = []
    for item, money in done:
        for each in money.settled:
            tender = each.line.tender
            allocations.append(
                (money.document, each.line.pk, tender, each.item.number, each.cents, item.on, item.log_id)
            )
            if each.item.kind == "sale":
                paid.append((each.item.row.pk, tender, each.cents, item.on))
    rows.insert(Allocation, ALLOCATION_FIELDS, allocations)
    write_payments(paid)
    batch.write_changes(PaymentLine, *COUNTED)


ALLOCATION_FIELDS = ("source", "line_id", "tender", "target", "amount_cents", "allocated_on", "log_id")


@dataclass(slots=True)
class Loaded:
    """A payment with its lines, locked."""

    row: PartnerPayment
    lines: list[Line]

    def money(self, batch: Batch[Any]) -> Money:
        """Give it to what settles; each item of a batch gets its own list of what it settled."""
        row = self.row
        terms = Terms(row.side, row.partner_id, row.currency, row.rate_e9, batch.company.tender_accounts)
        return Money(row.number, row.partner.code, terms, row.currency_digits, self.lines)


def owners_of(numbers: Iterable[str]) -> list[int]:
    """Read whose receipts and payments these are, without a lock: documents are locked before payments."""
    found = PartnerPayment.objects.filter(pk__in=_ids(numbers))
    return list(found.values_list("partner_id", flat=True))


def _ids(numbers: Iterable[str]) -> set[int]:
    return {pk for number in numbers for prefix in PREFIXES if (pk := document_id(prefix, number)) is not None}


def load_payments(numbers: Iterable[str]) -> dict[str, Loaded]:
    """Lock receipts and payments by number, then their lines; those that were taken back are left out."""
    found = (
        PartnerPayment.objects.filter(pk__in=_ids(numbers), undone_log_id=0).select_related("partner").order_by("pk")
    )
    loaded = {row.pk: Loaded(row, []) for row in found.select_for_update(of=("self",))}
    for line in (
        PaymentLine.objects.filter(payment_id__in=loaded).order_by("payment_id", "position").select_for_update()
    ):
        loaded[line.payment_id].lines.append(Line(line.tender, line.amount_cents, line.rest_cents, line.pk, line))
    return {each.row.number: each for each in loaded.values()}


def with_twins(numbers: Iterable[str]) -> set[str]:
    """Add the other sides of set-offs to the numbers of payments; read without a lock, a twin never changes."""
    named = set(numbers)
    ids = _ids(named)
    found = PartnerPayment.objects.filter(Q(pk__in=ids) | Q(twin_id__in=ids))
    return named | {row.number for row in found}


def payment_of(payments: dict[str, Loaded], number: str) -> Loaded:
    """Return a payment by number that stands; raise UnknownDocument."""
    found = payments.get(number)
    if found is None or found.row.undone_log_id:
        raise UnknownDocument(document=number)
    return found
