"""Register customers and suppliers, and erase what the law lets them have erased."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode, UnknownPartner
from backstock.partners.details import (
    Addresses,
    Contacts,
    Phone,
    forget,
    rewrite_words,
    write_addresses,
    write_contacts,
)
from backstock.partners.duplicates import name_key, phone_key
from backstock.partners.models import Partner

BANK = ("bank_holder", "bank_name", "bank_account")
PERSONAL = frozenset({"name", "phone", "email", "address", "tax_number", "notes", "contacts", "addresses", *BANK})
COLUMNS = (
    "code", "is_customer", "is_supplier", "name", "phone", "email", "address", "tax_number", "level",
    "credit_limit_cents", "payment_days", "notes", *BANK,
)  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class RegisterPartner(Input):
    """A customer or supplier; names, phones, addresses and notes are personal data and stay out of the log."""

    PERSONAL: ClassVar = PERSONAL

    code: Annotated[str, Field(min_length=1, max_length=60)]
    is_customer: bool = False
    is_supplier: bool = False
    name: Annotated[str, Field(max_length=200)] = ""
    phone: Phone = ""
    email: Annotated[str, Field(max_length=200)] = ""
    address: Annotated[str, Field(max_length=1000)] = ""
    tax_number: Annotated[str, Field(max_length=40)] = ""
    level: Annotated[str, Field(max_length=60)] = ""
    credit_limit_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] | None = None
    payment_days: Annotated[int, Field(ge=0, le=3650)] = 0
    notes: Annotated[str, Field(max_length=2000)] = ""
    bank_holder: Annotated[str, Field(max_length=100)] = ""
    bank_name: Annotated[str, Field(max_length=100)] = ""
    bank_account: Annotated[str, Field(max_length=40)] = ""
    contacts: Contacts = ()
    addresses: Addresses = ()


@command("partners.register", RegisterPartner)
def register_partner(batch: Batch[RegisterPartner]) -> None:
    """Add customers and suppliers; a code that exists is refused."""
    taken = set(Partner.objects.filter(code__in=[i.input.code for i in batch.open]).values_list("code", flat=True))
    for item in batch.open:
        with batch.attempt(item):
            if item.input.code in taken:
                raise DuplicateCode(field="code", value=item.input.code)
            taken.add(item.input.code)
            item.document = item.input.code
            item.answer = {"code": item.input.code}
    batch.log()
    inputs = [item.input for item in batch.open]
    ids = rows.insert_coded(
        Partner,
        "code",
        (*COLUMNS, "name_key", "phone_key"),
        [(*(getattr(p, name) for name in COLUMNS), name_key(p.name), phone_key(p.phone)) for p in inputs],
    )
    write_contacts({pk: p.contacts for pk, p in zip(ids, inputs, strict=True)})
    write_addresses({pk: p.addresses for pk, p in zip(ids, inputs, strict=True)})
    rewrite_words(ids)


@typed(frozen=True, kw_only=True, config=STRICT)
class ErasePartner(Input):
    """Whose personal data is to be erased."""

    code: Annotated[str, Field(min_length=1, max_length=60)]


@command("partners.erase", ErasePartner)
def erase_partner(batch: Batch[ErasePartner]) -> None:
    """Erase names, phones, addresses, contacts and notes, those of merged duplicates too (PIPL Art. 47, GDPR Art. 17).

    Ledgers and the sealed log stay as they are.
    """
    wanted = Partner.objects.filter(code__in=[i.input.code for i in batch.open])
    found = {code: merged or pk for code, pk, merged in wanted.values_list("code", "pk", "merged_into_id")}
    for item in batch.open:
        with batch.attempt(item):
            if item.input.code not in found:
                raise UnknownPartner(partner=item.input.code)
            item.document, item.answer = item.input.code, {"code": item.input.code}
    batch.log()
    ids = {found[item.input.code] for item in batch.open}
    theirs = Partner.objects.filter(pk__in=ids) | Partner.objects.filter(merged_into_id__in=ids)
    pks = list(theirs.values_list("pk", flat=True))
    blank = dict.fromkeys(
        ("name", "phone", "email", "address", "tax_number", "notes", "name_key", "phone_key", *BANK), ""
    )
    Partner.objects.filter(pk__in=pks).update(**blank, erased_at=batch.recorded_at)
    forget(pks)
