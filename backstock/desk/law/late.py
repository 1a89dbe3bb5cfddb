"""What of the law's deadlines was met and missed in a period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backstock.core import clock as time
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.law import clocks
from backstock.desk.law.wording import WHATS, law_name
from backstock.desk.reports.asking import Choice, asked
from backstock.policies.law import CUSTOMERS, PACKS
from backstock.returns.models import LegalClock


@dataclass(frozen=True, slots=True)
class Figure:
    """What became of one kind of deadline in the period."""

    what: str
    law: str
    due: int
    in_time: int
    late: int
    share: str


def due_between(first: date, last: date, law: str = "") -> QuerySet[LegalClock]:
    """Return the company's own deadlines whose last day lies in a period and is over, or was met."""
    today = time.today(company().timezone)
    found = LegalClock.objects.filter(due_on__range=(first, last), waits=False).exclude(what__in=CUSTOMERS)
    found = found.filter(Q(done_on__isnull=False) | Q(is_open=True, due_on__lt=today))
    return found.filter(law=law) if law else found


def missed(rows: QuerySet[LegalClock]) -> QuerySet[LegalClock]:
    """Narrow to those that were missed: done after the last day, or not at all."""
    return rows.filter(Q(done_on__gt=F("due_on")) | Q(is_open=True))


def figures(rows: QuerySet[LegalClock]) -> list[Figure]:
    """Count by law and deadline."""
    counted = rows.values("law", "what").annotate(
        due=Count("pk"), late=Count("pk", filter=Q(done_on__gt=F("due_on")) | Q(is_open=True))
    )
    return [
        Figure(
            words.word(WHATS, each["what"]), law_name(each["law"]), each["due"], each["due"] - each["late"], each["late"],
            f"{(each['due'] - each['late']) * 1000 // each['due'] / 10:.1f} %",
        )
        for each in counted.order_by("law", "what")
    ]  # fmt: skip


@page("returns.view")
def report_clocks(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what was late."""
    laws = Choice("law", _("Law"), [("", _("All")), *((code, law_name(code)) for code in PACKS)])
    want = asked(request, (laws,))
    rows = due_between(want.first, want.last, want.chosen["law"])
    late = missed(rows)
    rows_late = late.select_related("rma__customer").order_by("due_on", "pk")
    table = clocks.table(rows=lambda: rows_late, path=request.path, kept=want.kept)
    # The period and the law are chosen above, for the figures too.
    table = replace(table, filters=[each for each in table.filters if each.key == "what"])
    found = figures(rows)
    count = sum(each.late for each in found)
    context = {
        "heading": _("Missed deadlines of the law"), "asked": want, "figures": found,
        "told": ngettext("%(count)s deadline was missed", "%(count)s deadlines were missed", count) % {"count": count},
        "list_href": reverse("clock_list"),
        "explained": _(
            "The company's own deadlines whose last day lies in the period and is over: met on time, met later, or still "
            "open. Money that may wait for the goods does not count. Each stands below with its article and proof."
        ),
    }  # fmt: skip
    return table.respond(request, "desk/law/late.html", context)
