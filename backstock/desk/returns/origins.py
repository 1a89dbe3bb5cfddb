"""On the page of a return: which request it came out of, which went on in it, and until when its goods may come."""

from __future__ import annotations

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk.access import company
from backstock.desk.returns.section import Section
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import Return
from backstock.returns.queries import links_of

WARN_DAYS = 3


def origins(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Link a return to those that it was split from or merged with."""
    found = links_of(rma.row.pk)
    links = [
        {
            "kind": each.kind,
            "is_source": each.source_id == rma.row.pk,
            "number": Return(pk=each.target_id if each.source_id == rma.row.pk else each.source_id).number,
        }
        for each in found
    ]
    return Section(template="desk/returns/origins.html", shown={"links": links}) if links else None


def lapsing(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Warn before an authorisation lapses, and say when it has."""
    day, row = rma.row.lapses_on, rma.row
    if day is None or row.status != "approved" or row.type == "refund_only":
        return None
    waiting = any(piece.to_receive_e4 for piece in rma.pieces)
    # What lapsed has nothing to receive, though some of it never came.
    lapsed = any(piece.requested_e4 > piece.authorized_e4 for piece in rma.pieces) and not waiting
    left = (day - clock.today(company().timezone)).days
    if (waiting and left > WARN_DAYS) or (not waiting and not (lapsed and left < 0)):
        return None
    may = waiting and actor.may("returns.prolong")
    shown = {"number": row.number, "day": day, "left": left, "waiting": waiting, "may": may}
    return Section(template="desk/returns/lapsing.html", shown=shown)
