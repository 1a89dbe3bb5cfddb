"""Refunds on their way: what is granted and waits to be paid, what failed, what nobody knows of; and one of them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstock.core.commands import Refused
from backstock.core.currencies import digits_of
from backstock.core.numbers import document_id
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import REFUSALS, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed, TextLine
from backstock.desk.figures import money_text
from backstock.desk.parts import Action, Empty, Text
from backstock.desk.refunds.bank_file import bank_file
from backstock.desk.tables import Bulk, Column, Filter, Rows, Table
from backstock.partners.queries import partners_by_id
from backstock.refunds.commands.confirm import ConfirmRefund, confirm_refund
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.gateways.routes import AT_ONCE, gateway_of
from backstock.refunds.lifecycle import OPEN
from backstock.refunds.models import Payout, Refund
from backstock.returns.models import Return

# What gateways say, in words; a code that is not known is shown as it came.
PROBLEMS: dict[str, Text] = {
    "payment_reference_required": gettext_lazy("The gateway's number of the payment is missing: name it first"),
    "timeout": gettext_lazy("The gateway did not answer in time"),
    "bad_signature": gettext_lazy("The answer was not signed by the gateway"),
    "refused": gettext_lazy("Refused by the gateway"),
}


def currency_of(row: Refund) -> tuple[str, int]:
    """Return the currency of a refund and its decimals."""
    own = row.note.currency
    return own, digits_of(own)


def refunds() -> Any:
    """Return the refunds that money moves for."""
    return Refund.objects.exclude(tender__in=AT_ONCE).exclude(status="undone").select_related("note").order_by("-pk")


def _search(rows: QuerySet[Refund], text: str) -> Rows:
    if (pk := document_id("F", text)) is not None:
        return rows.filter(pk=pk)
    if (pk := document_id("R", text)) is not None:
        return rows.filter(rma_id=pk)
    return rows.filter(Q(reference=text) | Q(payout__key=text))


def _by_state(rows: QuerySet[Refund], value: str) -> Rows:
    if value == "open":
        return rows.filter(status__in=[str(each) for each in OPEN])
    return rows.filter(status=value)


def _named(rows: Any) -> Any:
    """Give the refunds of a page their customers."""
    found = list(rows)
    partners = partners_by_id({row.note.customer_id for row in found})
    for row in found:
        row.customer = partners.get(row.note.customer_id, "")
    return found


TABLE = Table[Any](
    name="refunds", title=gettext_lazy("Refunds"), rows=refunds, row_id=lambda row: row.number, prepare=_named,
    search=_search, search_hint=gettext_lazy("Refund F…, return R…, or the gateway's number"),
    filters=(
        Filter(
            key="state", label=gettext_lazy("State"),
            choices=[("open", gettext_lazy("Not paid yet")), *((name, said[0]) for name, said in words.REFUND_STATUSES.items())],
            apply=_by_state,
        ),
        Filter(
            key="tender", label=gettext_lazy("Means of payment"),
            choices=[(name, words.TENDERS[name]) for name in ("bank", "card", "alipay", "wechat")],
            apply=lambda rows, value: rows.filter(tender=value),
        ),
    ),
    columns=(
        Column(
            key="number", label=gettext_lazy("Number"), value=lambda row: row.number, sort="pk",
            link=lambda row: reverse("refund_page", args=[row.number]),
        ),
        Column(
            key="status", label=gettext_lazy("State"), kind="badge",
            value=lambda row: words.word(words.REFUND_STATUSES, row.status),
            tone=lambda row: words.tone(words.REFUND_STATUSES, row.status),
        ),
        Column(key="customer", label=gettext_lazy("Customer"), value=lambda row: str(row.customer)),
        Column(
            key="return", label=gettext_lazy("Return"), value=lambda row: Return(pk=row.rma_id).number,
            link=lambda row: reverse("return_page", args=[Return(pk=row.rma_id).number]),
        ),
        Column(key="tender", label=gettext_lazy("Means of payment"), value=lambda row: words.word(words.TENDERS, row.tender)),
        Column(
            key="amount", label=gettext_lazy("Amount"), kind="money", value=lambda row: row.amount_cents,
            sort="amount_cents", currency=currency_of,
        ),
        Column(key="granted", label=gettext_lazy("Granted on"), kind="day", value=lambda row: row.note.issued_on, sort="note__issued_on"),
        Column(key="paid", label=gettext_lazy("Paid on"), kind="day", value=lambda row: row.paid_on, sort="paid_on"),
        Column(key="problem", label=gettext_lazy("Problem"), value=lambda row: problem_words(row.problem)),
    ),
    default_sort="-number",
    empty=Empty(
        icon="cash", title=gettext_lazy("No refunds on their way"),
        explanation=gettext_lazy("A settlement grants a refund; by bank, card or gateway it is paid later, and is followed here."),
    ),
)  # fmt: skip


def problem_words(code: str) -> str:
    """Say what went wrong."""
    return str(PROBLEMS.get(code, code))


@page("owing.view")
def listing(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List the refunds; who pays by hand says so of several at once."""
    bulk = Bulk(
        url=reverse("refund_bulk"),
        actions=(("paid", _("They are paid"), "check"), ("file", _("Payment file for the bank"), "download")),
    )
    release = Action(label=_("Release refunds"), href=reverse("refund_release"), icon="cash")
    table = replace(TABLE, bulk=bulk, actions=(release,)) if actor.may("refunds.confirm") else TABLE
    return table.respond(request, "desk/list.html", {"heading": _("Refunds"), "key": uuid.uuid4().hex})


