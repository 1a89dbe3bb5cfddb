"""Change customers and suppliers: only what is given; archive them and bring them back."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed, UnknownPartner
from backstock.partners.commands.register import BANK, PERSONAL
from backstock.partners.details import Addresses, Contacts, Phone, replace_addresses, rewrite_words, write_contacts
from backstock.partners.duplicates import name_key, phone_key
from backstock.partners.errors import AlreadyMerged
from backstock.partners.models import Contact, Partner

Code = Annotated[str, Field(min_length=1, max_length=60)]
PLAIN = (
    "is_customer", "is_supplier", "name", "phone", "email", "address", "tax_number", "level", "payment_days", "notes",
    *BANK,
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class RevisePartner(Input):
    """What is to change of a partner; what is left out stays. Lists are whole: what they do not name goes."""

    PERSONAL: ClassVar = PERSONAL

    code: Code
    is_customer: bool | None = None
    is_supplier: bool | None = None
    name: Annotated[str, Field(max_length=200)] | None = None
    phone: Phone | None = None
    email: Annotated[str, Field(max_length=200)] | None = None
    address: Annotated[str, Field(max_length=1000)] | None = None
    tax_number: Annotated[str, Field(max_length=40)] | None = None
    level: Annotated[str, Field(max_length=60)] | None = None
    # -1: no limit any more.
    credit_limit_cents: Annotated[int, Field(ge=-1, le=MAX_CENTS)] | None = None
    payment_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    notes: Annotated[str, Field(max_length=2000)] | None = None
    bank_holder: Annotated[str, Field(max_length=100)] | None = None
    bank_name: Annotated[str, Field(max_length=100)] | None = None
    bank_account: Annotated[str, Field(max_length=40)] | None = None
    contacts: Contacts | None = None
    addresses: Addresses | None = None


@command("partners.revise", RevisePartner)
def revise_partner(batch: Batch[RevisePartner]) -> None:
    """Change what is given."""
    partners = locked(item.input.code for item in batch.open)
    for item in batch.open:
        with batch.attempt(item):
            item.plan = standing(partners, item.input.code)
            item.document, item.answer = item.input.code, {"code": item.input.code}
    batch.log()
    wanted = [(item.plan, item.input) for item in batch.open]
    for partner, said in wanted:
        _apply(partner, said)
    columns = [*PLAIN, "credit_limit_cents", "name_key", "phone_key"]
    changed = {partner.pk: partner for partner, _ in wanted}
    if changed:
        Partner.objects.bulk_update(changed.values(), columns)
    contacts = {partner.pk: said.contacts for partner, said in wanted if said.contacts is not None}
    addresses = {partner.pk: said.addresses for partner, said in wanted if said.addresses is not None}
    Contact.objects.filter(partner_id__in=contacts).delete()
    write_contacts(contacts)
    replace_addresses(addresses)
    rewrite_words(changed)


def locked(codes: Any) -> dict[str, Partner]:
    """Read and lock partners by code, in the order of their ids."""
    found = Partner.objects.select_for_update(of=("self",)).filter(code__in=set(codes))
    return {partner.code: partner for partner in found.select_related("merged_into").order_by("pk")}


def standing(partners: dict[str, Partner], code: str) -> Partner:
    """Return a partner that stands for itself; raise UnknownPartner or AlreadyMerged."""
    if code not in partners:
        raise UnknownPartner(partner=code)
    if survivor := partners[code].merged_into:
        raise AlreadyMerged(partner=code, survivor=survivor.code)
    return partners[code]


def _apply(partner: Partner, said: RevisePartner) -> None:
    for name in PLAIN:
        if getattr(said, name) is not None:
            setattr(partner, name, getattr(said, name))
    if said.credit_limit_cents is not None:
        partner.credit_limit_cents = None if said.credit_limit_cents < 0 else said.credit_limit_cents
    partner.name_key, partner.phone_key = name_key(partner.name), phone_key(partner.phone)


@typed(frozen=True, kw_only=True, config=STRICT)
class ArchivePartner(Input):
    """A partner with whom we do not trade any more; `archived=False` brings it back."""

    code: Code
    archived: bool = True


@command("partners.archive", ArchivePartner)
def archive_partner(batch: Batch[ArchivePartner]) -> None:
    """Archive partners or bring them back; what is open with them is still settled."""
    partners = locked(item.input.code for item in batch.open)
    archived = {code: partner.archived_at is not None for code, partner in partners.items()}
    for item in batch.open:
        with batch.attempt(item):
            said = item.input
            standing(partners, said.code)
            if archived[said.code] == said.archived:
                states = ("archived", "active")
                raise TransitionNotAllowed(
                    document=said.code, current=states[not said.archived], wanted=states[not said.archived]
                )
            archived[said.code] = said.archived
            item.document, item.answer = said.code, {"code": said.code}
    batch.log()
    changed = {item.input.code for item in batch.open}
    for state, at in ((True, batch.recorded_at), (False, None)):
        wanted = [partners[code].pk for code in changed if archived[code] is state]
        if wanted:
            Partner.objects.filter(pk__in=wanted).update(archived_at=at)
