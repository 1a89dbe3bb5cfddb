"""Merge a duplicate into the partner it is: its documents and balances become the survivor's, its code keeps its meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from django.apps import apps
from django.db.models import Case, Model, Value, When
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.money.accounts import Role
from backstock.money.posting import Entry, post
from backstock.money.queries import balances_of_partners
from backstock.money.transfers import Pay
from backstock.partners.commands.revise import locked, standing
from backstock.partners.details import rewrite_words
from backstock.partners.errors import MergeIntoItself
from backstock.partners.models import Address, Contact, Partner

Code = Annotated[str, Field(min_length=1, max_length=60)]
# How documents and lots name a partner.
COLUMNS = ("partner_id", "customer_id", "supplier_id")
LEDGER = frozenset({"money.transfer", "money.partnerbalance"})
FILLED = ("name", "phone", "email", "address", "tax_number", "level", "name_key", "phone_key")


@typed(frozen=True, kw_only=True, config=STRICT)
class MergePartner(Input):
    """`code` is the duplicate, `into` the partner that stays."""

    code: Code
    into: Code


@dataclass(slots=True)
class Plan:
    """Who becomes whom, and what moves on which account in which currency."""

    duplicate: Partner
    survivor: Partner
    transfers: list[Pay] = field(default_factory=list)


@command("partners.merge", MergePartner)
def merge_partner(batch: Batch[MergePartner]) -> None:
    """Merge duplicates: documents are found under the survivor, balances move by transfers, nothing is lost."""
    partners = locked(code for item in batch.open for code in (item.input.code, item.input.into))
    balances = balances_of_partners(partner.pk for partner in partners.values())
    gone: set[str] = set()
    for item in batch.open:
        with batch.attempt(item):
            said = item.input
            duplicate, survivor = standing(partners, said.code), standing(partners, said.into)
            if duplicate is survivor:
                raise MergeIntoItself(partner=said.code)
            # In one batch every partner is either merged once or merged into.
            for code, others in ((said.code, gone | {i.input.into for i in batch.open}), (said.into, gone)):
                if code in others:
                    raise TransitionNotAllowed(document=code, current="merged", wanted="merged")
            gone.add(said.code)
            batch.journal.append(lambda code=said.code: gone.discard(code))  # type: ignore[misc]
            item.plan = Plan(duplicate, survivor, _transfers(duplicate, survivor, balances.get(duplicate.pk, [])))
            item.document = f"U{duplicate.pk:06d}"
            item.answer = {"code": said.into}
    batch.log()
    _write(batch)


def _transfers(duplicate: Partner, survivor: Partner, balances: list[tuple[Role, str, int, int]]) -> list[Pay]:
    """Take a balance off the duplicate and give it to the survivor, through opening balances, which end as they were."""
    made = []
    for role, currency, base, foreign in balances:
        # Worth nothing any more in our money, but not in theirs: such a row must not be negative.
        side = -1 if base < 0 or (base == 0 and foreign < 0) else 1
        cents, original = base * side, foreign * side
        debit, credit = (Role.opening_balances, role) if side == 1 else (role, Role.opening_balances)
        out = Pay(
            amount_cents=cents, debit=debit, credit=credit, partner_id=duplicate.pk,
            original_cents=original, currency=currency,
        )  # fmt: skip
        into = Pay(
            amount_cents=cents, debit=credit, credit=debit, partner_id=survivor.pk,
            original_cents=original, currency=currency,
        )  # fmt: skip
        made += [out, into]
    return made


def _write(batch: Batch[MergePartner]) -> None:
    plans: list[Plan] = [item.plan for item in batch.open]
    if not plans:
        return
    into = {plan.duplicate.pk: plan.survivor.pk for plan in plans}
    entries = [Entry(item.log_id, item.on, item.document, item.plan.transfers) for item in batch.open]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    for model, column in naming_partners():
        _lead_over(model, column, into)
    for plan in plans:
        _join(plan, batch)
    Partner.objects.bulk_update(
        {partner.pk: partner for plan in plans for partner in (plan.duplicate, plan.survivor)}.values(),
        [*FILLED, "is_customer", "is_supplier", "credit_limit_cents", "notes", "merged_into", "archived_at"],
    )
    rewrite_words({*into, *into.values()})


def naming_partners() -> list[tuple[type[Model], str]]:
    """Return every table of documents that names a partner, whichever apps there are; the ledger keeps who it was."""
    found: list[tuple[type[Model], str]] = [
        (Contact, "partner_id"),
        (Address, "partner_id"),
        (Partner, "merged_into_id"),
    ]
    for model in apps.get_models():
        if model._meta.label_lower not in LEDGER and model not in (Contact, Address):
            names = {each.column for each in model._meta.concrete_fields}
            found += [(model, column) for column in COLUMNS if column in names]
    return found


def _lead_over(model: type[Model], column: str, into: dict[int, int]) -> None:
    manager: Any = model._default_manager
    new = Case(*[When(**{column: old}, then=Value(pk)) for old, pk in into.items()])
    manager.filter(**{f"{column}__in": into}).update(**{column: new})


def _join(plan: Plan, batch: Batch[MergePartner]) -> None:
    """Give the survivor what only the duplicate knew."""
    old, new = plan.duplicate, plan.survivor
    for name in FILLED:
        if not getattr(new, name):
            setattr(new, name, getattr(old, name))
    new.is_customer |= old.is_customer
    new.is_supplier |= old.is_supplier
    if new.credit_limit_cents is None:
        new.credit_limit_cents = old.credit_limit_cents
    new.notes = "\n".join(filter(None, [new.notes, old.notes]))
    old.merged_into, old.archived_at = new, old.archived_at or batch.recorded_at
