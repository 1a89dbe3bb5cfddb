"""Take back a move between accounts or a booking that was wrong: the opposite is posted, nothing is erased."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from django.db.models import Model
from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.numbers import document_id
from backstock.money.models import AccountMove, Booking, Transfer
from backstock.money.own_accounts import Tills, load_tills
from backstock.money.posting import Entry, post
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay

KINDS: dict[str, type[Model]] = {"AT": AccountMove, "EX": Booking}


@typed(frozen=True, kw_only=True, config=STRICT)
class TakeBack(Input):
    """The move (AT…) or booking (EX…) that was wrong."""

    document: Annotated[str, Field(min_length=1, max_length=40)]


@command("money.take_back", TakeBack)
def take_back(batch: Batch[TakeBack]) -> None:
    """Post the mirror of moves and bookings, today; a document is taken back once."""
    numbers = {item.input.document for item in batch.open}
    there = _lock(numbers)
    logs: dict[str, int] = {}
    done = set[str]()
    written = Transfer.objects.filter(document__in=numbers).order_by("log_id", "position")
    for document, log_id, mirrors in written.values_list("document", "log_id", "mirrors_log_id"):
        logs.setdefault(document, log_id)
        if mirrors:
            done.add(document)
    past = transfers_of_logs(logs.values())
    tills = load_tills(ids=[side for pays in past.values() for pay in pays for side in (pay.debit, pay.credit)])
    for item in batch.open:
        with batch.attempt(item):
            number = item.input.document
            if number not in there or number not in logs:
                raise UnknownDocument(document=number)
            if number in done:
                raise TransitionNotAllowed(document=number, current="taken back", wanted="taken back")
            log_id = logs[number]
            item.plan = [pay.mirror(log_id) for pay in past[log_id]]
            _count(batch, item.plan, tills)
            done.add(number)
            batch.journal.append(partial(done.discard, number))
            item.document, item.answer = number, {"document": number}
    batch.log()
    items: Sequence[Item[TakeBack]] = batch.open
    entries = [Entry(item.log_id, item.on, item.document, item.plan) for item in items]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)


def _lock(numbers: set[str]) -> set[str]:
    """Lock the named documents, so that each is taken back once; return those that exist."""
    there = set[str]()
    for prefix, model in KINDS.items():
        wanted = {pk: n for n in numbers if (pk := document_id(prefix, n)) is not None}
        found = model._default_manager.filter(pk__in=wanted).order_by("pk").select_for_update()
        there |= {wanted[pk] for pk in found.values_list("pk", flat=True)}
    return there


def _count(batch: Batch[TakeBack], pays: list[Pay], tills: Tills) -> None:
    """Money that has left the account since cannot be taken back out of it."""
    for pay in pays:
        for account, sign in ((pay.credit, 1), (pay.debit, -1)):
            if till := tills.by_id.get(account):
                tills.take(batch.journal, till, sign * pay.amount_cents, batch.digits)
