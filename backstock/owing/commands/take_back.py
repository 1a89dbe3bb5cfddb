"""Take a receipt or payment back that was wrong: what it settled is open again, and its money was never there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.money.own_accounts import Tills, load_tills
from backstock.money.posting import Entry, post
from backstock.money.queries import transfers_by_document
from backstock.money.transfers import Pay
from backstock.owing.errors import AllocationExceedsRest, CreditOfReturn
from backstock.owing.items import Items, load_items
from backstock.owing.models import PartnerPayment
from backstock.owing.paying import Loaded, Money, Number, load_payments, payment_of, with_twins
from backstock.owing.releasing import Releases, load_releases, release, standing, write_released

type Posted = Mapping[str, list[tuple[int, Pay]]]


@typed(frozen=True, kw_only=True, config=STRICT)
class TakePaymentBack(Input):
    """The receipt (CR…) or payment (SP…) that was wrong; a set-off falls on both sides."""

    document: Number


@dataclass(slots=True)
class Plan:
    """What may be taken back: what it no longer settles, and the mirror of everything it posted."""

    money: list[Money] = field(default_factory=list)
    rows: list[PartnerPayment] = field(default_factory=list)
    transfers: list[Pay] = field(default_factory=list)


@command("owing.take_back", TakePaymentBack)
def take_payment_back(batch: Batch[TakePaymentBack]) -> None:
    """Undo receipts and payments, with all that they settled."""
    numbers = with_twins(item.input.document for item in batch.open)
    items = load_items(batch.company, None, (), {target for _, target in standing(numbers)})
    payments = load_payments(numbers)
    releases = load_releases(standing(payments), items)
    posted = transfers_by_document(payments)
    tills = load_tills(ids={side for pays in posted.values() for _, pay in pays for side in (pay.debit, pay.credit)})
    for item in batch.open:
        with batch.attempt(item):
            item.plan = Plan()
            first = payment_of(payments, item.input.document)
            if first.row.credit_log_id:
                raise CreditOfReturn(document=first.row.number, source=first.row.reference)
            for loaded in [first, *(each for each in payments.values() if each.row.pk == first.row.twin_id)]:
                _undo(batch, item.plan, loaded, items, releases)
                _mirror(batch, item.plan, posted.get(loaded.row.number, []), tills)
                batch.change(loaded.row, undone_log_id=1)
            item.document, item.answer = first.row.number, {"document": first.row.number}
    batch.log()
    entries = [Entry(item.log_id, item.on, item.document, item.plan.transfers) for item in batch.open]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    for item in batch.open:
        for row in item.plan.rows:
            batch.change(row, undone_log_id=item.log_id - 1)
    write_released(batch, [(item, money) for item in batch.open for money in item.plan.money])
    batch.write_changes(PartnerPayment)


def _undo(
    batch: Batch[TakePaymentBack], plan: Plan, loaded: Loaded, items: Items, releases: Releases
) -> None:  # fmt: skip
    """Open again what the payment settled; what of it was given back cannot be taken back again."""
    money = loaded.money(batch)
    for target in releases.targets(loaded):
        release(batch, money, target, items, releases)
    for line in loaded.lines:
        if line.rest_cents != line.amount_cents:
            raise AllocationExceedsRest(
                document=money.document, asked_cents=line.amount_cents, left_cents=line.rest_cents, digits=money.digits
            )
        line.take(batch, line.rest_cents)
    plan.money.append(money)
    plan.rows.append(loaded.row)


def _mirror(batch: Batch[TakePaymentBack], plan: Plan, posted: list[tuple[int, Pay]], tills: Tills) -> None:
    for log_id, pay in posted:
        mirror = pay.mirror(log_id)
        if till := tills.by_id.get(mirror.credit):
            tills.take(batch.journal, till, mirror.amount_cents, batch.digits)
        plan.transfers.append(mirror)
