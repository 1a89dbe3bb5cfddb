"""Find customers and suppliers by code."""

from __future__ import annotations

from collections.abc import Iterable

from backstock.core.errors import UnknownPartner
from backstock.partners.models import Partner


def partner_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the codes that exist."""
    return dict(Partner.objects.filter(code__in=set(codes)).values_list("code", "pk"))


def known(ids: dict[str, int], code: str) -> int:
    """Return the id of a code; raise UnknownPartner."""
    try:
        return ids[code]
    except KeyError:
        raise UnknownPartner(partner=code) from None
