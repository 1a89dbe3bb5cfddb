"""Register customers and suppliers, and erase what the law lets them have erased."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.amounts import MAX_CENTS
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import DuplicateCode, UnknownPartner
from backstock.partners.models import Partner


@typed(frozen=True, kw_only=True, config=STRICT)
class RegisterPartner(Input):
    """A customer or supplier; names, phones, addresses and notes are personal data and stay out of the log."""

    PERSONAL: ClassVar = frozenset({"name", "phone", "email", "address", "notes"})

    code: Annotated[str, Field(min_length=1, max_length=60)]
    is_customer: bool = False
    is_supplier: bool = False
    name: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=200)] = ""
    address: Annotated[str, Field(max_length=1000)] = ""
    level: Annotated[str, Field(max_length=20)] = ""
    credit_limit_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] | None = None
    payment_days: Annotated[int, Field(ge=0, le=3650)] = 0
    notes: Annotated[str, Field(max_length=2000)] = ""


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
    rows.insert_coded(
        Partner,
        "code",
        (
            "code", "is_customer", "is_supplier", "name", "phone", "email", "address", "level", "credit_limit_cents",
            "payment_days", "notes",
        ),
        [
            (
                p.code, p.is_customer, p.is_supplier, p.name, p.phone, p.email, p.address, p.level, p.credit_limit_cents,
                p.payment_days, p.notes,
            )
            for p in inputs
        ],
    )  # fmt: skip


@typed(frozen=True, kw_only=True, config=STRICT)
class ErasePartner(Input):
    """Whose personal data is to be erased."""

    code: Annotated[str, Field(min_length=1, max_length=60)]


@command("partners.erase", ErasePartner)
def erase_partner(batch: Batch[ErasePartner]) -> None:
    """Erase names, phones and addresses (PIPL Art. 47, GDPR Art. 17); ledgers and the sealed log stay as they are."""
    found = set(Partner.objects.filter(code__in=[i.input.code for i in batch.open]).values_list("code", flat=True))
    for item in batch.open:
        with batch.attempt(item):
            if item.input.code not in found:
                raise UnknownPartner(partner=item.input.code)
            item.document, item.answer = item.input.code, {"code": item.input.code}
    batch.log()
    Partner.objects.filter(code__in=[item.input.code for item in batch.open]).update(
        name="", phone="", email="", address="", notes="", erased_at=batch.recorded_at
    )
