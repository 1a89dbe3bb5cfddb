"""The clocks of the law: what runs until when, since what, proven by what; search, filter, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from backstock.core import clock as time
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.law.wording import STARTS, STATES, WHATS, law_name, state_of
from backstock.desk.parts import Empty, Tone
from backstock.desk.tables import Column, Filter, Table
from backstock.policies.law import CUSTOMERS, PACKS
from backstock.returns.deciding.legal import NEAR
from backstock.returns.models import LegalClock, Return
from backstock.returns.queries import find_returns


@dataclass(frozen=True, slots=True)
class Row:
    """One clock as it stands today."""

    clock: LegalClock
    state: str
    today: date

    @property
    def number(self) -> str:
        return self.clock.rma.number

    @property
    def tone(self) -> Tone:
        """What the customer did not do in time is no fault of ours."""
        tone = words.tone(STATES, self.state)
        return "neutral" if self.clock.what in CUSTOMERS and tone == "bad" else tone

    @property
    def said(self) -> str:
        """Say the state, and how many days are left or too many."""
        word = words.word({key: word for key, (word, _tone) in STATES.items()}, self.state)
        days = abs((self.clock.due_on - (self.clock.done_on or self.today)).days)
        if self.state not in ("late", "near", "running", "done_late") or not days:
            return word
        return ngettext("%(state)s, %(count)s day", "%(state)s, %(count)s days", days) % {"state": word, "count": days}


def prepare(rows: Sequence[LegalClock]) -> list[Row]:
    today = time.today(company().timezone)
    return [Row(clock, state_of(clock, today, today + NEAR), today) for clock in rows]


def in_state(rows: QuerySet[LegalClock], state: str) -> QuerySet[LegalClock]:
    """Narrow clocks to one answer of `state_of`, or to all that are ours and still to be done."""
    today = time.today(company().timezone)
    running = rows.filter(is_open=True)
    ours = running.exclude(what__in=CUSTOMERS)
    done = rows.filter(done_on__isnull=False)
    wanted = {
        "ours": ours, "late": ours.filter(waits=False, due_on__lt=today),
        "near": ours.filter(waits=False, due_on__range=(today, today + NEAR)),
        "running": running.filter(waits=False, due_on__gt=today + NEAR), "waits": running.filter(waits=True),
        "in_time": done.filter(done_on__lte=F("due_on")), "done_late": done.filter(done_on__gt=F("due_on")),
        "dropped": rows.filter(is_open=False, done_on__isnull=True),
    }  # fmt: skip
    return wanted[state]


def find(rows: QuerySet[LegalClock], text: str) -> QuerySet[LegalClock]:
    """Find clocks by their return."""
    return rows.filter(rma_id__in=find_returns(Return.objects.all(), text).values("pk"))


def columns() -> tuple[Column[Row], ...]:
    return (
        Column(
            key="number", label=gettext_lazy("Return"), value=lambda row: row.number, sort="rma_id",
            link=lambda row: reverse("return_page", args=[row.number]),
        ),
        Column(key="what", label=gettext_lazy("What is to be done"), value=lambda row: words.word(WHATS, row.clock.what), sort="what"),
        Column(key="due", label=pgettext_lazy("clock", "Last day"), kind="day", value=lambda row: row.clock.due_on, sort="due_on"),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: row.said, tone=lambda row: row.tone,
        ),
        Column(key="done", label=gettext_lazy("Done on"), kind="day", value=lambda row: row.clock.done_on),
        Column(
            key="since", label=gettext_lazy("Counted from"),
            value=lambda row: f"{row.clock.since_on} {words.word(STARTS, row.clock.starts)}",
        ),
        Column(key="evidence", label=gettext_lazy("Proof"), value=lambda row: row.clock.evidence),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: row.clock.rma.customer.name or row.clock.rma.customer.code),
        Column(
            key="article", label=gettext_lazy("Article"),
            value=lambda row: row.clock.article if row.clock.is_verified else _("%(article)s (not checked)") % {"article": row.clock.article},
        ),
    )  # fmt: skip


def table(**more: Any) -> Table[Row]:
    """Return the list of clocks."""
    states = [("ours", gettext_lazy("Ours, still to be done")), *((key, word) for key, (word, _tone) in STATES.items())]
    return Table[Row](
        name="clocks", title=gettext_lazy("Deadlines of the law"), prepare=prepare, search=find, columns=columns(),
        search_hint=gettext_lazy("Number, sale, customer, phone, product, serial"),
        row_id=lambda row: f"{row.number}-{row.clock.rule}",         filters=(
            Filter(key="state", label=gettext_lazy("State"), choices=states, apply=in_state),
            Filter(
                key="what", label=gettext_lazy("What is to be done"), choices=[*WHATS.items()],
                apply=lambda rows, value: rows.filter(what=value),
            ),
            Filter(
                key="law", label=gettext_lazy("Law"), choices=[(code, law_name(code)) for code in PACKS],
                apply=lambda rows, value: rows.filter(law=value),
            ),
        ),
        empty=Empty(
            icon="clock", title=gettext_lazy("No deadlines of the law"),
            explanation=gettext_lazy(
                "As soon as a customer who has a right by law asks for a return, its deadlines stand here, each with the article that sets it."
            ),
        ),
        **more,
    )  # fmt: skip


@page("returns.view")
def clock_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the clocks of the law."""
    # What is still to be done first, the earliest of it on top.
    rows = LegalClock.objects.select_related("rma__customer").order_by("-is_open", "due_on", "pk")
    shown = table(rows=lambda: rows)
    return shown.respond(request, "desk/law/clocks.html", {"heading": _("Deadlines of the law")})
