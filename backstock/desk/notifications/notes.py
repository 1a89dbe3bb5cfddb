"""What happened, for whoever it concerns: the list of notes, the bell's count, and reading them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from backstock.core.errors import UnknownDocument
from backstock.core.models import User
from backstock.core.numbers import row_id
from backstock.core.permissions import Actor
from backstock.desk.access import page
from backstock.desk.parts import Empty
from backstock.desk.returns.steps import next_words
from backstock.desk.tables import Bulk, Column, Filter, Table
from backstock.notifications.models import Note
from backstock.notifications.reading import MOST, mark_all_read, mark_read, notes_of, unread, unread_count
from backstock.notifications.topics import TOPICS
from backstock.returns.models import Return
from backstock.returns.queries import legal_actions, with_lines


@dataclass(frozen=True, slots=True)
class Row:
    """One note with what its line reads."""

    note: Note
    who: str
    waits_for: str
    is_new: bool


def waiting(documents: Sequence[str]) -> Mapping[str, str]:
    """Say what returns wait for now: a fixed number of statements, however many there are."""
    ids: dict[int, str] = {}
    for document in documents:
        try:
            ids[row_id("R", document)] = document
        except UnknownDocument:
            continue
    returns = with_lines(list(Return.objects.filter(pk__in=ids))) if ids else []
    return {rma.row.number: next_words(legal_actions(rma), rma.row.type == "refund_only") for rma in returns}


def table_of(user: User) -> Table[Row]:
    """Describe the list of a reader's notes."""

    def prepare(notes: Sequence[Note]) -> list[Row]:
        new = set(unread(user).filter(pk__in=[note.pk for note in notes]).values_list("pk", flat=True))
        people = {each.pk: str(each) for each in User.objects.filter(pk__in={note.actor_id for note in notes})}
        waits = waiting([note.document for note in notes])
        return [
            Row(note, people.get(note.actor_id, _("the system")), waits.get(note.document, ""), note.pk in new)
            for note in notes
        ]

    topics = [(key, topic.title) for key, topic in TOPICS.items()]
    return replace(
        TABLE,
        rows=lambda: notes_of(user).order_by("-pk"),
        prepare=prepare,
        filters=(
            Filter(
                key="new", label=gettext_lazy("Show"), choices=[("1", gettext_lazy("Unread only"))],
                apply=lambda rows, value: unread(user).filter(pk__in=rows.values("pk")),
            ),
            Filter(
                key="topic", label=gettext_lazy("About"), choices=topics,
                apply=lambda rows, value: rows.filter(topic=value),
            ),
        ),
    )  # fmt: skip


TABLE = Table[Row](
    name="notes",
    path="/notes/",
    title=pgettext_lazy("telling", "Notes"),
    rows=Note.objects.none,
    row_id=lambda row: str(row.note.pk),
    columns=(
        Column(
            key="new", label=gettext_lazy("Read"), kind="badge", value=lambda row: _("New") if row.is_new else _("Read"),
            tone=lambda row: TOPICS[row.note.topic].tone if row.is_new else "neutral",
        ),
        Column(key="at", label=pgettext_lazy("telling", "When"), kind="moment", value=lambda row: row.note.recorded_at, sort="recorded_at"),
        Column(
            key="what", label=pgettext_lazy("telling", "What happened"), value=lambda row: str(TOPICS[row.note.topic].title),
            link=lambda row: reverse("note_open", args=[row.note.pk]),
        ),
        Column(key="document", label=gettext_lazy("Document"), value=lambda row: row.note.document, sort="document"),
        Column(key="next", label=gettext_lazy("What is next"), kind="label", value=lambda row: row.waits_for),
        Column(key="who", label=gettext_lazy("Who"), value=lambda row: row.who),
    ),
    search=lambda rows, text: rows.filter(document=text.upper()),
    search_hint=gettext_lazy("Number of a return"),
    bulk=Bulk(url="/notes/read/", actions=(("read", gettext_lazy("Mark as read"), "check"),)),
    empty=Empty(
        icon="inbox",
        title=gettext_lazy("Nothing to tell you yet"),
        explanation=gettext_lazy("When a step of a return concerns your role, it stands here, with what is next."),
    ),
)  # fmt: skip


@page("returns.view")
def note_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the notes of a reader."""
    table = table_of(cast(User, request.user))
    return table.respond(request, "desk/notifications/notes.html", {"heading": pgettext("telling", "Notes")})


@page("returns.view")
def note_open(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Lead to what a note is about, and remember that it was read."""
    user = cast(User, request.user)
    note = notes_of(user).filter(pk=pk).first()
    if note is None:
        raise Http404
    mark_read(user, [pk])
    return redirect("return_page", note.document)


@require_POST
@page("returns.view")
def note_read(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Mark the picked notes as read, or all."""
    user = cast(User, request.user)
    if request.POST.get("action") == "all":
        mark_all_read(user)
    else:
        mark_read(user, [int(each) for each in request.POST.getlist("row")[:1000] if each.isascii() and each.isdigit()])
    return redirect("note_list")


@page("returns.view")
def note_count(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Answer how many notes are unread; the bell asks again and again, and mostly nothing has changed."""
    count = unread_count(cast(User, request.user))
    text = "99+" if count >= MOST else f"{count}"
    label = _("Notes, %(count)s unread") % {"count": text}
    tag = f'"{hashlib.sha256(label.encode()).hexdigest()[:16]}"'
    answer: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponseNotModified()
    else:
        answer = JsonResponse({"count": count, "text": text, "label": label})
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
