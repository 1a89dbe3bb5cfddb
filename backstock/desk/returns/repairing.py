"""Finish a repair: what is ready, where it goes, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.lines import GoodsLine
from backstock.core.amounts import E4, scaled
from backstock.desk.fields import AmountField, Keyed, QuantityField, TextLine
from backstock.desk.returns.goods import Goods
from backstock.desk.returns.sending import SendingHead
from backstock.desk.returns.step_forms import Destroying, GoodsForm
from backstock.desk.returns.step_inputs import Shelf, Wanted
from backstock.returns.commands.finish_repair import FinishRepair, finish_repair

OUTCOMES = (
    ("restock", gettext_lazy("Mended: onto the shelf")), ("send_back", gettext_lazy("Mended: back to the customer")),
    ("scrap", gettext_lazy("Beyond repair: scrap")),
)  # fmt: skip


class RepairedGoods(GoodsForm):
    """How many are ready."""

    quantity = QuantityField(label=gettext_lazy("How many are ready"))


class RepairHead(SendingHead, Destroying):
    """Where the goods go, and what their repair cost."""

    to = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=OUTCOMES)
    cost = AmountField(
        label=gettext_lazy("Cost of the repair"), help_text=gettext_lazy("Labour and what was bought for it.")
    )
    parts = forms.CharField(
        label=gettext_lazy("Parts from our shelf"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One per line: code and quantity, such as FUSE 2. They leave the shelf at cost."),
    )  # fmt: skip
    repairer = TextLine(
        label=gettext_lazy("Repairer"), most=60,
        help_text=gettext_lazy("The supplier who repaired and is owed the cost; empty: paid in cash."),
    )  # fmt: skip
    note = TextLine(label=gettext_lazy("What was repaired"))
    field_order = ("key", "to", "cost", "parts", "repairer", "note", "witness", "ground")

    def clean_parts(self) -> tuple[GoodsLine, ...]:
        """Read code and quantity line by line; a code alone is one piece."""
        found = []
        for line in filter(None, (each.strip() for each in self.cleaned_data["parts"].splitlines())):
            sku, _space, typed = line.rpartition(" ")
            try:
                quantity_e4 = scaled(typed, 4) if sku else E4
            except ValueError:
                sku, quantity_e4 = line, E4
            found.append(GoodsLine(sku=(sku or line).strip()[:60], quantity_e4=quantity_e4))
        return tuple(found)


def to_finish(goods: Goods, shelf: Shelf) -> str:
    return _("In repair: %(quantity)s") % {"quantity": goods.left}


def finishing(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    ready = tuple(
        GoodsLine(**line.which(), quantity_e4=line.cleaned_data["quantity"])
        for line in lines
        if line.cleaned_data["quantity"]
    )
    said: dict[str, Any] = head.cleaned_data
    scraps = said["to"] == "scrap"
    wanted = FinishRepair(
        document=number, lines=ready, to=said["to"], cost_cents=said["cost"] or 0, repairer=said["repairer"] or None,
        note=said["note"], parts=said["parts"], witness=(said["witness"] or None) if scraps else None,
        ground=said.get("ground") or "" if scraps else "",
        sending=head.sending(said["to"] == "send_back") if isinstance(head, SendingHead) else None,
    )  # fmt: skip
    return finish_repair, wanted
