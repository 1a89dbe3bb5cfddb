"""The outbox: every letter to a customer, how it stands, and sending it again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from backstock.core.commands import Refused
from backstock.core.permissions import Actor
from backstock.desk.access import may_or_refuse, page, tell
from backstock.desk.figures import moment_text
from backstock.desk.parts import Empty, Text, Tone
from backstock.desk.returns.section import Section
from backstock.desk.tables import Bulk, Column, Filter, Table
from backstock.notifications.addresses import preference_of
from backstock.notifications.commands.prefer import PreferLetters, prefer_letters
from backstock.notifications.commands.resend import ResendLetter, resend_letter
from backstock.notifications.models import Letter
from backstock.notifications.outbox import is_set_up
from backstock.notifications.texts import KINDS
from backstock.notifications.writing import written
from backstock.partners.models import Partner
from backstock.partners.queries import partners_by_id
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return

STATES: dict[str, tuple[Text, Tone]] = {
    "waiting": (gettext_lazy("Waiting"), "warning"),
    "sent": (pgettext_lazy("letter", "Sent"), "good"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "expired": (gettext_lazy("Too late, not sent"), "neutral"),
    "unwanted": (gettext_lazy("No address any more"), "neutral"),
}
LANGUAGES = (("zh", "中文"), ("en", "English"))


@dataclass(frozen=True, slots=True)
class Row:
    """One letter with its customer."""

    letter: Letter
    customer: Partner | None


def prepare(letters: Sequence[Letter]) -> list[Row]:
    """Read the customers of a page of letters at once."""
    customers = partners_by_id(letter.partner_id for letter in letters)
    return [Row(letter, customers.get(letter.partner_id)) for letter in letters]


TABLE = Table[Row](
    name="letters",
    path="/letters/",
    title=gettext_lazy("Letters to customers"),
    rows=lambda: Letter.objects.order_by("-pk"),
    prepare=prepare,
    search=lambda rows, text: rows.filter(document=text.upper()),
    search_hint=gettext_lazy("Number of a return"),
    row_id=lambda row: str(row.letter.pk),
    columns=(
        Column(
            key="letter", label=gettext_lazy("Letter"), value=lambda row: str(KINDS.get(row.letter.kind, row.letter.kind)),
            link=lambda row: reverse("letter_page", args=[row.letter.pk]),
        ),
        Column(
            key="state", label=gettext_lazy("State"), kind="badge", sort="state",
            value=lambda row: str(STATES[row.letter.state][0]), tone=lambda row: STATES[row.letter.state][1],
        ),
        Column(
            key="document", label=gettext_lazy("Return"), value=lambda row: row.letter.document, sort="document",
            link=lambda row: reverse("return_page", args=[row.letter.document]),
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: str(row.customer or "")),
        Column(key="written", label=gettext_lazy("Written"), kind="moment", value=lambda row: row.letter.written_at, sort="written_at"),
        Column(key="sent", label=pgettext_lazy("letter", "Sent"), kind="moment", value=lambda row: row.letter.sent_at, sort="sent_at"),
        Column(key="attempts", label=gettext_lazy("Attempts"), kind="number", value=lambda row: row.letter.attempts, sort="attempts"),
        Column(key="problem", label=gettext_lazy("Problem"), value=lambda row: row.letter.problem),
    ),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"), choices=[(key, label) for key, (label, _tone) in STATES.items()],
            apply=lambda rows, value: rows.filter(state=value),
        ),
        Filter(
            key="kind", label=gettext_lazy("Letter"), choices=[*KINDS.items()],
            apply=lambda rows, value: rows.filter(kind=value),
        ),
    ),
    bulk=Bulk(url="/letters/again/", actions=(("again", gettext_lazy("Send again"), "refresh"),)),
    default_sort="",
    empty=Empty(
        icon="mail",
        title=gettext_lazy("No letters yet"),
        explanation=gettext_lazy("Customers with an e-mail address are written to when a step of their return is done."),
    ),
)  # fmt: skip


@page("notifications.resend")
def letter_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the outbox."""
    context = {"heading": _("Letters to customers"), "key": uuid.uuid4().hex, "is_set_up": is_set_up()}
    return TABLE.respond(request, "desk/notifications/letters.html", context)


@page("notifications.resend")
def letter_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Show a letter in the words in which it leaves, or left."""
    letter = Letter.objects.filter(pk=pk).first()
    if letter is None:
        raise Http404
    context = {
        "heading": KINDS.get(letter.kind, letter.kind), "letter": letter, "said": written(letter),
        "state": STATES[letter.state], "key": uuid.uuid4().hex, "is_waiting": letter.state == "waiting",
    }  # fmt: skip
    return render(request, "desk/notifications/letter.html", context)


@require_POST
@page("notifications.resend")
def letter_again(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Send the picked letters again, and say which could not be."""
    ids = list(
        dict.fromkeys(int(each) for each in request.POST.getlist("row")[:200] if each.isascii() and each.isdigit())
    )
    key = request.POST.get("key", "")[:100] or uuid.uuid4().hex
    done = resend_letter.batch(
        [ResendLetter(letter=pk) for pk in ids if 0 < pk < 2**62], actor=actor, mode="each",
        keys=[f"{key}:{pk}" for pk in ids if 0 < pk < 2**62],
    )  # fmt: skip
    refused = [tell(each.error).sentence for each in done if isinstance(each, Refused)]
    for sentence in refused:
        messages.warning(request, str(sentence))
    if count := len(done) - len(refused):
        messages.success(request, _("%(count)s waiting to be sent again") % {"count": count})
    return redirect("letter_list")


@require_POST
@page("returns.view")
def letter_language(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Remember in which language the customer of a return is written to."""
    may_or_refuse(actor, "notifications.prefer")
    rma = loaded_return(number)
    language: Any = request.POST.get("language", "")
    wish = PreferLetters(
        customer=rma.row.customer.code, language=language, wants_mail=request.POST.get("wants_mail") == "1"
    )
    prefer_letters(wish, actor=actor)
    messages.success(request, _("Saved: letters to this customer follow it from now on."))
    return redirect("return_page", number)


def letters_section(rma: LoadedReturn, actor: Actor) -> Section:
    """Show what the customer of a return was written, and in which language."""
    letters = Letter.objects.filter(document=rma.row.number).order_by("pk")
    shown = [
        (
            str(KINDS.get(each.kind, each.kind)),
            *STATES[each.state],
            moment_text(each.sent_at or each.written_at),
            each.pk,
        )
        for each in letters
    ]
    told: dict[str, Any] = {"letters": shown, "may_open": actor.may("notifications.resend")}
    # Asked only where somebody is written to: the page of a return has many sections.
    if actor.may("notifications.prefer") and (shown or rma.row.customer.email):
        wish = preference_of(rma.row.customer_id)
        languages = [(key, name, key == wish.language) for key, name in LANGUAGES]
        told |= {"may_prefer": True, "languages": languages, "wants_mail": wish.wants_mail, "number": rma.row.number}
    return Section(template="desk/notifications/section.html", shown=told)
