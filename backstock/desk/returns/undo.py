"""Take the last step of a kind back: which may be offered, and the page that asks once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.core.commands import Command
from backstock.core.permissions import UNDO_NEEDS, Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, nothing_to_do, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.returns.timeline import Timeline
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.queries import RefundFigures, settled_by
from backstock.returns.after.exchanges import last_replacement
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.commands.undo_replacement import UndoReplacement, undo_replacement
from backstock.returns.models import ReturnEvent
from backstock.returns.queries import events_of, loaded_return, standing_steps, timeline


def offered(
    rma_id: int, events: Sequence[ReturnEvent], refunds: RefundFigures, settled_by: int, actor: Actor
) -> list[tuple[str, str]]:
    """Offer the last step, and beside it the placing of goods, which can always be corrected: (what, words)."""
    standing = standing_steps(events)
    if settled_by and refunds.is_untouched:
        standing["settle"] = settled_by
    if left := last_replacement(rma_id):
        standing["ship_replacement"] = left
    last = max((max(standing.values(), default=0), settled_by))
    return [
        (what, words.word(words.STEPS, what))
        for what, log_id in standing.items()
        if (log_id == last or what == "dispose") and actor.may(UNDO_NEEDS[what])
    ]


def _standing(rma_id: int, what: str) -> int:
    """Return the log row of the step that would be taken back, 0 when there is none."""
    if what == "settle":
        return settled_by(rma_id)
    if what == "ship_replacement":
        return last_replacement(rma_id)
    return standing_steps(events_of(rma_id)).get(what, 0)


def _command(number: str, what: Any) -> tuple[Command[Any], Any]:
    if what == "settle":
        return undo_settlement, UndoSettlement(document=number)
    if what == "ship_replacement":
        return undo_replacement, UndoReplacement(document=number)
    return undo_step, UndoStep(document=number, what=what)


@page("returns.view")
def return_undo(request: HttpRequest, actor: Actor, number: str, what: str) -> HttpResponseBase:
    """Show what would be taken back, or take it back."""
    if what not in UNDO_NEEDS:
        raise Http404
    may_or_refuse(actor, UNDO_NEEDS[what])
    rma = loaded_return(number)
    form, context, status = Keyed(request.POST if request.method == "POST" else None), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            command, wanted = _command(rma.row.number, what)
            try:
                command(wanted, actor=actor, key=form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                taken = {"number": rma.row.number, "step": words.word(words.STEPS, what)}
                messages.success(request, _("%(number)s: %(step)s was taken back.") % taken)
                return redirect("return_page", rma.row.number)
    log_id = _standing(rma.row.pk, what)
    if not log_id and request.method != "POST":
        return nothing_to_do(request, rma.row.number, _("Take back %(step)s") % {"step": words.word(words.STEPS, what)})
    steps = [step for step in timeline(rma.row.number) if step.log_id == log_id]
    context |= {
        "rma": rma.row,
        "form": form,
        "what": words.word(words.STEPS, what),
        "happenings": Timeline(rma, events_of(rma.row.pk)).happenings(steps),
    }
    return render(request, "desk/returns/undo.html", context, status=status)
