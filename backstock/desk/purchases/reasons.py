"""What suppliers call the reasons for which goods come back: for all of them, and for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.commands import Done
from backstock.core.errors import UnknownPartner
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import page
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.purchases.documents import named
from backstock.desk.purchases.entry import GivenLine, GivenLines, Page, answer
from backstock.desk.returns.request_forms import policy_reasons
from backstock.partners.queries import partner_ids, partners_by_id
from backstock.returns.after.claim_reasons import ANYBODY, called_by, reasons_of, suppliers_with_words
from backstock.returns.after.claims import claims_still_open, pieces_at_vendors
from backstock.returns.commands.map_reasons import MappedReason, MapReasons, map_reasons

MOST = 12


class ReasonHead(Keyed):
    """A reason that is not in the list yet."""

    other = TextLine(label=gettext_lazy("Another reason of ours"), most=60)
    other_theirs = TextLine(label=gettext_lazy("Their word for it"), most=60)

    def clean(self) -> None:
        said = self.cleaned_data
        if bool(said.get("other")) != bool(said.get("other_theirs")):
            self.add_error("other_theirs", _("Both, please: our reason and their word."))


class ReasonLine(GivenLine):
    """Their word for one of our reasons."""

    which = forms.CharField(widget=forms.HiddenInput, max_length=60)
    theirs = TextLine(label=gettext_lazy("Their word for it"), most=60)


def known_reasons(mapped: Iterable[str]) -> dict[str, str]:
    """Return our reasons with what people call them: of the policy, of goods that are at a supplier, and mapped ones."""
    found = dict(policy_reasons())
    seen = [*reasons_of(pieces_at_vendors()).values(), *mapped]
    called = words.reason_words()
    return found | {reason: words.word(called, reason) for reason in seen if reason and reason not in found}


def _dress(title: str, note: str, default: str) -> Callable[[Any], None]:
    def dress(form: Any) -> None:
        form.title, form.note = title, note
        form.fields["theirs"].widget.attrs["placeholder"] = default

    return dress


def _others(code: str) -> list[tuple[str, str]]:
    """Lead to the suppliers who have words of their own or a claim against them, and to what holds for all."""
    here = reverse("claim_reasons")
    found = partners_by_id(suppliers_with_words() | {claim.supplier_id for claim in claims_still_open()})
    links = [(f"{here}?supplier={each.code}", named(each)) for each in found.values() if each.code != code]
    return [*([(here, _("every supplier"))] if code else []), *sorted(links, key=lambda link: link[1])[:MOST]]


@page("returns.map_reasons")
def claim_reasons(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Say what every supplier, or one, calls our reasons; an open claim shows it at once."""
    code = request.GET.get("supplier", "").strip()[:60]
    supplier_id = partner_ids([code]).get(code, -1) if code else ANYBODY
    if supplier_id < 0:
        raise UnknownPartner(partner=code)
    data = request.POST if request.method == "POST" else None
    called = called_by([supplier_id])
    own = {reason: theirs for (who, reason), theirs in called.words.items() if who == supplier_id}
    default = {reason: theirs for (who, reason), theirs in called.words.items() if who == ANYBODY}
    known = [
        (
            {"which": reason, "theirs": own.get(reason, "")},
            _dress(title, "" if title == reason else reason, default.get(reason, "") if code else ""),
        )
        for reason, title in known_reasons(r for _, r in called.words).items()
    ]
    head, given = ReasonHead(data), GivenLines(ReasonLine, data, known)

    def run() -> Done:
        said = [(line.cleaned_data["which"], line.cleaned_data["theirs"]) for line in given.forms]
        said.append((head.cleaned_data["other"], head.cleaned_data["other_theirs"]))
        reasons = tuple(MappedReason(reason=ours, theirs=theirs) for ours, theirs in said if ours and theirs)
        wanted = MapReasons(supplier=code or None, reasons=reasons)
        return map_reasons(wanted, actor=actor, key=head.cleaned_data["key"])

    who = named(partners_by_id([supplier_id])[supplier_id]) if code else _("every supplier")
    told = Page(
        heading=_("Reasons as %(supplier)s calls them") % {"supplier": who}, submit=_("Save"),
        lead=_("Claims and their lists say it in these words. Empty: the word for every supplier, else our own."),
        back=reverse("claim_list"), links=_others(code),
    )  # fmt: skip
    return answer(
        request, told, head, given, run, lambda done: (reverse("claim_list"), f"{told.heading}: {_('saved.')}")
    )  # fmt: skip
