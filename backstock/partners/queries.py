"""Find customers and suppliers by code."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from backstock.core.errors import UnknownPartner
from backstock.partners.models import Partner


def partner_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the codes that exist."""
    wanted = set(codes)
    return dict(Partner.objects.filter(code__in=wanted).values_list("code", "pk")) if wanted else {}


def partner_codes(ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of partners; nothing asked costs no statement."""
    wanted = set(ids) - {0}
    return dict(Partner.objects.filter(pk__in=wanted).values_list("pk", "code")) if wanted else {}


def supplier_terms(codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return id and days to pay of the codes that exist."""
    found = Partner.objects.filter(code__in=set(codes))
    return {code: (pk, days) for code, pk, days in found.values_list("code", "pk", "payment_days")}


def payment_days(terms: dict[str, tuple[int, int]], code: str) -> tuple[int, int]:
    """Return id and days to pay of a code; raise UnknownPartner."""
    try:
        return terms[code]
    except KeyError:
        raise UnknownPartner(partner=code) from None


def days_to_pay(ids: Iterable[int]) -> dict[int, int]:
    """Return how long after a delivery each partner is paid; nothing asked costs no statement."""
    wanted = set(ids)
    return dict(Partner.objects.filter(pk__in=wanted).values_list("pk", "payment_days")) if wanted else {}


def known(ids: dict[str, int], code: str) -> int:
    """Return the id of a code; raise UnknownPartner."""
    try:
        return ids[code]
    except KeyError:
        raise UnknownPartner(partner=code) from None


def matching_partners(text: str, most: int = 200) -> list[int]:
    """Return the ids of partners whose code, phone or name fits what somebody typed: the end of a phone is enough."""
    wanted = Q(code__iexact=text) | Q(phone=text) | Q(name__icontains=text)
    if text.isdigit() and len(text) >= 4:
        wanted |= Q(phone__endswith=text)
    return list(Partner.objects.filter(wanted).values_list("pk", flat=True)[:most])


def partners_by_id(ids: Iterable[int]) -> dict[int, Partner]:
    """Return partners by id; nothing asked costs no statement."""
    wanted = set(ids) - {0}
    return Partner.objects.in_bulk(wanted) if wanted else {}


def suppliers_in_use(most: int = 500) -> list[Partner]:
    """Return suppliers that were not archived, by code."""
    return list(Partner.objects.filter(is_supplier=True, archived_at=None).order_by("code")[:most])


def supplier_meant(text: str) -> str:
    """Return the code of the supplier that somebody typed, by code or whole name; what nobody is called stays as it is."""
    found = Partner.objects.filter(Q(code__iexact=text) | Q(name=text), archived_at=None).order_by(
        "-is_supplier", "code"
    )
    return found.values_list("code", flat=True).first() or text
