"""Goods that go back to the customer: what is asked about the parcel, and the card that shows who pays the freight."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company
from backstock.desk.fields import AmountField, Keyed, TextLine
from backstock.desk.figures import day_text, money_text
from backstock.desk.returns.section import Section
from backstock.owing.models import OpeningItem
from backstock.returns.after.sending import Sending, parcels_back
from backstock.returns.loading import LoadedReturn

FREIGHT = {
    "ours": gettext_lazy("We pay the freight"),
    "customer": gettext_lazy("The customer, on account"),
    "on_delivery": gettext_lazy("The customer pays the carrier"),
}


class SendingHead(Keyed):
    """How goods go back to the customer; only asked where some do."""

    carrier = TextLine(label=gettext_lazy("Carrier"), most=60)
    tracking_number = TextLine(label=gettext_lazy("Tracking number"), most=60)
    freight = forms.ChoiceField(
        label=gettext_lazy("Who pays the freight"), choices=[*FREIGHT.items()], required=False, initial="ours"
    )
    freight_amount = AmountField(
        label=gettext_lazy("Freight on the customer's account"),
        help_text=gettext_lazy("The customer owes it like any invoice; taking the step back takes it off."),
    )
    apart = ("carrier", "tracking_number", "freight", "freight_amount")

    @property
    def parcel(self) -> list[forms.BoundField]:
        """What is asked about the parcel."""
        return [self[name] for name in self.apart]

    @property
    def says_parcel(self) -> bool:
        """Whether something was said, or is wrong, about the parcel."""
        changed = self.is_bound and bool(set(self.changed_data) & set(self.apart))
        return changed or any(name in self.errors for name in self.apart)

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("freight") == "customer" and not said.get("freight_amount") and "freight_amount" not in self.errors:
            self.add_error("freight_amount", _("How much is it?"))

    def sending(self, goes_back: bool) -> Sending | None:
        """Return the parcel as the command wants it; what was typed without need is left to the command to refuse."""
        said = self.cleaned_data
        freight: Any = said["freight"] or "ours"
        cents = said["freight_amount"] or 0
        told = said["carrier"] or said["tracking_number"] or cents or freight != "ours"
        if not told and not goes_back:
            return None
        return Sending(
            carrier=said["carrier"], tracking_number=said["tracking_number"], freight=freight, freight_cents=cents
        )


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Show the parcels that went back, and what the customer owes for them."""
    parcels = parcels_back(rma.row.pk) if any(piece.sent_back_e4 for piece in rma.pieces) else []
    if not parcels:
        return None
    own = company()
    debts = OpeningItem.objects.in_bulk({each.debt_id for each in parcels if each.debt_id})
    shown = []
    for each in parcels:
        debt = debts.get(each.debt_id)
        open_now = money_text(debt.owed_cents, own.currency, own.currency_digits) if debt and debt.owed_cents else ""
        shown.append(
            {
                "on": day_text(each.sent_on),
                "by": words.listed([each.carrier, each.tracking_number]),
                "freight": FREIGHT[each.freight],
                "amount": money_text(each.freight_cents, own.currency, own.currency_digits) if debt else "",
                "debt": debt.number if debt else "",
                "open": open_now,
            }
        )
    return Section(template="desk/returns/sent_back.html", shown={"parcels": shown})
