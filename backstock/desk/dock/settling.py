"""What is done with goods without an owner: matched to a return, placed, taken back, erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.catalog.queries import lot_codes
from backstock.core.permissions import Actor
from backstock.core.together import as_one
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.dock.goods import TO
from backstock.desk.dock.unclaimed import loaded
from backstock.desk.fields import AmountField, Keyed, QuantityField, TextLine, chosen
from backstock.desk.figures import quantity_text
from backstock.evidence.commands.erase import EraseEvidence, erase_evidence
from backstock.evidence.queries import evidence_of
from backstock.returns.commands.match_unclaimed import MatchLine, MatchUnclaimed, match_unclaimed
from backstock.returns.commands.place_unclaimed import (
    PlaceLine,
    PlaceUnclaimed,
    UndoUnclaimed,
    place_unclaimed,
    undo_unclaimed,
)
from backstock.returns.commands.set_dock_rules import EraseUnclaimed, erase_unclaimed
from backstock.returns.dock.scanning import expected_e4
from backstock.returns.dock.unclaimed import LoadedUnclaimed
from backstock.returns.models import UnclaimedLine
from backstock.returns.queries import loaded_return


class WaitingGoods(forms.Form):
    """Goods of one line that are still here."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    quantity = QuantityField(label=gettext_lazy("Quantity"))
    goods: UnclaimedLine | None = None
    code, hint = "", ""


class MatchGoods(WaitingGoods):
    """How many are the return's, how they are, and the codes that nobody could read before."""

    found = forms.ChoiceField(
        label=gettext_lazy("How it is"),
        choices=[("received", gettext_lazy("In good order")), ("damaged", gettext_lazy("Damaged"))],
    )
    serials = TextLine(label=gettext_lazy("Serial numbers"), most=6000)


class PlaceGoods(WaitingGoods):
    """Where they go."""

    to = forms.ChoiceField(
        label=gettext_lazy("Where to"), required=False, choices=chosen([*TO.items()], gettext_lazy("Choose…"))
    )
    cost = AmountField(
        label=gettext_lazy("Cost of one"), digits=6, help_text=gettext_lazy("Only for goods that are kept.")
    )

    def clean(self) -> None:
        if self.cleaned_data.get("quantity") and not self.cleaned_data.get("to"):
            self.add_error("to", gettext_lazy("Say where they go."))


def lines_of(
    form: type[WaitingGoods], parcel: LoadedUnclaimed, data: Any, most: Callable[[UnclaimedLine], int]
) -> BaseFormSet[Any]:
    """Make a form for every line of which something is here."""
    here = {line.position: line for line in parcel.lines if line.here_e4}
    codes = lot_codes(line.lot_id for line in here.values())
    start = [
        {"line": position, "quantity": max(0, min(line.here_e4, most(line))) or None} for position, line in here.items()
    ]
    made: BaseFormSet[Any] = formset_factory(form, extra=0)(data, initial=start, prefix="lines")
    for each in made:
        line = here.get(int(each["line"].value() or 0)) if str(each["line"].value() or "").isdigit() else None
        if line is not None:
            each.goods, each.code = line, codes.get(line.lot_id, line.seen_code)
            each.hint = _("Here: %(quantity)s") % {"quantity": quantity_text(line.here_e4, line.product.unit)}
            if isinstance(each, MatchGoods) and (line.product.tracking != "serial" or line.lot_id):
                del each.fields["serials"]
    return made


