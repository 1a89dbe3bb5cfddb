"""What became of refunds, written down: the state, and the transfer of money that has left or come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from backstock.core.amounts import E9
from backstock.core.commands import Batch, Item
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import row_id
from backstock.money.accounts import Role
from backstock.money.posting import Entry, post
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay
from backstock.refunds.gateways.routes import AT_ONCE
from backstock.refunds.lifecycle import Status, enter, write
from backstock.refunds.models import Refund
from backstock.refunds.postings import paid_transfer
from backstock.returns.models import Return
from backstock.sales.models import Sale
from backstock.sales.postings import Money

EVENTS: Final = {
    Status.SENT: "RefundSent",
    Status.PAID: "RefundPaid",
    Status.FAILED: "RefundFailed",
    Status.UNKNOWN: "RefundUnknown",
}


@dataclass(slots=True)
class Loaded:
    """Refunds under lock, by number, with the rates of their sales."""

    refunds: dict[str, Refund]
    rates: dict[int, int]

    def refund(self, number: str) -> Refund:
        """Return a refund; raise UnknownDocument."""
        if number not in self.refunds:
            raise UnknownDocument(document=number[:60])
        return self.refunds[number]


@dataclass(slots=True)
class Step:
    """A refund that came to another state, and from which."""

    refund: Refund
    before: Status
    status: Status
    reference: str
    problem: str


def load_refunds(numbers: Iterable[str]) -> Loaded:
    """Lock refunds in the order of their ids; numbers that do not exist are left out."""
    ids: dict[int, str] = {}
    for number in numbers:
        try:
            ids[row_id("F", number)] = number
        except UnknownDocument:
            continue
    found = Refund.objects.filter(pk__in=ids).select_related("note").order_by("pk").select_for_update(of=("self",))
    refunds = {ids[row.pk]: row for row in found}
    sales = {row.sale_id for row in refunds.values()} - {0}
    rates = dict(Sale.objects.filter(pk__in=sales).values_list("pk", "rate_e9")) if sales else {}
    return Loaded(refunds, rates)


def step(batch: Batch[Any], item: Item[Any], refund: Refund, wanted: Status, reference: str, problem: str) -> None:
    """Take a refund to a state and say so; being there already changes nothing."""
    # The return is the document: its timeline and its ledger rows tell of the money too.
    item.document = Return(pk=refund.rma_id).number
    item.answer = {"document": item.document, "refund": refund.number, "status": str(wanted)}
    before = Status(refund.status)
    if before == wanted:
        return
    if refund.tender in AT_ONCE:
        # The till has paid, or nothing had to be: there is nothing to hear of it any more.
        raise TransitionNotAllowed(document=refund.number, current=refund.status, wanted=str(wanted))
    enter(batch, refund, wanted)
    item.plan = Step(refund, before, wanted, reference, problem)
    item.emit(EVENTS[wanted], refund=refund.number)


def write_steps(batch: Batch[Any], rates: dict[int, int]) -> None:
    """Post what was paid and take back what came back; store the refunds."""
    done = [(item, item.plan) for item in batch.open if isinstance(item.plan, Step)]
    came_back = [each.refund.paid_log_id for _, each in done if each.before == Status.PAID]
    posted = transfers_of_logs(came_back) if came_back else {}
    entries = []
    for item, each in done:
        refund = each.refund
        rate_e9 = rates.get(refund.sale_id, E9)
        money = Money(refund.note.customer_id, refund.note.currency, rate_e9, batch.company.tender_accounts)
        pay = paid_transfer(money, refund.tender, refund.amount_cents)
        if each.before == Status.PAID:
            entries.append(Entry(item.log_id, item.on, item.document, _mirrored(refund, pay, posted)))
            refund.paid_on, refund.paid_log_id = None, 0
        if each.status == Status.PAID:
            entries.append(Entry(item.log_id, item.on, item.document, [pay]))
            refund.paid_on, refund.paid_log_id = item.on, item.log_id
        refund.reference, refund.problem = each.reference or refund.reference, each.problem
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write({each.refund.pk: each.refund for _, each in done}.values())


def _mirrored(refund: Refund, today: Pay, posted: dict[int, list[Pay]]) -> list[Pay]:
    """Return the opposite of the transfer that paid a refund: into the account that it left.

    One settlement may have paid the same amount from two accounts; the means of payment says which, unless it was
    assigned to another account since.
    """
    paid = [
        pay
        for pay in posted.get(refund.paid_log_id, [])
        if pay.debit == Role.refunds_payable and pay.original_cents == refund.amount_cents
    ]
    if not paid:
        raise RuntimeError(f"{refund.number} was paid, but no transfer says so")
    own = min(paid, key=lambda pay: pay.credit != today.credit)
    return [own.mirror(refund.paid_log_id)]
