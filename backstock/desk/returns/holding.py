"""What waits on the shelves for an exchange, and the page by which a supervisor releases it or holds it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.catalog.queries import products_by_id
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, nothing_to_do, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.figures import quantity_text
from backstock.returns.after.exchanges import LineSwap, line_swaps
from backstock.returns.after.reserving import to_leave
from backstock.returns.commands.hold_goods import HoldGoods, hold_goods
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return
from backstock.stock.reserving import reserved_for


def held(rma: LoadedReturn, swaps: Sequence[LineSwap], actor: Actor) -> dict[str, Any]:
    """Say what waits for an exchange, and whether this reader may change it; nothing where no goods are to leave."""
    waiting_lines = [each for each in swaps if each.swap is not None and to_leave(rma, each.line, each.swap)]
    if not waiting_lines:
        return {}
    waiting = reserved_for([each.line.row.pk for each in waiting_lines])
    known = products_by_id(each.product_id for each in waiting)
    goods = [
        f"{known[pk].name or known[pk].sku} × {quantity_text(quantity_e4, known[pk].unit)}"
        for _line, pk, _place, quantity_e4, _document in waiting
    ]
    return {
        "goods": ", ".join(goods),
        "holds": any(each.swap is not None and each.swap.reserves for each in waiting_lines),
        "may_change": actor.may("returns.hold_goods"),
    }


@page("returns.hold_goods")
def return_hold(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Release the goods that an exchange holds on the shelf, or hold them again."""
    rma, form = loaded_return(number), Keyed(request.POST or None)
    context, status = dict[str, Any](), 200
    waiting = held(rma, line_swaps(rma), actor)
    if not waiting and request.method != "POST":
        return nothing_to_do(request, rma.row.number, _("Goods that wait"))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                wanted = HoldGoods(document=rma.row.number, hold=request.POST.get("hold") == "yes")
                done = hold_goods(wanted, actor=actor, key=form.cleaned_data["key"])
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                said = _("the goods wait for it.") if done.answer["hold"] else _("others may have the goods.")
                messages.success(request, f"{rma.row.number}: {said}")
                return redirect("return_page", rma.row.number)
    context |= {"rma": rma.row, "form": form, "held": waiting}
    return render(request, "desk/returns/hold.html", context, status=status)
