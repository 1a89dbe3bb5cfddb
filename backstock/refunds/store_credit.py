"""What is left of store credit that expires: what is used first is what expires first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from backstock.money.accounts import Role
from backstock.money.queries import Purse, paid_out, purses_of
from backstock.refunds.models import Refund


@dataclass(frozen=True, slots=True)
class Given:
    """Store credit that was given once: until when it may be used, and what of it expired."""

    refund_id: int
    expires_on: date | None
    amount_cents: int
    expired_cents: int


def left_of(given: Iterable[Given], used_cents: int) -> dict[int, int]:
    """Return what is left of each, when so much was used: of the one that expires first first. Pure."""
    left = {}
    for each in sorted(given, key=lambda g: (g.expires_on or date.max, g.refund_id)):
        there = each.amount_cents - each.expired_cents
        taken = min(there, max(used_cents, 0))
        used_cents -= taken
        left[each.refund_id] = there - taken
    return left


def standing() -> QuerySet[Refund]:
    """Return store credit that was given for returns and not taken back."""
    return Refund.objects.filter(tender="store_credit", status="paid").select_related("note")


def left_for(partner_ids: Collection[int]) -> dict[int, int]:
    """Return what is left of each store credit that these customers were given for returns; four statements."""
    purses: dict[Purse, list[Given]] = defaultdict(list)
    for row in standing().filter(note__customer_id__in=partner_ids):
        given = Given(row.pk, row.expires_on, row.amount_cents, row.expired_cents)
        purses[row.note.customer_id, row.note.currency].append(given)
    used, there = paid_out(partner_ids, Role.store_credit), purses_of(partner_ids, Role.store_credit)
    found: dict[int, int] = {}
    for purse, given_there in purses.items():
        valid_cents = sum(each.amount_cents - each.expired_cents for each in given_there)
        used_cents = used.get(purse, 0) - sum(each.expired_cents for each in given_there)
        # Never more than stands in the purse: somebody may have taken more out of it than there was.
        stands_cents = max(-there.get(purse, (0, 0))[1], 0)
        found |= left_of(given_there, max(used_cents, valid_cents - stands_cents))
    return found


def next_expiry(partner_id: int) -> tuple[date, int, str] | None:
    """Return the day on which store credit of a customer expires next, how much of it, and in which currency."""
    left = left_for([partner_id])
    rows = standing().filter(pk__in=[pk for pk, cents in left.items() if cents], expires_on__isnull=False)
    first = rows.order_by("expires_on", "pk").first()
    if first is None or first.expires_on is None:
        return None
    return first.expires_on, left[first.pk], first.note.currency
