"""Write-offs: what waits for a decision, and a new one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import AmountField, Keyed, TextLine
from backstock.desk.figures import money_text
from backstock.desk.owing.accounts import shown
from backstock.desk.owing.asking import data_of, href, partner_name
from backstock.desk.parts import Empty, Text, Tone
from backstock.desk.tables import Column, Filter, Table
from backstock.owing.commands.write_off import AskWriteOff, ask_write_off
from backstock.owing.items import load_items
from backstock.owing.models import WriteOff
from backstock.owing.queries import write_offs

STATES: dict[str, tuple[Text, Tone]] = {
    "asked": (gettext_lazy("Waits for approval"), "warning"),
    "approved": (gettext_lazy("Approved"), "good"),
    "rejected": (gettext_lazy("Turned down"), "bad"),
}

TABLE = Table[WriteOff](
    name="write-offs",
    title=gettext_lazy("Write-offs"),
    rows=write_offs,
    row_id=lambda row: row.number,
    filters=(
        Filter(
            key="status", label=gettext_lazy("State"), choices=[(name, words[0]) for name, words in STATES.items()],
            apply=lambda rows, value: rows.filter(status=value),
        ),
    ),
    columns=(
        Column(key="number", label=gettext_lazy("Number"), value=lambda row: row.number, sort="pk", link=lambda row: href(row.number)),
        Column(
            key="status", label=gettext_lazy("State"), kind="badge", value=lambda row: str(STATES[row.status][0]),
            tone=lambda row: STATES[row.status][1],
        ),
        Column(key="partner", label=gettext_lazy("Partner"), value=lambda row: partner_name(row.partner)),
        Column(key="target", label=gettext_lazy("Document"), value=lambda row: row.target, link=lambda row: href(row.target)),
        Column(
            key="amount", label=gettext_lazy("Amount"), kind="money", value=lambda row: row.amount_cents, sort="amount_cents",
            currency=lambda row: (row.currency, row.currency_digits),
        ),
        Column(key="asked", label=gettext_lazy("Asked on"), kind="day", value=lambda row: row.asked_on, sort="asked_on"),
    ),
    default_sort="-number",
    empty=Empty(
        icon="scale", title=gettext_lazy("Nothing was written off"),
        explanation=gettext_lazy("What will not be paid is given up from the page of its document; a second person decides."),
    ),
)  # fmt: skip


@page("owing.view")
def listing(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the write-offs, with what waits for a decision."""
    return TABLE.respond(request, "desk/list.html", {"heading": _("Write-offs")})


class WriteOffForm(Keyed):
    """What to give up of a document."""

    amount = AmountField(label=gettext_lazy("Amount"), help_text=gettext_lazy("Empty: all that is open."))
    reason = TextLine(label=gettext_lazy("Reason"), most=200, required=True)


@page("owing.view")
def new(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Ask that an open document be given up."""
    may_or_refuse(actor, "owing.write_off")
    item = load_items(company(), None, (), [number], lock=False).find(number)

    def run(data: dict[str, Any]) -> Done:
        wanted = AskWriteOff(document=item.number, amount_cents=data["amount"] or None, reason=data["reason"])
        return ask_write_off(wanted, actor=actor, key=data["key"])

    open_text = money_text(item.open_cents, item.currency, item.digits)
    heading = _("Write off %(number)s (open %(open)s)") % {"number": item.number, "open": open_text}
    form = WriteOffForm(data_of(request))
    return shown(request, form, heading, run, lambda done: reverse("money_document", args=[done.document]))
