"""What a partner has beside its own columns: contacts, addresses, keys and words; written set-wise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.inputs import STRICT
from backstock.core.search import Index, endings
from backstock.partners.models import Address, Contact, Partner

SEARCH = Index("partners_partner_search")

Name = Annotated[str, Field(min_length=1, max_length=100)]
Short = Annotated[str, Field(max_length=60)]
Phone = Annotated[str, Field(max_length=40)]


@typed(frozen=True, kw_only=True, config=STRICT)
class PartnerContact:
    """Somebody who answers for the partner."""

    name: Name
    role: Short = ""
    phone: Phone = ""
    email: Annotated[str, Field(max_length=200)] = ""
    is_default: bool = False


@typed(frozen=True, kw_only=True, config=STRICT)
class PartnerAddress:
    """Where the partner's goods go."""

    text: Annotated[str, Field(min_length=1, max_length=400)]
    label: Short = ""
    recipient: Annotated[str, Field(max_length=100)] = ""
    phone: Phone = ""
    is_default: bool = False


Contacts = Annotated[tuple[PartnerContact, ...], Field(max_length=50)]
Addresses = Annotated[tuple[PartnerAddress, ...], Field(max_length=50)]


def _default(listed: Sequence[PartnerContact | PartnerAddress]) -> int:
    """Return which one is the default: the first that says so, else the first."""
    return next((n for n, each in enumerate(listed) if each.is_default), 0)


def write_contacts(contacts: Mapping[int, Sequence[PartnerContact]]) -> None:
    """Write the contacts of partners by id."""
    values = [
        (pk, each.name, each.role, each.phone, each.email, n == _default(some))
        for pk, some in contacts.items()
        for n, each in enumerate(some)
    ]
    rows.insert(Contact, ("partner", "name", "role", "phone", "email", "is_default"), values)


def write_addresses(addresses: Mapping[int, Sequence[PartnerAddress]]) -> None:
    """Write the addresses of partners by id."""
    values = [
        (pk, each.label, each.recipient, each.phone, each.text, n == _default(some))
        for pk, some in addresses.items()
        for n, each in enumerate(some)
    ]
    rows.insert(Address, ("partner", "label", "recipient", "phone", "text", "is_default"), values)


def replace_addresses(addresses: Mapping[int, Sequence[PartnerAddress]]) -> None:
    """Write the addresses of partners anew; one that stands as before keeps its row, to which sales refer."""
    wanted = {
        (pk, each.label, each.recipient, each.phone, each.text): n == _default(some)
        for pk, some in addresses.items()
        for n, each in enumerate(some)
    }
    there = {
        (row.partner_id, row.label, row.recipient, row.phone, row.text): row
        for row in Address.objects.filter(partner_id__in=addresses)
    }
    kept = {key: row for key, row in there.items() if key in wanted}
    Address.objects.filter(partner_id__in=addresses).exclude(pk__in=[row.pk for row in kept.values()]).delete()
    for key, row in kept.items():
        row.is_default = wanted[key]
    Address.objects.bulk_update(kept.values(), ["is_default"])
    columns = ("partner", "label", "recipient", "phone", "text", "is_default")
    rows.insert(Address, columns, [(*key, default) for key, default in wanted.items() if key not in kept])


def forget(ids: Iterable[int]) -> None:
    """Erase contacts, addresses and words of partners."""
    wanted = set(ids)
    if wanted:
        Contact.objects.filter(partner_id__in=wanted).delete()
        Address.objects.filter(partner_id__in=wanted).delete()
        SEARCH.erase(wanted)


def rewrite_words(ids: Iterable[int]) -> None:
    """Write the words under which partners are found, those of their duplicates with them."""
    wanted = set(ids)
    if not wanted:
        return
    said: dict[int, list[str]] = {pk: [] for pk in wanted}
    partners = Partner.objects.filter(pk__in=wanted) | Partner.objects.filter(merged_into_id__in=wanted)
    for partner in partners:
        words = [partner.code, partner.name, partner.email, partner.tax_number, endings(partner.phone)]
        said[partner.merged_into_id or partner.pk] += words
    for pk, name, phone in Contact.objects.filter(partner_id__in=wanted).values_list("partner_id", "name", "phone"):
        said[pk] += [name, endings(phone)]
    SEARCH.write({pk: " ".join(words) for pk, words in said.items()})