@require_POST
@page("owing.view")
def refund_bulk(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Take down that the picked refunds are paid, or that they are on their way by a file for the bank."""
    may_or_refuse(actor, "refunds.confirm")
    numbers = list(dict.fromkeys(request.POST.getlist("row")))[:1000]
    if not numbers:
        return redirect("refund_list")
    as_file = request.POST.get("action") == "file"
    key = request.POST.get("key", "")[:100] or uuid.uuid4().hex
    wanted = [ConfirmRefund(refund=number[:40], status="sent" if as_file else "paid") for number in numbers]
    done = confirm_refund.batch(wanted, actor=actor, keys=[f"{key}:{number}"[:200] for number in numbers], mode="each")
    refused = [each.error for each in done if isinstance(each, Refused)]
    taken = [number for number, each in zip(numbers, done, strict=True) if not isinstance(each, Refused)]
    if as_file and taken:
        return bank_file(refunds(), taken)
    if taken:
        messages.success(request, _("%(count)s refunds are paid.") % {"count": len(taken)})
    for error in refused[:5]:
        messages.warning(request, str(tell(error).sentence))
    return redirect("refund_list")


class Paying(Keyed):
    """What became of a refund that is paid by hand."""

    reference = TextLine(label=gettext_lazy("The bank's number of the transfer"), most=100)


def _load(number: str) -> Refund:
    pk = document_id("F", number)
    found = Refund.objects.select_related("note").filter(pk=pk).first() if pk else None
    if found is None:
        raise Http404
    return found


@page("owing.view")
def refund_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a refund, and take down what became of it."""
    row = _load(number)
    payout = Payout.objects.filter(refund=row).first()
    form, context, status = Paying(request.POST if request.method == "POST" else None), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _do(request, row, form.cleaned_data, actor)
            except REFUSALS as error:
                context["refusal"], status = tell(error), status_of(error)
            else:
                return redirect("refund_page", row.number)
    partner = partners_by_id({row.note.customer_id}).get(row.note.customer_id)
    may = actor.may("refunds.confirm") and row.tender not in AT_ONCE
    by_gateway = payout is not None and gateway_of(row.tender) is not None
    context |= {
        "refund": row, "payout": payout, "form": form, "amount": money_text(row.amount_cents, *currency_of(row)),
        "customer": partner, "rma": Return(pk=row.rma_id).number, "tender": words.word(words.TENDERS, row.tender),
        "state": words.word(words.REFUND_STATUSES, row.status), "tone": words.tone(words.REFUND_STATUSES, row.status),
        "problem": problem_words(row.problem),
        "may_pay": may and not by_gateway and row.status in ("granted", "sent", "failed"),
        "may_fail": may and not by_gateway and row.status in ("granted", "sent", "paid"),
        "may_ask": actor.may("refunds.settle") and by_gateway and row.status in ("sent", "unknown", "failed"),
    }  # fmt: skip
    return render(request, "desk/refunds/page.html", context, status=status)


def _do(request: HttpRequest, row: Refund, typed: dict[str, Any], actor: Actor) -> None:
    """Run what was asked for: the gateway once more, or a person's word."""
    asked = request.POST.get("do")
    if asked == "ask":
        may_or_refuse(actor, "refunds.settle")
        settle_return(SettleReturn(document=Return(pk=row.rma_id).number), actor=actor, key=typed["key"])
        messages.success(request, _("The gateway is asked again: for the same refund, once."))
        return
    wanted = ConfirmRefund(
        refund=row.number, status="paid" if asked == "paid" else "failed", reference=typed["reference"] or ""
    )
    confirm_refund(wanted, actor=actor, key=typed["key"])
    said = _("%(number)s is paid.") if asked == "paid" else _("%(number)s is not paid, and still owed.")
    messages.success(request, said % {"number": row.number})
