"""Grant refunds: cash and store credit leave at once, a gateway is told through the outbox, and the rest a person pays."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backstock.core import rows
from backstock.core.commands import Batch
from backstock.refunds.gateways.routes import AT_ONCE, way_of
from backstock.refunds.lifecycle import Status
from backstock.refunds.models import NamedPayment, Payout, Refund
from backstock.returns.loading import LoadedReturn

FIELDS = ("note", "rma_id", "sale_id", "tender", "amount_cents", "status", "paid_on", "paid_log_id", "expires_on")
PAYOUT_FIELDS = ("refund", "tender", "key", "payment", "due_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One refund that was decided."""

    note_id: int
    rma_id: int
    sale_id: int
    sale_number: str
    tender: str
    amount_cents: int
    paid: bool
    log_id: int
    on: date
    # The last day of store credit.
    expires_on: date | None = None


def paid_at_once(tender: str, by_hand: bool) -> bool:
    """Tell whether money has left with the settlement: from the till, or by the hand of the person who settles."""
    way = way_of(tender)
    return way == "at_once" or (by_hand and way == "by_hand")


def write_grants(batch: Batch[Any], grants: Sequence[Grant]) -> None:
    """Write refunds, and for those that a gateway pays a row of the outbox each, with a key that never changes."""
    refund_rows = [
        (
            each.note_id, each.rma_id, each.sale_id, each.tender, each.amount_cents,
            str(Status.PAID if each.paid else Status.GRANTED), each.on if each.paid else None,
            each.log_id if each.paid else 0, each.expires_on,
        )
        for each in grants
    ]  # fmt: skip
    if not any(not each.paid and way_of(each.tender) == "gateway" for each in grants):
        rows.insert(Refund, FIELDS, refund_rows)
        return
    ids = rows.insert_returning(Refund, FIELDS, refund_rows)
    sales = {each.sale_id for each in grants}
    named = {(row.sale_id, row.tender): row.reference for row in NamedPayment.objects.filter(sale_id__in=sales)}
    # Two companies may share an account at a gateway: a number alone would be no key.
    rows.insert(
        Payout,
        PAYOUT_FIELDS,
        [
            (
                pk,
                each.tender,
                f"{Refund(pk=pk).number}-{secrets.token_hex(8)}",
                named.get((each.sale_id, each.tender), each.sale_number),
                batch.recorded_at,
            )
            for pk, each in zip(ids, grants, strict=True)
            if not each.paid and way_of(each.tender) == "gateway"
        ],
    )


@dataclass(slots=True)
class Owed:
    """Refunds that were granted before and that their gateway has not paid for certain, locked once for a batch."""

    of_return: dict[int, list[Refund]] = field(default_factory=lambda: defaultdict(list))

    def ask_again(self, refunds: Sequence[Refund], batch: Batch[Any]) -> None:
        """Have the worker call for refunds now: the same refund once more, by the same key."""
        if refunds:
            wanted = [refund.pk for refund in refunds]
            Payout.objects.filter(refund_id__in=wanted).update(due_at=batch.recorded_at, unclear=0)


def load_owed(returns: Iterable[LoadedReturn]) -> Owed:
    """Lock what earlier settlements of returns left unpaid; a return's first settlement asks nothing."""
    settled = [
        rma.row.pk for rma in returns if any(x.row.refunded_net_cents or x.row.refunded_tax_cents for x in rma.lines)
    ]
    owed = Owed()
    if settled:
        wanted = Refund.objects.filter(rma_id__in=settled, status__in=[Status.SENT, Status.UNKNOWN, Status.FAILED])
        for refund in wanted.filter(payout__isnull=False).order_by("pk").select_for_update():
            owed.of_return[refund.rma_id].append(refund)
    return owed


def recall(refunds: Sequence[Refund]) -> None:
    """Take refunds out of the outbox: they are owed no more."""
    wanted = [refund for refund in refunds if refund.tender not in AT_ONCE]
    if wanted:
        Payout.objects.filter(refund_id__in=[refund.pk for refund in wanted]).update(due_at=None)
