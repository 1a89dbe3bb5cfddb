"""The page of one document of money, with what may be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.core.commands import Done
from backstock.core.errors import InvalidAmount, QuantityRequired, UnknownDocument
from backstock.core.models import Company
from backstock.core.numbers import row_id
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, page, status_of, tell
from backstock.desk.figures import day_text, money_text
from backstock.desk.owing.asking import account_choices, account_names, href, language, partner_name, tender_words
from backstock.desk.owing.settling import Choice, choices_for, named, typed_amount
from backstock.desk.owing.statements import kind_words
from backstock.desk.returns.ledgers import money_entries
from backstock.money.commands.take_back import TakeBack, take_back
from backstock.money.statements import bookings, moves, own_accounts
from backstock.owing.commands.allocate import Allocate, allocate_money
from backstock.owing.commands.refund import RefundPrepayment, refund_prepayment
from backstock.owing.commands.release import Release, release_money
from backstock.owing.commands.take_back import TakePaymentBack, take_payment_back
from backstock.owing.commands.write_off import DecideWriteOff, decide_write_off
from backstock.owing.queries import lines_of, opening_item, payment, settled_now, settles_of, write_offs
from backstock.partners.models import Partner
from backstock.sales.orders import Tender


@dataclass(kw_only=True)
class View:
    """A document in words, and which buttons it has."""

    number: str
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    settled: list[tuple[str, str, str]] = field(default_factory=list)
    settled_words: str = ""
    actions: set[str] = field(default_factory=set)
    state: str = ""
    left: str = ""
    accounts: list[tuple[str, str]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def _payment(number: str, own: Company, sent: Any) -> View:
    row = payment(number)
    lines, names = lines_of(row.pk), account_names()

    def money(cents: int) -> str:
        return money_text(cents, row.currency, row.currency_digits)

    rest = sum(line.rest_cents for line in lines)
    now = settled_now(row.number)
    back = now.pop(row.number, 0)
    view = View(
        number=row.number,
        facts=[
            (_("Partner"), partner_name(row.partner), f"/money/partners/{row.side}/{row.partner.code}/"),
            (_("Day"), day_text(row.paid_on), ""), (_("Reference"), row.reference, href(row.reference) if row.credit_log_id else ""), (_("Note"), row.memo, ""),
            (_("Given back"), money(back) if back else "", ""),
        ],
        lines=[(tender_words(line.tender, names), money(line.amount_cents), money(line.rest_cents)) for line in lines],
        settled=[(target, href(target), money(cents)) for target, cents in now.items()],
        settled_words=_("It settles"),
        state=_("Taken back") if row.undone_log_id else "",
        left=money(rest) if rest else "",
    )  # fmt: skip
    if not row.undone_log_id:
        view.actions = {
            *(() if row.credit_log_id else ("take_back",)),
            *({"release"} if now else ()),
            *({"allocate", "refund"} if rest else ()),
        }
        view.accounts = account_choices(own) if rest else []
        view.choices = choices_for(row, own, sent) if rest else []
    return view


def _opening(number: str, own: Company, sent: Any) -> View:
    row = opening_item(number)

    def money(cents: int) -> str:
        return money_text(cents, row.currency, row.currency_digits)

    return View(
        number=row.number,
        facts=[
            (_("Partner"), partner_name(row.partner), f"/money/partners/{row.side}/{row.partner.code}/"),
            (_("Reference"), row.reference, ""), (_("Day"), day_text(row.opened_on), ""),
            (_("Due on"), day_text(row.due_on), ""), (_("Amount"), money(row.amount_cents), ""),
            (_("Still open"), money(row.owed_cents), ""),
        ],
        settled=[(each.source, href(each.source), money(each.amount_cents)) for each in settles_of(row.number)],
        settled_words=_("Settled by"),
        actions={"write_off"} if row.owed_cents else set(),
    )  # fmt: skip


def _write_off(number: str, own: Company, sent: Any) -> View:
    row = write_offs().filter(pk=row_id("WO", number)).first()
    if row is None:
        raise UnknownDocument(document=number)
    states = {"asked": _("Waits for approval"), "approved": _("Approved"), "rejected": _("Turned down")}
    return View(
        number=row.number,
        facts=[
            (_("Partner"), partner_name(row.partner), f"/money/partners/{row.side}/{row.partner.code}/"),
            (_("Document"), row.target, href(row.target)),
            (_("Amount"), money_text(row.amount_cents, row.currency, row.currency_digits), ""),
            (_("Reason"), row.reason, ""), (_("Asked on"), day_text(row.asked_on), ""),
            (_("Decided on"), day_text(row.decided_on) if row.decided_on else "", ""),
        ],
        state=states[row.status],
        actions={"approve", "reject"} if row.status == "asked" else set(),
    )  # fmt: skip


def _own(number: str, own: Company, sent: Any) -> View:
    """A move between accounts or another income or expense."""
    names = {account.id: account.name(language()) for account in own_accounts()}

    def money(cents: int) -> str:
        return money_text(cents, own.currency, own.currency_digits)

    if number.startswith("AT"):
        pk = row_id("AT", number)
        move = moves([pk]).get(pk)
        if move is None:
            raise UnknownDocument(document=number)
        facts = [
            (_("Day"), day_text(move.moved_on), ""), (_("From account"), names[move.source_id], ""), (_("To account"), names[move.target_id], ""),
            (_("Amount"), money(move.amount_cents), ""), (_("Fee"), money(move.fee_cents) if move.fee_cents else "", ""),
            (_("Arrived"), money(move.arrived_cents), ""), (_("Note"), move.memo, ""),
        ]  # fmt: skip
    else:
        pk = row_id("EX", number)
        row = bookings([pk]).get(pk)
        if row is None:
            raise UnknownDocument(document=number)
        partner = Partner.objects.filter(pk=row.partner_id).first() if row.partner_id else None
        facts = [
            (_("Day"), day_text(row.booked_on), ""), (_("Kind"), _("Income") if row.kind == "income" else _("Expense"), ""),
            (_("Category"), row.category, ""), (_("Till or bank account"), names[row.account_id], ""), (_("Amount"), money(row.amount_cents), ""),
            (_("Partner"), partner_name(partner) if partner else "", ""), (_("Note"), row.memo, ""),
        ]  # fmt: skip
    return View(number=number, facts=facts, actions={"take_back"})


VIEWS: Mapping[str, Callable[[str, Company, Any], View]] = {
    "CR": _payment, "SP": _payment, "AC": _payment, "OI": _opening, "WO": _write_off, "AT": _own, "EX": _own,
}  # fmt: skip


def view_of(number: str, own: Company, sent: Any = None) -> View:
    """Return a document by number; raise UnknownDocument."""
    make = VIEWS.get(number[:2])
    if make is None:
        raise UnknownDocument(document=number)
    return make(number, own, sent)


NEEDS = {
    "allocate": "owing.allocate", "release": "owing.release", "refund": "owing.refund", "write_off": "owing.write_off",
    "approve": "owing.approve_write_off", "reject": "owing.approve_write_off",
}  # fmt: skip


@page("owing.view")
def document(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Show a document of money; a button on it posts back here."""
    own, refusal, status = company(), None, 200
    if request.method == "POST":
        try:
            done = _act(request, actor, number, own)
        except REFUSALS as error:
            # What was ticked and typed for a prepayment stays; the other buttons hold nothing, a page of its own tells.
            if request.POST.get("action") != "allocate_named":
                raise
            refusal, status = tell(error), status_of(error)
        else:
            messages.success(request, _("%(number)s: done.") % {"number": done.document})
            return redirect("money_document", number)
    view = view_of(number, own, request.POST if refusal else None)
    take_back_needs = "money.take_back" if number[:2] in ("AT", "EX") else "owing.take_back"
    entries = money_entries(number, own)
    if number[:2] in ("AT", "EX") and any(entry.is_mirror for entry in entries):
        view.actions, view.state = set(), _("Taken back")
    actions = {name for name in view.actions if actor.may(NEEDS.get(name, take_back_needs))}
    context = {
        "view": view, "kind": kind_words(number), "entries": entries, "actions": actions, "key": uuid.uuid4().hex,
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "desk/owing/document.html", context, status=status)


