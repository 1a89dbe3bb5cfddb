"""The forms of what becomes of a request: split, merged, of another type, given more time; and the inputs they become."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core import clock
from backstock.core.amounts import E4
from backstock.core.commands import Command
from backstock.core.errors import QuantityRequired
from backstock.desk import words
from backstock.desk.access import company
from backstock.desk.fields import Keyed, QuantityField, TextLine, chosen
from backstock.desk.figures import day_text
from backstock.desk.returns.step_forms import GoodsForm
from backstock.desk.sales.forms import DayField
from backstock.policies.engine import leaves
from backstock.policies.queries import policy_on
from backstock.returns.commands.change_type import ChangeType, change_type, contradiction
from backstock.returns.commands.edit import EditLine, EditReturn, edit_return
from backstock.returns.commands.merge import MergeReturn, merge_return
from backstock.returns.commands.prolong import ProlongReturn, prolong_return
from backstock.returns.commands.split import SplitLine, SplitReturn, split_return
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import mergeable_with

type Wanted = tuple[Command[Any], Any]

WHY = gettext_lazy("It is kept with the document; no names or phone numbers please.")
WEEK = timedelta(days=7)


def policy_reasons() -> list[tuple[str, str]]:
    """Return the reasons that the policy knows today, with what people call them; none where any text will do."""
    said = words.reason_words()
    tree = policy_on(clock.today(company().timezone)).terms.get("reasons") or []
    return [(reason, words.word(said, reason)) for reason in leaves(tree)]


class Offering(Keyed):
    """A form whose choices depend on the return."""

    def offer_for(self, rma: LoadedReturn) -> None:
        """Fill the choices in."""


class SplitGoods(GoodsForm):
    """How many go on in a return of their own."""

    quantity = QuantityField(label=gettext_lazy("Goes on in a new return"))


class Merging(Offering):
    """Which other request goes on in this one."""

    source = forms.ChoiceField(label=gettext_lazy("The request that goes on in this one"))

    def offer_for(self, rma: LoadedReturn) -> None:
        """Offer the requests of the same customer that nobody has decided."""
        field: Any = self.fields["source"]
        others = [(row.number, f"{row.number} · {day_text(row.requested_on)}") for row in mergeable_with(rma)]
        field.choices = chosen(others, gettext_lazy("Choose…"))


class OtherType(Offering):
    """What the customer wants now."""

    type = forms.ChoiceField(label=gettext_lazy("What the customer wants now"))
    reason = TextLine(label=gettext_lazy("Why"), help_text=WHY)

    def offer_for(self, rma: LoadedReturn) -> None:
        """Offer the types that nothing stands against."""
        others = [name for name in words.TYPES if name != rma.row.type and not contradiction(rma, name)]
        field: Any = self.fields["type"]
        field.choices = chosen([(name, words.TYPES[name]) for name in others], gettext_lazy("Choose…"))


class MoreTime(Offering):
    """Until when goods may arrive."""

    until = DayField(label=gettext_lazy("Goods must arrive by"), required=True)
    reason = TextLine(label=gettext_lazy("Why"), help_text=WHY)

    def offer_for(self, rma: LoadedReturn) -> None:
        """Propose a week more."""
        self.fields["until"].initial = max(rma.row.lapses_on or date.min, clock.today(company().timezone)) + WEEK


def splitting(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    some = tuple(
        SplitLine(**each.which(), quantity_e4=each.cleaned_data["quantity"])
        for each in lines
        if each.cleaned_data["quantity"]
    )
    if not some:
        raise QuantityRequired(document=number)
    return split_return, SplitReturn(document=number, lines=some)


def merging(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    return merge_return, MergeReturn(document=number, source=head.cleaned_data["source"])


def other_type(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    data = head.cleaned_data
    return change_type, ChangeType(document=number, type=data["type"], reason=data["reason"])


def more_time(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    data = head.cleaned_data
    return prolong_return, ProlongReturn(document=number, until=data["until"], reason=data["reason"])


def correction(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    """Name the lines that were changed; a line of which nothing comes back any more is taken out."""
    changed, removed = [], []
    for each in lines:
        data = each.cleaned_data
        serials = tuple(data.get("serials") or ())
        quantity = len(serials) * E4 if "serials" in data else data["quantity"] or 0
        same = quantity == data["offered"] and set(serials) == set(each.initial.get("serials") or serials)
        reason = data["reason"] if data["reason"] != data["reason_before"] else None
        if not quantity:
            removed.append(data["line"])
        elif not same or reason is not None:
            changed.append(
                EditLine(line=data["line"], sku=data["sku"], quantity_e4=quantity, serials=serials, reason=reason)
            )
    if not changed and not removed:
        raise QuantityRequired(document=number)
    return edit_return, EditReturn(document=number, lines=tuple(changed), remove=tuple(removed))


def whole_line(goods: Any, shelf: Any) -> dict[str, Any]:
    """Propose nothing: what is split off is said."""
    return {}


def to_split(goods: Any, shelf: Any) -> str:
    return _("Asked back: %(quantity)s") % {"quantity": goods.left}
