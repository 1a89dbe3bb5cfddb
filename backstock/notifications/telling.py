"""Turn what the log holds into notes and letters: in order, from a watermark, so that no dying process loses or doubles any."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from backstock.core import clock, rows
from backstock.core.errors import UnknownDocument
from backstock.core.models import CommandLog
from backstock.core.numbers import document_id, row_id
from backstock.core.sealing import horizon
from backstock.notifications.addresses import reachable
from backstock.notifications.models import Audience, Letter, Note, NoteRole, Told
from backstock.notifications.ratings import forget
from backstock.notifications.topics import TOPICS, topic_of
from backstock.returns.models import Return

# What happened longer ago than this is history: an old database that is opened, or a demo, tells nobody.
TELLS: Final = timedelta(days=30)
WRITES: Final = timedelta(days=2)
CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of the log that somebody is told of."""

    row: CommandLog
    position: int
    topic: str


def tell_new() -> int:
    """Tell what was committed since the last time; return how many things that were."""
    newest = CommandLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    told = Told.objects.values_list("through_log_id", flat=True).first() or 0
    if newest <= told:
        return 0
    end, count = horizon(), 0
    while (step := _tell_some(end)) is not None:
        count += step
    return count


def _tell_some(end: int) -> int | None:
    """Tell one chunk and move the watermark with it, all or nothing; None when all was told."""
    with transaction.atomic():
        Told.objects.bulk_create([Told(id=1)], ignore_conflicts=True)
        state = Told.objects.select_for_update().get(id=1)
        since = CommandLog.objects.filter(pk__gt=state.through_log_id, pk__lte=end)
        found = list(since.filter(recorded_at__gte=clock.now() - TELLS).order_by("pk")[:CHUNK])
        if not found and state.through_log_id >= end:
            return None
        happened = [
            Happened(row, position, topic)
            for row in found
            for position, event in enumerate(row.events)
            if (topic := topic_of(event))
        ]
        _write_notes(happened)
        _write_letters(happened)
        through = found[-1].pk if len(found) == CHUNK else end
        # However long ago it was: who asked to be forgotten is.
        forget(since.filter(name="partners.erase", pk__lte=through).values_list("document", flat=True))
        state.through_log_id = through
        state.save(update_fields=["through_log_id"])
        return len(happened)


def audiences() -> dict[str, Sequence[str]]:
    """Return which roles are told of each topic."""
    own = dict(Audience.objects.values_list("topic", "roles"))
    return {key: own.get(key, topic.roles) for key, topic in TOPICS.items()}


def _write_notes(happened: Sequence[Happened]) -> None:
    roles = audiences() if happened else {}
    more = told_by_flows(each.row.document for each in happened)
    wanted = [each for each in happened if roles[each.topic] or more.get(each.row.document, {}).get(each.topic)]
    if not wanted:
        return
    fields = ("log_id", "position", "topic", "document", "actor_id", "recorded_at")
    values = [
        (each.row.pk, each.position, each.topic, each.row.document, each.row.actor_id or 0, each.row.recorded_at)
        for each in wanted
    ]
    ids = rows.insert_returning(Note, fields, values)
    rows.insert(
        NoteRole,
        ("note", "role"),
        [
            (pk, role)
            for each, pk in zip(wanted, ids, strict=True)
            for role in dict.fromkeys([*roles[each.topic], *more.get(each.row.document, {}).get(each.topic, ())])
        ],
    )


def told_by_flows(documents: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Return whom the flows of returns tell beside the company: {return: {topic: roles}}."""
    ids = {pk for document in documents if (pk := document_id("R", document)) is not None}
    flows = Return.objects.filter(pk__in=ids).values_list("pk", "flow") if ids else ()
    return {Return(pk=pk).number: flow["told"] for pk, flow in flows if flow.get("told")}


def _write_letters(happened: Sequence[Happened]) -> None:
    """Write down who is written to: customers whom we can reach and who want it, of what happened just now."""
    fresh = clock.now() - WRITES
    wanted = [each for each in happened if TOPICS[each.topic].letter and each.row.recorded_at >= fresh]
    customers = _customers(wanted)
    open_to = reachable(customers.values()) if customers else set[int]()
    found: list[tuple[Any, ...]] = [
        (
            each.row.pk, each.position, TOPICS[each.topic].letter, each.row.document, customers[each.row.document], "waiting",
            uuid.uuid4().hex, 0, each.row.recorded_at, "", each.row.recorded_at,
        )
        for each in wanted
        if customers.get(each.row.document) in open_to
    ]  # fmt: skip
    fields = (
        "log_id", "position", "kind", "document", "partner_id", "state", "message_key", "attempts", "due_at", "problem",
        "written_at",
    )  # fmt: skip
    rows.insert(Letter, fields, found)


def _customers(happened: Sequence[Happened]) -> dict[str, int]:
    """Return whose returns these are: {number: partner}."""
    numbers: dict[int, str] = {}
    for each in happened:
        try:
            numbers[row_id("R", each.row.document)] = each.row.document
        except UnknownDocument:
            continue
    found = Return.objects.filter(pk__in=numbers).values_list("pk", "customer_id") if numbers else ()
    return {numbers[pk]: customer for pk, customer in found}