class Settling:
    """One form over goods without an owner."""

    def __init__(
        self,
        request: HttpRequest,
        actor: Actor,
        parcel: LoadedUnclaimed,
        form: type[WaitingGoods],
        most: Callable[[UnclaimedLine], int],
    ) -> None:
        self.request, self.actor, self.parcel = request, actor, parcel
        data = request.POST if request.method == "POST" else None
        self.head, self.lines = Keyed(data), lines_of(form, parcel, data, most)

    def answer(self, run: Callable[[str, Sequence[dict[str, Any]]], str], said: str, **shown: Any) -> HttpResponseBase:
        """Show the form, or run its command and lead to the parcel."""
        context, status = dict[str, Any](), 200
        if self.request.method == "POST":
            status = 422
            if self.head.is_valid() & self.lines.is_valid():
                filled = [form.cleaned_data for form in self.lines if form.cleaned_data.get("quantity")]
                try:
                    run(self.head.cleaned_data["key"], filled)
                except REFUSALS as error:
                    context["refusal"], status = tell(error), status_of(error)
                else:
                    messages.success(self.request, f"{self.parcel.row.number}: {said}")
                    return redirect("unclaimed_page", self.parcel.row.number)
        back = reverse("unclaimed_page", args=[self.parcel.row.number])
        context |= {"head": self.head, "lines": self.lines, "row": self.parcel.row, "back": back} | shown
        return render(self.request, "desk/dock/settle.html", context, status=status)


@page("returns.view")
def unclaimed_match(request: HttpRequest, actor: Actor, number: str, rma: str) -> HttpResponseBase:
    """Say that the goods are those of a return."""
    may_or_refuse(actor, "returns.match_unclaimed")
    parcel, found = loaded(number), loaded_return(rma)
    form = Settling(request, actor, parcel, MatchGoods, lambda line: expected_e4(found, line.product_id))

    def run(key: str, filled: Sequence[dict[str, Any]]) -> str:
        lines = tuple(
            MatchLine(
                line=each["line"], quantity_e4=each["quantity"], found=each["found"],
                serials=tuple(each.get("serials", "").replace(",", " ").replace("，", " ").split()),
            )
            for each in filled
        )  # fmt: skip
        wanted = MatchUnclaimed(document=number, rma=found.row.number, lines=lines)
        return match_unclaimed(wanted, actor=actor, key=key).document

    heading = _("%(number)s belongs to %(rma)s") % {"number": number, "rma": found.row.number}
    lead = _("The goods are booked in for the return, at the cost at which they left.")
    return form.answer(run, _("matched."), heading=heading, lead=lead, submit=_("Match"), icon="link")


@page("returns.view")
def unclaimed_place(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Say what becomes of goods that nobody claims."""
    may_or_refuse(
        actor, "returns.place_unclaimed" if actor.may("returns.place_unclaimed") else "returns.value_unclaimed"
    )
    form = Settling(request, actor, loaded(number), PlaceGoods, lambda line: line.here_e4)

    def run(key: str, filled: Sequence[dict[str, Any]]) -> str:
        lines = tuple(
            PlaceLine(
                line=each["line"], quantity_e4=each["quantity"], to=each["to"],
                unit_cost_e6=each["cost"] if each["to"] == "restock" else None,
            )
            for each in filled
        )  # fmt: skip
        return place_unclaimed(PlaceUnclaimed(document=number, lines=lines), actor=actor, key=key).document

    lead = _("Nobody has claimed them. Back to the sender goes at any time, all else only after the agreed days.")
    return form.answer(
        run,
        _("placed."),
        heading=_("Place %(number)s") % {"number": number},
        lead=lead,
        submit=_("Place goods"),
        icon="packages",
    )


@require_POST
@page("returns.undo_unclaimed")
def unclaimed_undo(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Take the last step back."""
    undo_unclaimed(UndoUnclaimed(document=number), actor=actor)
    messages.success(request, _("%(number)s: the last step was taken back.") % {"number": number})
    return redirect("unclaimed_page", number)


@require_POST
@page("returns.erase_unclaimed")
def unclaimed_erase(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Erase what is personal on the label, its photos too."""
    with as_one():
        erase_unclaimed(EraseUnclaimed(document=number), actor=actor)
        if any(row.erased_at is None for row in evidence_of(number)):
            erase_evidence(EraseEvidence(document=number), actor=actor)
    messages.success(request, _("%(number)s: what is personal was erased.") % {"number": number})
    return redirect("unclaimed_page", number)
