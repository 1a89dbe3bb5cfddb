"""The page that refunds a return: every figure explained and shown before anything is paid."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.core.models import CommandLog
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.figures import money_text
from backstock.desk.returns.explained import explained_plan
from backstock.desk.returns.step_forms import Settlement
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.errors import TenderRequired
from backstock.refunds.queries import preview, previewed
from backstock.refunds.settlement import SaleShare
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return


def wish_of(number: str, typed: Mapping[str, Any]) -> SettleReturn:
    """Turn what was typed in into the input; an empty field leaves it to policy and sale."""
    wanted = SettleReturn(
        document=number,
        amount_cents=typed.get("amount"),
        fee_cents=typed.get("fee"),
        return_shipping_cents=typed.get("return_shipping") or 0,
        shipping_cents=typed.get("shipping"),
        paid_by_hand=bool(typed.get("paid_by_hand")),
    )
    return replace(wanted, to=typed.get("to") or "original")


def seen_of(wanted: SettleReturn, shares: list[SaleShare]) -> str:
    """Name a wish and its figures, to tell whether the reader has seen them."""
    by = [(share.sale_id, tender, cents) for share in shares for tender, cents in share.by.items()]
    wish = [wanted.amount_cents, wanted.fee_cents, wanted.return_shipping_cents, wanted.shipping_cents, wanted.to]
    figures = json.dumps([wish, sum(share.total_cents for share in shares), by])
    return hashlib.sha256(figures.encode()).hexdigest()


class SettlePage:
    """One settlement as one request asked for it."""

    def __init__(self, request: HttpRequest, rma: LoadedReturn) -> None:
        self.request, self.rma = request, rma
        self.blind = not any(line.row.sale_id for line in rma.lines)
        self.form = Settlement(request.POST if request.method == "POST" else None)
        self.form.offer(rma.row.currency_digits, self.blind)
        self.context: dict[str, Any] = {"rma": rma.row, "form": self.form, "currency": rma.row.currency}

    def wish(self) -> SettleReturn:
        typed = self.form.cleaned_data if self.form.is_bound else {}
        if self.blind and not typed.get("to"):
            raise TenderRequired(document=self.rma.row.number)
        return wish_of(self.rma.row.number, typed)

    def show(self, status: int = 200) -> HttpResponseBase:
        """Show the figures of what was typed in; what stands against it is shown instead."""
        try:
            plan = previewed(self.wish())
        except REFUSALS as error:
            # A return without a sale only wants to know how to pay: no mistake was made yet.
            asks = not self.form.is_bound and getattr(error, "code", "") == "tender_required"
            self.context["refusal"], status = tell(error), 200 if asks else status_of(error)
        else:
            self.context |= {"explained": explained_plan(plan), "seen": seen_of(self.wish(), plan.shares)}
        return self.answer(status)

    def answer(self, status: int) -> HttpResponseBase:
        return render(self.request, "desk/returns/settle.html", self.context, status=status)

    def is_seen(self) -> bool:
        """Tell whether the figures that would be paid now are those that the page showed, or were paid already."""
        if CommandLog.objects.filter(key=self.form.cleaned_data["key"]).exists():
            return True
        wanted = self.wish()
        return str(self.form.cleaned_data["seen"]) == seen_of(wanted, preview(wanted))


@page("returns.view")
def settle(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show what is due, work it out again as typed in, or refund what was shown."""
    may_or_refuse(actor, "refunds.settle")
    asked = SettlePage(request, loaded_return(number))
    if request.method != "POST":
        return asked.show()
    if not asked.form.is_valid():
        return asked.answer(422)
    if request.POST.get("do") != "settle":
        return asked.show()
    try:
        if not asked.is_seen():
            messages.info(request, _("These are the new figures. Nothing was paid yet; check them and confirm."))
            return asked.show()
        done = settle_return(asked.wish(), actor=actor, key=asked.form.cleaned_data["key"])
    except REFUSALS as error:
        asked.context["refusal"] = tell(error)
        return asked.answer(status_of(error))
    row = asked.rma.row
    paid = money_text(int(done.answer.get("total_cents", 0)), row.currency, row.currency_digits)
    messages.success(request, _("%(number)s: %(amount)s refunded.") % {"number": row.number, "amount": paid})
    return redirect("return_page", row.number)
