"""Money comes from a customer or goes to a supplier: it settles their documents, and the rest stays a prepayment."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.core import rows
from backstock.core.amounts import E9, MAX_CENTS, to_base_cents
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.currencies import digits_of
from backstock.core.errors import QuantityRequired
from backstock.money.own_accounts import Tills, load_tills
from backstock.money.posting import Entry, post
from backstock.owing.items import Items, load_items
from backstock.owing.models import PartnerPayment, PaymentLine
from backstock.owing.paying import Line, Money, What, documents_of, new_transfers, settle, write_settled
from backstock.owing.postings import Terms
from backstock.partners.queries import known, partner_ids
from backstock.sales.orders import Tender

PAYMENT_FIELDS = (
    "side", "partner", "paid_on", "currency", "currency_digits", "rate_e9", "reference", "memo", "twin_id", "undone_log_id",
)  # fmt: skip
LINE_FIELDS = ("payment", "position", "tender", "amount_cents", "rest_cents")


@typed(frozen=True, kw_only=True, config=STRICT)
class PartnerMoney(Input):
    """Money by means of payment and a discount on top of it; `rate_e9` counts where the currency is not the company's."""

    PERSONAL: ClassVar = frozenset({"memo"})

    partner: Code
    lines: tuple[Tender, ...] = ()
    discount_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0
    settles: What = "oldest"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    rate_e9: Annotated[int, Field(gt=0, le=10**15)] = E9
    reference: Annotated[str, Field(max_length=60)] = ""
    memo: Annotated[str, Field(max_length=200)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class ReceiveMoney(PartnerMoney):
    """A receipt from a customer (收款单)."""


@typed(frozen=True, kw_only=True, config=STRICT)
class PayMoney(PartnerMoney):
    """A payment to a supplier (付款单)."""


@command("owing.receive", ReceiveMoney)
def receive_money(batch: Batch[ReceiveMoney]) -> None:
    """Take customers' money against what they owe."""
    _book(batch, "receivable")


@command("owing.pay", PayMoney)
def pay_money(batch: Batch[PayMoney]) -> None:
    """Pay suppliers what we owe them."""
    _book(batch, "payable")


def _book[In: PartnerMoney](batch: Batch[In], side: str) -> None:
    inputs = [item.input for item in batch.open]
    partners = partner_ids(each.partner for each in inputs)
    oldest = [partners[each.partner] for each in inputs if each.settles == "oldest" and each.partner in partners]
    items = load_items(
        batch.company, side, oldest, (number for each in inputs for number in documents_of(each.settles))
    )
    tills = _tills(batch, side)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = _plan(batch, item.input, side, known(partners, item.input.partner), items, tills)
    _write(batch, side)


def _tills[In: PartnerMoney](batch: Batch[In], side: str) -> Tills | None:
    """Lock the accounts from which suppliers are paid."""
    if side == "receivable":
        return None
    terms = Terms(side, 0, "", E9, batch.company.tender_accounts)
    return load_tills(ids=[terms.account_of(line.tender) for item in batch.open for line in item.input.lines])


def _plan[In: PartnerMoney](
    batch: Batch[In], wanted: In, side: str, partner_id: int, items: Items, tills: Tills | None
) -> Money:
    company = batch.company
    currency = wanted.currency or company.currency
    own = currency == company.currency
    terms = Terms(side, partner_id, currency, E9 if own else wanted.rate_e9, company.tender_accounts)
    came = [("discount", wanted.discount_cents)] if wanted.discount_cents else []
    came += [(line.tender, line.amount_cents) for line in wanted.lines]
    if not came:
        raise QuantityRequired(document=wanted.partner)
    lines = [Line(tender, cents, cents) for tender, cents in came]
    for line in lines:
        till = tills.by_id.get(terms.account_of(line.tender)) if tills else None
        if tills and till:
            tills.take(batch.journal, till, to_base_cents(line.amount_cents, terms.rate_e9), batch.digits)
    digits = company.currency_digits if own else digits_of(currency)
    money = Money(wanted.partner, wanted.partner, terms, digits, lines)
    settle(batch, money, wanted.settles, items)
    return money


def _write[In: PartnerMoney](batch: Batch[In], side: str) -> None:
    items: list[Item[In]] = batch.open
    ids = rows.insert_returning(PartnerPayment, PAYMENT_FIELDS, [_row(item, side) for item in items])
    for item, pk in zip(items, ids, strict=True):
        item.document = item.plan.document = PartnerPayment(pk=pk, side=side).number
        left = item.plan.left_cents
        item.answer = {"document": item.document, "left_cents": left}
    batch.log()
    line_rows = [
        (pk, n, line.tender, line.amount_cents, line.rest_cents)
        for item, pk in zip(items, ids, strict=True)
        for n, line in enumerate(item.plan.lines, 1)
    ]
    line_ids = iter(rows.insert_returning(PaymentLine, LINE_FIELDS, line_rows))
    for item in items:
        for line in item.plan.lines:
            line.pk = next(line_ids) or 0
    entries = [Entry(item.log_id, item.on, item.document, new_transfers(item.plan)) for item in items]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_settled(batch, [(item, item.plan) for item in items])


def _row[In: PartnerMoney](item: Item[In], side: str) -> tuple[object, ...]:
    terms, wanted = item.plan.terms, item.input
    return (
        side, terms.partner_id, item.on, terms.currency, item.plan.digits, terms.rate_e9, wanted.reference, wanted.memo, 0, 0,
    )  # fmt: skip
