"""On the page of a return: until when what is to be done, and who says so; of each step the first deadline binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company
from backstock.desk.figures import moment_text
from backstock.desk.flows.wording import REPAIR_STEPS, STEPS, due_text, due_tone
from backstock.desk.parts import Text, Tone
from backstock.desk.returns.section import Section
from backstock.policies.engine import Terms
from backstock.policies.law import rule_of
from backstock.returns.deciding.deadlines import Deadline, deadlines
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import events_of

SAID: dict[str, Text] = {
    "flow": gettext_lazy("the flow of this return"),
    "policy": gettext_lazy("agreed; then the authorisation lapses"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline as it is shown."""

    step: str
    until: str
    left: str
    tone: Tone
    source: str
    binds: bool


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Make the card; a return of which nothing is due by a day has none."""
    if rma.row.status not in ("requested", "approved"):
        return None
    # Read only where the law or an agreement counts days; the clocks of the flow are instants.
    lawful, now = any(line.terms.law for line in rma.lines), clock.now()
    events = events_of(rma.row.pk) if lawful else []
    zone = company().timezone if lawful or rma.row.lapses_on else "UTC"
    steps = REPAIR_STEPS if rma.row.type == "repair" else STEPS
    found = [_line(each, now, steps) for each in deadlines(rma, events, zone)]
    rights = [
        _right(line.terms, line.row.product.name or line.row.product.sku)
        for line in rma.lines
        if line.terms.legal_until
    ]
    if not found and not rights:
        return None
    return Section(template="desk/returns/deadlines.html", shown={"lines": found, "rights": rights})


def _right(terms: Terms, name: str) -> str:
    """Say which right the customer has over a line, so that nobody turns it down in vain."""
    rule = rule_of(terms)
    said = {"name": name, "until": terms.legal_until, "article": rule.article if rule else terms.law}
    return _("%(name)s: right to return by law, asked for in time (through %(until)s, %(article)s)") % said


def _line(due: Deadline, now: datetime, steps: Mapping[str, Text]) -> Line:
    customer = due.by == "law" and due.step == "receive"
    step = _("Customer sends the goods") if customer else words.word(steps, due.step)
    source = due.source or str(SAID[due.by])
    if due.waits:
        source = _("%(article)s; may wait until the goods, or a proof of dispatch, are here") % {"article": source}
    return Line(
        step, moment_text(due.until), due_text(due.until, now), due_tone(due.until, now), source, binds=due.binds
    )
