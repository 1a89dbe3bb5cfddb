"""Which flows there are, and for which returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.flows.wording import flow_name, sentences, when_text
from backstock.desk.parts import Action, Empty, Tone
from backstock.desk.tables import Column, Table
from backstock.flows.engine import Flow, rank
from backstock.flows.queries import flows_on


@dataclass(frozen=True, slots=True)
class Row:
    """One flow of the list."""

    code: str
    name: str
    when: str
    asks: str
    state: str
    tone: Tone


def row_of(flow: Flow, currency: tuple[str, int], reasons: dict[str, str]) -> Row:
    """Say one flow in a row."""
    said = [str(each.title) for each in sentences(flow.terms, currency)]
    retired = bool(flow.terms.get("retired"))
    state = _("Retired") if retired else _("Own version") if flow.version_id else _("As shipped")
    tone: Tone = "neutral" if retired or not flow.version_id else "info"
    return Row(
        flow.code, flow_name(flow.code, flow.terms), when_text(flow.when, currency, reasons), words.listed(said), state, tone
    )  # fmt: skip


@page("flows.publish")
def flow_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the flows, the most specific first: so they are tried."""
    own = company()
    currency, reasons = (own.currency, own.currency_digits), words.reason_words()
    flows = sorted(
        flows_on(clock.today(own.timezone)), key=lambda flow: (*(-each for each in rank(flow.when)), flow.code)
    )
    rows = [row_of(flow, currency, reasons) for flow in flows]
    table = Table[Row](
        name="flows", title=gettext_lazy("Flows of returns"), rows=lambda: rows, row_id=lambda row: row.code,
        columns=(
            Column(
                key="name", label=gettext_lazy("Flow"), value=lambda row: row.name,
                link=lambda row: reverse("flow_page", args=[row.code]),
            ),
            Column(key="when", label=gettext_lazy("For"), value=lambda row: row.when),
            Column(key="asks", label=gettext_lazy("What it asks"), value=lambda row: row.asks),
            Column(key="state", label=gettext_lazy("State"), kind="badge", value=lambda row: row.state, tone=lambda row: row.tone),
        ),
        actions=(Action(label=gettext_lazy("New flow"), href=reverse("flow_new"), icon="plus"),),
        empty=Empty(title=gettext_lazy("No flows"), explanation=gettext_lazy("The product ships with one for each type.")),
    )  # fmt: skip
    context: dict[str, Any] = {"heading": _("Flows of returns")}
    return table.respond(request, "desk/flows/list.html", context)
