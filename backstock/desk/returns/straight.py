"""Goods that the customer sends straight to the supplier (drop-ship): received, judged and claimed at once, past our dock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, may_or_refuse, nothing_to_do, page, status_of, tell
from backstock.desk.fields import Keyed, QuantityField, TextLine
from backstock.desk.returns.goods import expected
from backstock.desk.returns.step_forms import GoodsForm
from backstock.desk.returns.step_inputs import Wanted, whole
from backstock.desk.returns.step_pages import StepPage
from backstock.desk.returns.steps import STRAIGHT, Step
from backstock.returns.commands.send_straight import SendStraight, send_straight
from backstock.returns.queries import legal_actions, loaded_return


class StraightHead(Keyed):
    """Who has the goods now."""

    supplier = TextLine(
        label=gettext_lazy("Supplier who has the goods"), most=60,
        help_text=gettext_lazy("Empty: who delivered them last."),
    )  # fmt: skip


class StraightGoods(GoodsForm):
    """How many the supplier says he has."""

    quantity = QuantityField(label=gettext_lazy("How many the supplier has"))


def _hint(goods: Any, shelf: Any) -> str:
    return _("Expected: %(quantity)s") % {"quantity": goods.left}


STEP = Step(
    name="straight", permission="returns.send_straight", icon="truck-return",
    label=STRAIGHT, done=gettext_lazy("The supplier has the goods; the claim is open."),
    lead=gettext_lazy("The customer sent the goods to the supplier. They never lie at our dock; the claim against the supplier opens at cost."),
    head=StraightHead, line=StraightGoods, room=expected, initial=whole, hint=_hint,
    input=lambda number, head, lines: _input(number, head, lines),
)  # fmt: skip


def _input(number: str, head: Keyed, lines: Sequence[GoodsForm]) -> Wanted:
    goods = tuple(
        GoodsLine(**line.which(), quantity_e4=line.cleaned_data["quantity"])
        for line in lines
        if line.cleaned_data["quantity"]
    )
    return send_straight, SendStraight(document=number, lines=goods, supplier=head.cleaned_data["supplier"] or None)


@page("returns.view")
def return_straight(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Say that goods went to the supplier without passing our dock."""
    rma = loaded_return(number)
    may_or_refuse(actor, "returns.send_straight")
    if request.method != "POST" and "returns.send_straight" not in legal_actions(rma):
        return nothing_to_do(request, rma.row.number, STEP.label)
    asked, context, status = StepPage(request, actor, rma, STEP), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if asked.is_valid:
            try:
                asked.run(actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, f"{rma.row.number}: {STEP.done}")
                return redirect("return_page", rma.row.number)
    context |= {"rma": rma.row, "step": STEP, "head": asked.head, "lines": asked.lines}
    return render(request, "desk/returns/step.html", context, status=status)
