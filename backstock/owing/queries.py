"""Read receipts, payments, write-offs and what they settle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import document_id
from backstock.owing.models import Allocation, OpeningItem, PartnerPayment, PaymentLine, WriteOff
from backstock.owing.paying import PREFIXES
from backstock.partners.queries import matching_partners


def payments(side: str) -> QuerySet[PartnerPayment]:
    """Return receipts or payments with their partners, newest first."""
    return PartnerPayment.objects.filter(side=side, credit_log_id=0).select_related("partner").order_by("-pk")


def find_payments(rows: QuerySet[PartnerPayment], text: str) -> QuerySet[PartnerPayment]:
    """Find receipts and payments by number, reference or partner."""
    for prefix in ("CR", "SP"):
        if (pk := document_id(prefix, text)) is not None:
            return rows.filter(pk=pk)
    return rows.filter(Q(reference=text) | Q(partner_id__in=matching_partners(text)))


def payment(number: str) -> PartnerPayment:
    """Return a receipt or payment by number; raise UnknownDocument."""
    ids = [pk for prefix in PREFIXES if (pk := document_id(prefix, number)) is not None]
    found = PartnerPayment.objects.select_related("partner").filter(pk__in=ids).first()
    if found is None or found.number != number.upper():
        raise UnknownDocument(document=number)
    return found


@dataclass(frozen=True, slots=True)
class PaymentFigures:
    """What came with a payment and what is left of it."""

    amount_cents: int = 0
    discount_cents: int = 0
    rest_cents: int = 0


def payment_figures(ids: Iterable[int]) -> dict[int, PaymentFigures]:
    """Return the sums of payments, for any number in one statement."""
    rows = PaymentLine.objects.filter(payment_id__in=list(ids)).values_list("payment_id")
    money = ~Q(tender="discount")
    sums = rows.annotate(
        a=Sum("amount_cents", filter=money, default=0),
        d=Sum("amount_cents", filter=~money, default=0),
        r=Sum("rest_cents", default=0),
    ).order_by()
    return {pk: PaymentFigures(a, d, r) for pk, a, d, r in sums}


def lines_of(payment_id: int) -> list[PaymentLine]:
    """Return the lines of a payment."""
    return list(PaymentLine.objects.filter(payment_id=payment_id).order_by("position"))


def settled_by(source: str) -> list[Allocation]:
    """Return what a payment settled and released, in order."""
    return list(Allocation.objects.filter(source=source).order_by("pk"))


def settled_now(source: str) -> dict[str, int]:
    """Return what a payment settles of which document, and what of it was given back under its own number."""
    found = Allocation.objects.filter(source=source).values_list("target").annotate(v=Sum("amount_cents")).order_by()
    return {target: cents for target, cents in found if cents}


def settles_of(target: str) -> list[Allocation]:
    """Return what settled a document, in order."""
    return list(Allocation.objects.filter(target=target).order_by("pk"))


def prepayments(side: str, partner_id: int) -> list[tuple[PartnerPayment, int]]:
    """Return a partner's payments that are not used up, with what is left of each, the oldest first."""
    rests = PaymentLine.objects.filter(payment__partner_id=partner_id, payment__side=side).exclude(rest_cents=0)
    left = dict(rests.values_list("payment_id").annotate(v=Sum("rest_cents")).order_by())
    rows = PartnerPayment.objects.filter(pk__in=left).order_by("paid_on", "pk")
    return [(row, left[row.pk]) for row in rows]


def opening_item(number: str) -> OpeningItem:
    """Return an opening item by number; raise UnknownDocument."""
    pk = document_id("OI", number)
    found = OpeningItem.objects.select_related("partner").filter(pk=pk or 0).first()
    if found is None:
        raise UnknownDocument(document=number)
    return found


def write_offs() -> QuerySet[WriteOff]:
    """Return write-offs with their partners, newest first."""
    return WriteOff.objects.select_related("partner").order_by("-pk")


def open_debts(side: str) -> list[tuple[str, str, date | None, date | None, int]]:
    """List what is still open of opening items, and prepayments (negative): (partner, reference, day, due, amount)."""
    debts = OpeningItem.objects.filter(side=side, owed_cents__gt=0).order_by("pk")
    found: list[tuple[str, str, date | None, date | None, int]] = list(
        debts.values_list("partner__code", "reference", "opened_on", "due_on", "owed_cents")
    )
    ahead = PartnerPayment.objects.filter(side=side, undone_log_id=0, lines__rest_cents__gt=0).order_by("pk")
    rests = ahead.annotate(rest=Sum("lines__rest_cents"))
    found += [
        (code, reference, None, None, -rest)
        for code, reference, rest in rests.values_list("partner__code", "reference", "rest")
    ]
    return found
