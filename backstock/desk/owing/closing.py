"""Close a period: what is worth a look before, and the day through which nothing more is posted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.books.accruing import proposed
from backstock.books.commands.accrue import Accrue, accrue
from backstock.books.cutoff import cut_offs
from backstock.books.numbering import waiting as unnumbered
from backstock.core import clock
from backstock.core.commands import Done
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, tell
from backstock.desk.fields import Keyed
from backstock.desk.figures import money_text
from backstock.desk.owing.asking import data_of, href, language, submitted
from backstock.money.commands.close_period import ClosePeriod, close_period
from backstock.money.statements import own_accounts
from backstock.owing.queries import write_offs
from backstock.purchases.models import PurchaseLine
from backstock.returns.models import Return

MOST = 20
# States of a return in which nothing more happens.
OVER = ("rejected", "cancelled", "closed")


class CloseForm(Keyed):
    """The last day that takes no more postings."""

    through = forms.DateField(
        label=gettext_lazy("Close through"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Nothing is posted on this day or before it any more. A closed period is not opened again."),
    )  # fmt: skip


class AccrueForm(Keyed):
    """The last day of the period that is accrued for."""

    through = forms.DateField(widget=forms.HiddenInput)


def checks(through: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """List what people look at before they close: each with the documents concerned; none of it forbids closing."""
    own = company()
    late = PurchaseLine.objects.filter(
        receipt__received_on__lte=through, receipt__undone_log_id=0, receipt__opening=False
    )
    unbilled = late.filter(quantity_e4__gt=F("invoiced_e4") + F("sent_back_e4"))
    receipts = sorted(
        {line.receipt.number for line in unbilled.select_related("receipt").order_by("receipt_id")[: MOST * 5]}
    )
    returns = Return.objects.filter(requested_on__lte=through).exclude(status__in=OVER).order_by("pk")[:MOST]
    short = [
        (
            f"{each.name(language())} {money_text(each.balance_cents, own.currency, own.currency_digits)}",
            reverse("account_journal", args=[each.code]),
        )
        for each in own_accounts()
        if each.balance_cents < 0
    ]
    cut = cut_offs(through)
    first = through.replace(day=1)
    vouchers = unnumbered(first, through)
    posting = f"{reverse('report_vouchers')}?from={first}&to={through}"
    waiting = write_offs().filter(status="asked", asked_on__lte=through)[:MOST]
    return [
        (_("Returns that are not finished"), [(each.number, href(each.number)) for each in returns]),
        (
            _("Goods that came back and are not credited"),
            [(each.number, href(each.number)) for each in cut if each.uncredited_e4][:MOST],
        ),
        (
            _("Money credited for goods that are not back"),
            [(each.number, href(each.number)) for each in cut if each.goods_out_e4][:MOST],
        ),
        (_("Vouchers of the month without a number"), [(_("%(n)s vouchers") % {"n": vouchers}, posting)] if vouchers else []),
        (_("Deliveries without the supplier's invoice"), [(number, href(number)) for number in receipts[:MOST]]),
        (_("Accounts below zero"), short),
        (_("Write-offs that wait for a decision"), [(each.number, href(each.number)) for each in waiting]),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """One return of the cut-off, with what would be accrued for it."""

    number: str
    credit_cents: int
    goods_cents: int


def offered(through: date) -> list[Offered]:
    """List what would be accrued at the end of a day, by return."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: {"credit": 0, "goods": 0})
    for each in proposed(through):
        sums[each.document][each.side] += each.amount_cents
    return [Offered(number, both["credit"], both["goods"]) for number, both in sums.items()]


@page("owing.view")
@require_POST
def close_accrue(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Accrue the returns that were ticked, on the last day of the month before."""
    may_or_refuse(actor, "books.accrue")
    form = AccrueForm(request.POST)
    documents = tuple(request.POST.getlist("documents"))
    if not form.is_valid() or not documents:
        messages.error(request, _("Tick at least one return."))
        return redirect("money_close")
    try:
        wanted = Accrue(through=form.cleaned_data["through"], documents=documents)
        done = accrue(wanted, actor=actor, key=form.cleaned_data["key"])
    except REFUSALS as error:
        messages.error(request, str(tell(error).sentence))
        return redirect("money_close")
    said = _("%(number)s is accrued on %(day)s, and taken back on the day after.")
    messages.success(request, said % {"number": done.document, "day": done.answer["through"]})
    return redirect("money_close")


@page("owing.view")
def close(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what is worth a look, and close the period."""
    may_or_refuse(actor, "money.close_period")
    own = company()
    suggested = clock.today(own.timezone).replace(day=1) - timedelta(days=1)
    form = CloseForm(data_of(request), initial={"through": suggested})
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":

        def run(data: dict[str, Any]) -> Done:
            return close_period(ClosePeriod(through=data["through"]), actor=actor, key=data["key"])

        done, context, status = submitted(form, run)
        if done:
            day = done.answer["closed_through"]
            messages.success(request, _("The books are closed through %(day)s.") % {"day": day})
            return redirect("money_close")
    rows = [
        {
            "number": each.number, "href": href(each.number),
            "money": [money_text(cents, own.currency, own.currency_digits) if cents else "–" for cents in (each.credit_cents, each.goods_cents)],
        }
        for each in (offered(suggested) if actor.may("books.accrue") else ())
    ]  # fmt: skip
    context |= {"offered": rows, "accrue_form": AccrueForm(initial={"through": suggested})}
    context |= {"form": form, "closed": own.closed_through, "checks": checks(suggested), "suggested": suggested}
    return render(request, "desk/owing/close.html", context, status=status)
