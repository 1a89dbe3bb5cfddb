"""What customers thought: the link by which they say it, and what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.core import signing
from django.db.models import Avg, Count

from backstock.core.numbers import row_id
from backstock.notifications.models import Rating
from backstock.partners.queries import partner_ids
from backstock.returns.models import Return

SALT: Final = "backstock.rating"
# How long a link in a letter holds.
HOLDS_SECONDS: Final = 120 * 24 * 3600


def token_of(number: str) -> str:
    """Return what stands in the link of a return; nobody can make one up."""
    return signing.dumps(row_id("R", number), salt=SALT)


def number_of(token: str) -> str:
    """Return the return that a link is for; raise BadSignature when it is made up or too old."""
    pk = signing.loads(token, salt=SALT, max_age=HOLDS_SECONDS)
    return Return(pk=int(pk)).number


def rating_link(number: str) -> str:
    """Return where a customer rates a return, empty as long as nobody has said where we are reached."""
    return f"{settings.SITE_URL}/rate/{token_of(number)}/" if settings.SITE_URL else ""


def rating_of(rma_id: int) -> Rating | None:
    """Return the rating of a return."""
    return Rating.objects.filter(rma_id=rma_id).first()


@dataclass(frozen=True, slots=True)
class Average:
    """How many rated returns of a period, and how well: in 1/100 of a star."""

    count: int
    stars_e2: int


def average(first: date, last: date) -> Average:
    """Return what customers thought of the returns that were asked for in a period."""
    asked = Return.objects.filter(requested_on__range=(first, last)).values("pk")
    found = Rating.objects.filter(rma_id__in=asked).aggregate(count=Count("pk"), stars=Avg("stars"))
    return Average(found["count"], round((found["stars"] or 0) * 100))


def comments(first: date, last: date, most: int = 10) -> list[Rating]:
    """Return the latest that customers said in words about the returns of a period."""
    asked = Return.objects.filter(requested_on__range=(first, last)).values("pk")
    return list(Rating.objects.filter(rma_id__in=asked).exclude(comment="").order_by("-rated_on", "-pk")[:most])


def forget(codes: Iterable[str]) -> None:
    """Take the words of customers away who were erased; their stars stay, as they name nobody."""
    if wanted := list(partner_ids(codes).values()):
        Rating.objects.filter(customer_id__in=wanted).exclude(comment="").update(comment="")