def _act(request: HttpRequest, actor: Actor, number: str, own: Company) -> Done:
    """Run the command of the button that was pressed."""
    sent, key = request.POST, request.POST.get("key", "")[:100] or uuid.uuid4().hex
    act = sent.get("action", "")
    if act == "allocate_named":
        settles = tuple(named(sent, payment(number).currency_digits))
        if not settles:
            raise QuantityRequired(document=number)
        return allocate_money(Allocate(document=number, settles=settles), actor=actor, key=key)
    if act == "allocate":
        return allocate_money(Allocate(document=number), actor=actor, key=key)
    if act == "release":
        return release_money(Release(document=number, target=sent.get("target", "")[:40]), actor=actor, key=key)
    if act in ("approve", "reject"):
        return decide_write_off(DecideWriteOff(document=number, approve=act == "approve"), actor=actor, key=key)
    if act == "refund":
        cents = typed_amount(sent.get("amount", ""), payment(number).currency_digits)
        if not cents:
            raise InvalidAmount(field="amount", amount=sent.get("amount", "")[:30] or "0")
        line = Tender(tender=sent.get("tender", "")[:30], amount_cents=cents)
        return refund_prepayment(RefundPrepayment(document=number, line=line), actor=actor, key=key)
    if number[:2] in ("AT", "EX"):
        return take_back(TakeBack(document=number), actor=actor, key=key)
    return take_payment_back(TakePaymentBack(document=number), actor=actor, key=key)
