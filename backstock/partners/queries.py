"""Find customers and suppliers by code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from backstock.core.errors import UnknownPartner
from backstock.core.reading import prepared
from backstock.partners.details import SEARCH
from backstock.partners.errors import PartnerArchived
from backstock.partners.models import Address, Contact, Partner


def partner_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the codes that exist; the code of a duplicate means the partner it was merged into."""
    wanted = set(codes)
    found = Partner.objects.filter(code__in=wanted) if wanted else Partner.objects.none()
    return {code: merged or pk for code, pk, merged in found.values_list("code", "pk", "merged_into_id")}


def partner_codes(ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of partners; nothing asked costs no statement."""
    wanted = set(ids) - {0}
    return dict(Partner.objects.filter(pk__in=wanted).values_list("pk", "code")) if wanted else {}


class Terms(NamedTuple):
    """Who a code means, and how long after a delivery they are paid."""

    partner_id: int
    payment_days: int
    is_archived: bool


def _with_code(codes: Collection[str]) -> QuerySet[Partner]:
    return Partner.objects.filter(code__in=codes).select_related("merged_into")


def partner_terms(codes: Iterable[str]) -> dict[str, Terms]:
    """Return the terms of the codes that exist, for new documents; a duplicate's code means the partner it was merged into."""
    found = prepared(_with_code, set(codes))
    return {each.code: _terms(each.merged_into or each) for each in found}


def _terms(partner: Partner) -> Terms:
    return Terms(partner.pk, partner.payment_days, partner.archived_at is not None)


def terms_of(terms: Mapping[str, Terms], code: str) -> Terms:
    """Return the terms of a code; raise UnknownPartner, or PartnerArchived: who is archived takes no new documents."""
    if code not in terms:
        raise UnknownPartner(partner=code)
    if terms[code].is_archived:
        raise PartnerArchived(partner=code)
    return terms[code]


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
    """Return the ids of partners that fit what somebody typed: code, name, contact, the end of a phone."""
    return SEARCH.first(text.strip()[:100], most)


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


def _typed(text: str) -> QuerySet[Partner]:
    """Return the customers that somebody may have typed by code, phone or whole name, the likeliest first."""
    found = Partner.objects.filter(Q(code=text) | Q(phone=text) | Q(name=text))
    return found.order_by("-is_customer", "code")


def level_of(text: str) -> str:
    """Return the level of prices of the customer that somebody typed; nobody has none."""
    found = _typed(text).values_list("merged_into__level", "level").first()
    return (found[0] or found[1]) if found else ""


def customer_meant(text: str) -> int:
    """Return the id of the customer that somebody typed; 0 for nobody."""
    found = _typed(text).values_list("merged_into", "pk").first()
    return (found[0] or found[1]) if found else 0


def find_partners(rows: QuerySet[Partner], text: str) -> QuerySet[Partner]:
    """Narrow partners to those that have every word of a text in code, name, phone or contacts."""
    wanted = SEARCH.matching(text)
    return rows.filter(pk__in=wanted) if wanted is not None else rows.none()


def all_partners() -> QuerySet[Partner]:
    """Return everybody who stands for themselves: duplicates that were merged are left out."""
    return Partner.objects.filter(merged_into=None)


def loaded_partner(code: str) -> Partner:
    """Return a partner by code, a duplicate's code leads to its survivor; raise UnknownPartner."""
    found = Partner.objects.select_related("merged_into").filter(code=code).first()
    if found is None:
        raise UnknownPartner(partner=code)
    return found.merged_into or found


def contacts_of(partner_id: int) -> list[Contact]:
    """Return a partner's contacts, the default first."""
    return list(Contact.objects.filter(partner_id=partner_id).order_by("-is_default", "pk"))


def addresses_of(partner_id: int) -> list[Address]:
    """Return a partner's addresses, the default first."""
    return list(Address.objects.filter(partner_id=partner_id).order_by("-is_default", "pk"))


def owners_of_addresses(ids: Iterable[int]) -> dict[int, int]:
    """Return whose addresses these are: {address: partner}; nothing asked costs no statement."""
    wanted = set(ids)
    return dict(Address.objects.filter(pk__in=wanted).values_list("pk", "partner_id")) if wanted else {}


def address_for(partner_id: int, address_id: int) -> Address | None:
    """Return where a partner's goods go: the address that was chosen, as long as there is one, else the default."""
    found = addresses_of(partner_id)
    return next((each for each in found if each.pk == address_id), found[0] if found else None)


def merged_codes(partner_id: int) -> list[str]:
    """Return the codes of the duplicates that were merged into a partner."""
    return list(Partner.objects.filter(merged_into_id=partner_id).order_by("code").values_list("code", flat=True))


def same_ones(most: int = 200) -> list[tuple[Partner, Partner, list[str]]]:
    """Return pairs of partners that are perhaps one, with why: the same phone, tax number or name."""
    reasons: dict[tuple[int, int], list[str]] = {}
    standing = all_partners()
    for column in ("tax_number", "phone_key", "name_key"):
        named = standing.exclude(**{column: ""}).values_list(column).order_by(column)
        twice = named.annotate(count=Count("pk")).filter(count__gt=1).values_list(column, flat=True)[:most]
        groups: dict[str, list[int]] = {}
        for key, pk in standing.filter(**{f"{column}__in": list(twice)}).order_by("pk").values_list(column, "pk"):
            groups.setdefault(key, []).append(pk)
        for first, *others in groups.values():
            for other in others:
                reasons.setdefault((first, other), []).append(column)
    pairs = sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))[:most]
    found = Partner.objects.in_bulk({pk for pair, _ in pairs for pk in pair})
    return [(found[one], found[two], why) for (one, two), why in pairs]
