"""Goods that the customer sends straight to the supplier (drop-ship): received, judged and claimed at once, past our dock."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.errors import QuantityRequired
from backstock.core.permissions import Actor
from backstock.core.together import as_one
from backstock.desk.access import REFUSALS, nothing_to_do, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.returns.goods import expected
from backstock.desk.returns.step_forms import ApproveGoods, GoodsForm
from backstock.desk.returns.step_inputs import whole
from backstock.desk.returns.step_pages import StepPage, may_go_straight
from backstock.desk.returns.steps import Step
from backstock.returns.commands.dispose import DisposeLine, DisposeReturn, dispose_return
from backstock.returns.commands.inspect import InspectLine, InspectReturn, inspect_return
from backstock.returns.commands.receive import ReceiveLine, ReceiveReturn, receive_return
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import legal_actions, loaded_return


class StraightHead(Keyed):
    """Who has the goods now."""

    supplier = TextLine(
        label=gettext_lazy("Supplier who has the goods"), most=60,
        help_text=gettext_lazy("Empty: who delivered them last."),
    )  # fmt: skip


class StraightGoods(ApproveGoods):
    """How many the supplier says he has."""


def _hint(goods: Any, shelf: Any) -> str:
    return _("Expected: %(quantity)s") % {"quantity": goods.left}


STEP = Step(
    name="straight", permission="returns.receive", icon="truck-return",
    label=gettext_lazy("Went straight to the supplier"), done=gettext_lazy("The supplier has the goods; the claim is open."),
    lead=gettext_lazy("The customer sent the goods to the supplier. They never lie at our dock; the claim against the supplier opens at cost."),
    head=StraightHead, line=StraightGoods, room=expected, initial=whole, hint=_hint,
    input=lambda number, head, lines: (receive_return, None),
)  # fmt: skip


def send_straight(rma: LoadedReturn, head: Keyed, lines: list[GoodsForm], actor: Actor) -> None:
    """Take the three steps as one: all take effect or none; raise the refusal."""
    said, number = head.cleaned_data, rma.row.number
    goods = [(line.which(), line.cleaned_data["quantity"]) for line in lines if line.cleaned_data["quantity"]]
    if not goods:
        raise QuantityRequired(document=number)
    needed = {line.row.product.sku for line in rma.lines if line.terms.inspection != "none"}
    seen = tuple(InspectLine(**which, quantity_e4=q) for which, q in goods if which["sku"] in needed)
    came = tuple(ReceiveLine(**which, quantity_e4=q) for which, q in goods)
    gone = tuple(
        DisposeLine(**which, quantity_e4=q, to="return_to_vendor", supplier=said["supplier"] or None)
        for which, q in goods
    )
    with as_one():
        receive_return(ReceiveReturn(document=number, lines=came), actor=actor, key=f"{said['key']}-1")
        if seen:
            inspect_return(InspectReturn(document=number, lines=seen), actor=actor, key=f"{said['key']}-2")
        dispose_return(DisposeReturn(document=number, lines=gone), actor=actor, key=f"{said['key']}-3")


@page("returns.view")
def return_straight(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Say that goods went to the supplier without passing our dock."""
    rma = loaded_return(number)
    if not may_go_straight(rma, actor):
        raise PermissionDenied
    if request.method != "POST" and "returns.receive" not in legal_actions(rma):
        return nothing_to_do(request, rma.row.number, STEP.label)
    asked, context, status = StepPage(request, actor, rma, STEP), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if asked.is_valid:
            try:
                send_straight(rma, asked.head, [*(asked.lines or [])], actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                messages.success(request, f"{rma.row.number}: {STEP.done}")
                return redirect("return_page", rma.row.number)
    context |= {"rma": rma.row, "step": STEP, "head": asked.head, "lines": asked.lines}
    return render(request, "desk/returns/step.html", context, status=status)
