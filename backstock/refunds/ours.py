"""Our side of a reconciliation: the refunds of a day and those that a statement names, with what the ledger paid for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id
from backstock.money.accounts import Role
from backstock.money.queries import transfers_of_logs
from backstock.refunds.models import Payout, Refund, StatementRow
from backstock.refunds.reconciliation import Ours, Theirs

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Books:
    """Refunds of a day, and those of them that stand on statements of other days."""

    ours: list[Ours]
    elsewhere: dict[int, date]


def load_books(tender: str, day: date, theirs: Sequence[Theirs]) -> Books:
    """Read our side of a day; a few statements for any number of refunds."""
    named = _named(theirs)
    found: dict[int, Refund] = {
        row.pk: row for row in Refund.objects.filter(tender=tender, paid_on=day).exclude(status="undone")
    }
    for chunk in _chunks(sorted(named - found.keys())):
        found |= {row.pk: row for row in Refund.objects.filter(pk__in=chunk, tender=tender).exclude(status="undone")}
    references = {line.reference for line in theirs if line.reference}
    known = {row.reference for row in found.values()}
    for some in _chunks(sorted(references - known)):
        found |= {row.pk: row for row in Refund.objects.filter(tender=tender, reference__in=some)}
    keys = dict(Payout.objects.filter(refund__tender=tender).filter(_of(found)).values_list("refund_id", "key"))
    ledger = _ledger(found.values())
    ours = [
        Ours(
            refund_id=row.pk, number=row.number, key=keys.get(row.pk, ""), reference=row.reference,
            amount_cents=row.amount_cents, status=row.status, paid_on=row.paid_on, ledger_cents=ledger.get(row.pk),
        )
        for row in sorted(found.values(), key=lambda each: each.pk)
    ]  # fmt: skip
    return Books(ours, _elsewhere(tender, day, found))


def _named(theirs: Iterable[Theirs]) -> set[int]:
    """Return the refunds whose numbers begin the keys of lines."""
    found = set()
    for line in theirs:
        try:
            found.add(row_id("F", line.key.partition("-")[0]))
        except UnknownDocument:
            continue
    return found


def _of(found: dict[int, Refund]) -> Q:
    """Narrow payouts to refunds, by range: a day's refunds lie close together."""
    return Q(refund_id__gte=min(found, default=0), refund_id__lte=max(found, default=0))


def _chunks[T](values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _ledger(refunds: Iterable[Refund]) -> dict[int, int]:
    """Return what the ledger paid for refunds: each takes one transfer of its amount out of the log row that paid it."""
    paid = [row for row in refunds if row.paid_log_id]
    found: dict[int, int] = {}
    for chunk in _chunks(paid):
        posted = transfers_of_logs(row.paid_log_id for row in chunk)
        for log_id, own in _by_log(chunk).items():
            amounts = Counter(
                pay.original_cents or 0 for pay in posted.get(log_id, []) if pay.debit == Role.refunds_payable
            )
            for row in own:
                if amounts[row.amount_cents]:
                    amounts[row.amount_cents] -= 1
                    found[row.pk] = row.amount_cents
            # One refund alone in its row, paid with another amount: that is what the ledger says.
            if len(own) == 1 and own[0].pk not in found and amounts:
                found[own[0].pk] = sum(cents * times for cents, times in amounts.items())
    return found


def _by_log(refunds: Iterable[Refund]) -> dict[int, list[Refund]]:
    found: dict[int, list[Refund]] = {}
    for row in refunds:
        found.setdefault(row.paid_log_id, []).append(row)
    return found


def _elsewhere(tender: str, day: date, found: dict[int, Refund]) -> dict[int, date]:
    """Return the days of other statements on which refunds of ours stand as paid."""
    rows = StatementRow.objects.filter(
        statement__tender=tender, statement__replaced_log_id=0, outcome="paid", refund_id__gt=0
    ).exclude(statement__day=day)
    near = rows.filter(refund_id__gte=min(found, default=0), refund_id__lte=max(found, default=0))
    return {pk: on for pk, on in near.values_list("refund_id", "happened_on") if pk in found}
