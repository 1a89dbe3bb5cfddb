"""The page that refunds a return: every figure explained and shown before anything is paid."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.core.models import CommandLog
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.figures import money_text, quantity_text
from backstock.desk.returns.step_forms import Settlement
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.errors import TenderRequired
from backstock.refunds.queries import preview
from backstock.refunds.settlement import LineShare, SaleShare
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of a settlement, and how it comes about."""

    label: str
    amount: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A settlement as the page shows it."""

    lines: list[Figure]
    sums: list[Figure]
    total: str
    sentence: str
    tenders: list[Figure]
    is_nothing: bool


class Explaining:
    """Turn the shares of a settlement into figures with their reasons."""

    def __init__(self, rma: LoadedReturn, shares: list[SaleShare]) -> None:
        self.rma, self.shares = rma, shares
        self.rows = {line.row.pk: line.row for line in rma.lines}

    def money(self, cents: int) -> str:
        return money_text(cents, self.rma.row.currency, self.rma.row.currency_digits)

    def explained(self) -> Explained:
        total = sum(share.total_cents for share in self.shares)
        sums = [(label, cents) for label, cents in self._sums() if cents]
        said = " ".join(f"{'-' if cents < 0 else '+'} {label} {self.money(abs(cents))}" for label, cents in sums)
        return Explained(
            lines=[
                self._line(line) for share in self.shares for line in share.lines if line.left_cents or line.net_cents
            ],
            sums=[Figure(label=label, amount=self.money(cents)) for label, cents in sums],
            total=self.money(total),
            sentence=f"{self.money(total)} = {said.removeprefix('+ ')}",
            tenders=self._tenders(),
            is_nothing=total <= 0,
        )

    def _sums(self) -> list[tuple[str, int]]:
        goods, tax = sum(share.goods_cents for share in self.shares), sum(share.tax_cents for share in self.shares)
        return [
            (_("goods"), goods),
            (_("tax"), tax),
            (_("shipping fee"), sum(share.shipping_cents for share in self.shares)),
            (_("fee kept"), -sum(share.fee_cents for share in self.shares)),
            (_("rounded to coins"), -sum(share.rounding_cents for share in self.shares)),
        ]

    def _line(self, line: LineShare) -> Figure:
        row, claim = self.rows[line.claim.line_id], line.claim
        why = _("%(quantity)s of %(sold)s sold for %(net)s + %(tax)s tax") % {
            "quantity": quantity_text(line.quantity_e4),
            "sold": quantity_text(claim.sold_e4, row.product.unit),
            "net": self.money(claim.net_cents),
            "tax": self.money(claim.tax_cents),
        }
        if claim.credited_e4:
            before = {"quantity": quantity_text(claim.credited_e4)}
            why = words.listed([why, _("%(quantity)s refunded before") % before])
        given = line.net_cents + line.tax_cents
        if given < line.left_cents:
            why = words.listed([why, _("worth %(amount)s") % {"amount": self.money(line.left_cents)}])
        return Figure(label=row.product.name or row.product.sku, amount=self.money(given), why=why)

    def _tenders(self) -> list[Figure]:
        by: dict[str, int] = {}
        for share in self.shares:
            for tender, cents in share.by.items():
                by[tender] = by.get(tender, 0) + cents
        return [
            Figure(label=words.word(words.TENDERS, tender), amount=self.money(cents)) for tender, cents in by.items()
        ]


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
    by = {tender: cents for share in shares for tender, cents in share.by.items()}
    wish = [wanted.amount_cents, wanted.fee_cents, wanted.return_shipping_cents, wanted.shipping_cents, wanted.to]
    figures = json.dumps([wish, sum(share.total_cents for share in shares), sorted(by.items())])
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
            shares = preview(self.wish())
        except REFUSALS as error:
            # A return without a sale only wants to know how to pay: no mistake was made yet.
            asks = not self.form.is_bound and getattr(error, "code", "") == "tender_required"
            self.context["refusal"], status = tell(error), 200 if asks else status_of(error)
        else:
            self.context |= {
                "explained": Explaining(self.rma, shares).explained(),
                "seen": seen_of(self.wish(), shares),
            }
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
