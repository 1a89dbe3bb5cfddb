"""What waits for whoever looks: every step this reader may take, what is late first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.flows.wording import STEPS
from backstock.desk.parts import Empty
from backstock.desk.returns import listing
from backstock.desk.returns.due import until_column
from backstock.desk.tables import Column, Table
from backstock.returns.deciding.clocks import NOBODY, counts, late_count, queue, steps_of


@dataclass(frozen=True, slots=True)
class Tab:
    """One step with how much waits in it."""

    href: str
    label: str
    count: int
    late: int
    here: bool


def table(actor: Actor, steps: Sequence[str], kept: Sequence[tuple[str, str]]) -> Table[listing.Row]:
    """Return the list of what waits in some steps."""

    columns = {column.key: column for column in listing.TABLE.columns}
    return Table[listing.Row](
        name="queue",
        title=gettext_lazy("Waits for me"),
        rows=lambda: queue(actor.user_id or NOBODY, steps),
        prepare=listing.prepare,
        search=listing.TABLE.search,
        search_hint=listing.TABLE.search_hint,
        row_id=lambda row: row.head.number,
        columns=(
            # Already read with the clocks of these steps; those of others are none of this reader's.
            columns["number"], replace(until_column(), written=None),
            Column(key="next", label=gettext_lazy("What is to be done"), kind="label", value=listing.waits_for),
            columns["customer"], columns["items"], columns["reason"], columns["worth"], columns["type"], columns["requested"],
        ),
        kept=kept,
        default_sort="",
        empty=Empty(
            icon="circle-check",
            title=gettext_lazy("Nothing waits for you"),
            explanation=gettext_lazy("As soon as a return needs a step that you may take, it stands here, what is late first."),
        ),
    )  # fmt: skip


@page("returns.view")
def return_queue(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what waits for this reader."""
    mine = steps_of(actor)
    chosen = request.GET.get("step", "")
    chosen = chosen if chosen in mine else ""
    shown = table(actor, [chosen] if chosen else mine, [("step", chosen)] if chosen else [])
    found = counts(actor, clock.now())
    here = reverse("return_queue")
    tabs = [
        Tab(f"{here}?step={step}", words.word(STEPS, step), each.count, each.late, step == chosen)
        for step, each in found.items()
    ]
    context: dict[str, Any] = {"heading": _("Waits for me"), "tabs": tabs, "all": here, "chosen": chosen}
    return shown.respond(request, "desk/returns/queue.html", {**context, "key": uuid.uuid4().hex})


@page("returns.view")
def late_returns(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Count what is late for this reader; the menu asks for it after the page is there."""
    count = late_count(actor, clock.now())
    label = ngettext("Waits for me, %(count)s late", "Waits for me, %(count)s late", count) % {"count": count}
    return JsonResponse({"count": count, "text": str(min(count, 99)), "label": label if count else _("Waits for me")})
