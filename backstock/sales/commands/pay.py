"""Take a customer's money for a sale, also ahead of the goods; give back what was paid ahead and is not needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import QuantityRequired
from backstock.money.posting import Entry, post
from backstock.sales.billing import deposit_cents, room_to_pay_cents
from backstock.sales.errors import NoDeposit, PaymentExceedsOwed
from backstock.sales.loading import LoadedSale, load_sales, sale_of
from backstock.sales.models import Payment, Sale, SaleTender
from backstock.sales.orders import Tender
from backstock.sales.postings import Money, payment_transfer


@typed(frozen=True, kw_only=True, config=STRICT)
class PaySale(Input):
    """Money for a sale, by tender."""

    sale: str
    tenders: tuple[Tender, ...]


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came for a sale, or went back with the sign -1."""

    log_id: int
    on: date
    sale: Sale
    tenders: tuple[Tender, ...]
    sign: int = 1


@command("sales.pay", PaySale)
def pay_sale(batch: Batch[PaySale]) -> None:
    """Book payments against what a sale owes."""
    sales = load_sales(item.input.sale for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            loaded = sale_of(sales, item.input.sale)
            sale, paid, room = loaded.row, _sum(item.input.tenders), room_to_pay_cents(loaded)
            if not paid:
                raise QuantityRequired(document=sale.number)
            if paid > room:
                raise PaymentExceedsOwed(
                    document=sale.number, asked_cents=paid, owed_cents=room, digits=sale.currency_digits
                )
            batch.change(sale, paid_cents=paid, owed_cents=-paid)
            item.plan, item.document, item.answer = sale, sale.number, {"document": sale.number}
    batch.log()
    _write(batch, [Paid(item.log_id, item.on, item.plan, item.input.tenders) for item in batch.open])
    tenders: dict[tuple[int, str], list[int]] = {}
    for item in batch.open:
        for tender in item.input.tenders:
            tenders.setdefault((item.plan.pk, tender.tender), [0, 0])[0] += tender.amount_cents
    rows.add_or_insert(SaleTender, ("sale_id", "tender"), ("paid_cents", "refunded_cents"), tenders)
    batch.write_changes(Sale)


@typed(frozen=True, kw_only=True, config=STRICT)
class PayBack(Input):
    """What was paid ahead for a sale and goes back, by tender."""

    sale: str
    tenders: tuple[Tender, ...]


@command("sales.pay_back", PayBack)
def pay_back(batch: Batch[PayBack]) -> None:
    """Give a deposit back that nothing of the order needs any more."""
    sales = load_sales(item.input.sale for item in batch.open)
    given = _given(sales)
    for item in batch.open:
        with batch.attempt(item):
            loaded = sale_of(sales, item.input.sale)
            sale, back = loaded.row, _sum(item.input.tenders)
            if not back:
                raise QuantityRequired(document=sale.number)
            _refuse_more(loaded, back, deposit_cents(loaded))
            for tender in item.input.tenders:
                row = given.get((sale.pk, tender.tender), SaleTender())
                _refuse_more(loaded, tender.amount_cents, row.paid_cents - row.refunded_cents)
                batch.change(row, paid_cents=-tender.amount_cents)
            batch.change(sale, paid_cents=-back, owed_cents=back)
            item.plan, item.document, item.answer = sale, sale.number, {"document": sale.number}
    batch.log()
    _write(batch, [Paid(item.log_id, item.on, item.plan, item.input.tenders, -1) for item in batch.open])
    batch.write_changes(SaleTender, Sale)


def _sum(tenders: tuple[Tender, ...]) -> int:
    return sum(tender.amount_cents for tender in tenders)


def _given(sales: dict[str, LoadedSale]) -> dict[tuple[int, str], SaleTender]:
    """Lock what sales were paid with."""
    ids = [sale.row.pk for sale in sales.values()]
    found = SaleTender.objects.filter(sale_id__in=ids).order_by("pk").select_for_update()
    return {(each.sale_id, each.tender): each for each in found}


def _refuse_more(sale: LoadedSale, asked_cents: int, left_cents: int) -> None:
    if asked_cents > left_cents:
        raise NoDeposit(
            document=sale.row.number, asked_cents=asked_cents, left_cents=left_cents, digits=sale.row.currency_digits
        )


def _write[In: Input](batch: Batch[In], paid: list[Paid]) -> None:
    """Write payments with their postings; the counters of tenders are the caller's."""
    paid_rows = [(p.sale.pk, t.tender, p.sign * t.amount_cents, p.on) for p in paid for t in p.tenders]
    rows.insert(Payment, ("sale", "tender", "amount_cents", "paid_on"), paid_rows)
    entries = []
    for each in paid:
        money = Money(each.sale.customer_id, each.sale.currency, each.sale.rate_e9, batch.company.tender_accounts)
        transfers = [payment_transfer(money, t.tender, each.sign * t.amount_cents) for t in each.tenders]
        entries.append(Entry(each.log_id, each.on, each.sale.number, transfers))
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
