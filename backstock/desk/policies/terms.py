"""What a policy may say about a line: every term with its kind, words and help, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.desk import words
from backstock.desk.parts import Text

# days and amounts are integers, a share is of 1,000,000 and typed as percent.
Kind = Literal["days", "share", "amount", "choice", "boxes", "yesno"]
Place = Literal["row", "base", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: how it is asked and shown."""

    name: str
    kind: Kind
    label: Text
    help: Text = ""
    choices: Mapping[str, Text] | None = None
    # Asked at once, or below "more".
    is_common: bool = False
    place: Place = "any"


DECISIONS: Mapping[str, Text] = {
    "approve": pgettext_lazy("policy", "approve"),
    "review": pgettext_lazy("policy", "ask a person"),
    "reject": pgettext_lazy("policy", "turn down"),
}
REFUND_TO: Mapping[str, Text] = {
    "original": gettext_lazy("as it was paid"), "store_credit": gettext_lazy("store credit"),
}  # fmt: skip
SHIPPING: Mapping[str, Text] = {
    "never": pgettext_lazy("policy", "is kept"), "full_return": gettext_lazy("back when everything comes back"), "always": gettext_lazy("always back"),
}  # fmt: skip
BEARERS: Mapping[str, Text] = {"customer": gettext_lazy("the customer"), "company": pgettext_lazy("policy", "we")}
LOST: Mapping[str, Text] = {
    "proportional": gettext_lazy("shared by the goods"), "repriced": gettext_lazy("lost for what is kept"),
}  # fmt: skip
NEEDED: Mapping[str, Text] = {"required": gettext_lazy("required"), "none": gettext_lazy("not needed")}

TERMS: Final[Mapping[str, Term]] = {
    each.name: each
    for each in (
        Term(
            name="decision", kind="choice", label=gettext_lazy("Decision"), choices=DECISIONS, is_common=True, place="row",
            help=gettext_lazy("Empty: as the rest of the policy says."),
        ),
        Term(
            name="window_days", kind="days", label=gettext_lazy("Days to return"), is_common=True,
            help=gettext_lazy("How long after the delivery a return may be asked for. A longer right by law stays."),
        ),
        Term(
            name="restocking_fee_e6", kind="share", label=pgettext_lazy("policy", "Fee"), is_common=True,
            help=gettext_lazy("Kept of the price of the goods, in percent."),
        ),
        Term(
            name="refund_percent_e6", kind="share", label=gettext_lazy("Refund of the price"), place="row",
            help=gettext_lazy("What of the net price is given back, in percent, before the fee."),
        ),
        Term(name="refund_to", kind="choice", label=gettext_lazy("Money goes back"), choices=REFUND_TO, is_common=True),
        Term(
            name="freight", kind="choice", label=gettext_lazy("Who pays the way back"), choices=BEARERS, is_common=True, place="row",
        ),
        Term(
            name="remedies", kind="boxes", label=gettext_lazy("What is offered"), choices=words.TYPES, place="row",
            help=gettext_lazy("Nothing ticked: every type of return."),
        ),
        Term(
            name="evidence_required", kind="yesno", label=gettext_lazy("Photo or paper needed"), place="row",
            help=gettext_lazy("A request without one is refused."),
        ),
        Term(
            name="approval", kind="choice", label=pgettext_lazy("policy", "Approval"), is_common=True,
            choices={"manual": gettext_lazy("a person decides"), "auto": pgettext_lazy("policy", "at once")},
        ),
        Term(name="inspection", kind="choice", label=gettext_lazy("Inspection"), choices=NEEDED),
        Term(name="refund_when", kind="choice", label=gettext_lazy("When money goes back"), choices=words.REFUND_WHEN),
        Term(name="refund_shipping", kind="choice", label=gettext_lazy("Shipping that was paid"), choices=SHIPPING),
        Term(
            name="window_from", kind="choice", label=gettext_lazy("Days count from"),
            choices={"delivery": pgettext_lazy("policy", "the delivery"), "order": pgettext_lazy("policy", "the order")},
        ),
        Term(
            name="return_deadline_days", kind="days", label=gettext_lazy("Days to send goods back"),
            help=gettext_lazy("Counted from the approval; afterwards it lapses."),
        ),
        Term(
            name="exchange_fee_e6", kind="share", label=gettext_lazy("Fee of an exchange"),
            help=gettext_lazy("Of what the old goods are worth, in percent."),
        ),
        Term(
            name="threshold_lost", kind="choice", label=gettext_lazy("Discount for a large order"), choices=LOST,
            help=gettext_lazy("When too little of the order is kept."),
        ),
        Term(
            name="gift_kept", kind="choice", label=gettext_lazy("Gift that stays with the customer"),
            choices={"free": gettext_lazy("is free"), "deduct": gettext_lazy("is taken off the refund")},
        ),
        Term(
            name="usage_per_day_e6", kind="share", label=gettext_lazy("Use per day"),
            help=gettext_lazy("Kept of the price for each day of use, in percent."),
        ),
        Term(name="usage_free_days", kind="days", label=gettext_lazy("Days of free use")),
        Term(
            name="store_credit_after_days", kind="days", label=gettext_lazy("Store credit after"),
            help=gettext_lazy("From this day on money goes back as store credit."),
        ),
        Term(name="store_credit_days", kind="days", label=gettext_lazy("Store credit is good for")),
        Term(
            name="four_eyes_above_cents", kind="amount", label=gettext_lazy("Two people above"),
            help=gettext_lazy("Who approved does not refund above this amount."),
        ),
        Term(
            name="checklist", kind="choice", label=gettext_lazy("Questions of the checklist"),
            choices={"optional": gettext_lazy("may be left open"), "required": gettext_lazy("must be answered")},
        ),
        Term(
            name="cross_ship", kind="yesno", label=gettext_lazy("Other goods leave first"),
            help=gettext_lazy("A replacement may be shipped before the old goods are here."),
        ),
        Term(name="cross_ship_deadline_days", kind="days", label=gettext_lazy("Days to send the old goods then")),
        Term(
            name="restock_shelf_life_days", kind="days", label=gettext_lazy("Shelf life to restock"),
            help=gettext_lazy("Days that goods must still keep to go back on a shelf."),
        ),
        Term(
            name="scrap_needs", kind="boxes", label=gettext_lazy("Destroying needs"),
            choices={
                "witness": gettext_lazy("a witness"), "photo": gettext_lazy("a photo"), "certificate": gettext_lazy("a certificate"),
            },
        ),
        Term(
            name="publishing", kind="choice", label=gettext_lazy("Who publishes a policy"), place="base",
            choices={
                "alone": gettext_lazy("whoever may, also their own"), "four_eyes": gettext_lazy("somebody who did not write it"),
            },
            help=gettext_lazy("Empty: somebody else, as soon as there is another person who may."),
        ),
    )
}  # fmt: skip


def terms_of(place: Literal["row", "base", "exception"]) -> list[Term]:
    """Return the terms that may stand in a row, in the base, or in an exception."""
    wanted = {"row": {"row", "any"}, "base": {"base", "any"}, "exception": {"any"}}[place]
    return [term for term in TERMS.values() if term.place in wanted]


def said(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of terms says something about a line, in their order."""
    return {name: terms[name] for name in TERMS if terms.get(name) is not None}
