"""Our tills and bank accounts: the list, a new one, money moved between them, other income and expenses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.core.commands import Done
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import AmountField, Keyed, TextLine, chosen
from backstock.desk.owing.asking import account_choices, booked, data_of, day_field, language, submitted
from backstock.desk.parts import Action, Empty
from backstock.desk.tables import Column, Table
from backstock.desk.words import TENDERS
from backstock.money.commands.book import BookMoney, book_money
from backstock.money.commands.move import MoveMoney, move_money
from backstock.money.commands.open_account import OpenAccount, open_account
from backstock.money.statements import OwnAccount, own_accounts
from backstock.partners.models import Partner

KINDS = {"cash": gettext_lazy("Cash"), "bank": gettext_lazy("Bank or wallet")}


def table(own: Company, actor: Actor) -> Table[OwnAccount]:
    """Describe the list of our accounts."""
    offered = (
        ("money.open_account", _("New account"), "account_new", "plus"),
        ("money.move", _("Move money"), "money_move", "refresh"),
        ("money.book", _("Other income or expense"), "money_book", "note"),
        ("money.assign_tenders", _("Which account receives what"), "money_tenders", "settings"),
    )
    return Table[OwnAccount](
        name="accounts",
        title=gettext_lazy("Cash and bank accounts"),
        rows=own_accounts,
        row_id=lambda row: row.code,
        columns=(
            Column(key="code", label=gettext_lazy("Code"), value=lambda row: row.code, link=lambda row: reverse("account_journal", args=[row.code])),
            Column(key="name", label=gettext_lazy("Name"), value=lambda row: row.name(language()), sort="x"),
            Column(key="kind", label=gettext_lazy("Kind"), value=lambda row: str(KINDS[row.kind])),
            Column(key="currency", label=gettext_lazy("Currency"), value=lambda row: row.currency or own.currency),
            Column(key="balance", label=gettext_lazy("Balance"), kind="money", value=lambda row: row.balance_cents, sort="x"),
        ),
        currency=(own.currency, own.currency_digits),
        actions=tuple(
            Action(label=label, href=reverse(name), icon=icon) for need, label, name, icon in offered if actor.may(need)
        ),
        empty=Empty(icon="wallet", title=gettext_lazy("No accounts"), explanation=gettext_lazy("Open the tills and bank accounts of the company.")),
    )  # fmt: skip


@page("owing.view")
def accounts(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List our accounts with what they hold."""
    return table(company(), actor).respond(request, "desk/list.html", {"heading": _("Cash and bank accounts")})


class AccountForm(Keyed):
    """A new till or bank account."""

    name_zh = TextLine(label=gettext_lazy("Name in Chinese"), most=60, required=True)
    name_en = TextLine(label=gettext_lazy("Name in English"), most=60)
    code = TextLine(
        label=gettext_lazy("Code"), most=20, required=True, help_text=gettext_lazy("Short, for example ICBC.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(KINDS.items()), initial="bank")
    tenders = forms.MultipleChoiceField(
        label=gettext_lazy("Receives"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(name, TENDERS[name]) for name in ("cash", "bank", "card", "alipay", "wechat")],
        help_text=gettext_lazy("Means of payment whose money lands here from now on."),
    )  # fmt: skip
    opening = AmountField(label=gettext_lazy("Holds today"))
    may_be_negative = forms.BooleanField(label=gettext_lazy("May fall below zero"), required=False)


class MoveForm(Keyed):
    """Money from one of our accounts to another."""

    source = forms.ChoiceField(label=gettext_lazy("From account"))
    target = forms.ChoiceField(label=gettext_lazy("To account"))
    amount = AmountField(label=gettext_lazy("Amount"), required=True)
    fee = AmountField(label=gettext_lazy("Fee"), help_text=gettext_lazy("Kept from the amount; an expense."))
    arrived = AmountField(
        label=pgettext_lazy("money", "Arrived"), help_text=gettext_lazy("Only where a rate made it differ.")
    )
    on = day_field(gettext_lazy("Day"), help_text=gettext_lazy("Empty: today."))
    memo = TextLine(label=gettext_lazy("Note"), most=200)


class BookForm(Keyed):
    """Other income or an expense."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("expense", gettext_lazy("Expense")), ("income", gettext_lazy("Income"))]
    )
    account = forms.ChoiceField(label=gettext_lazy("Till or bank account"))
    category = TextLine(
        label=gettext_lazy("Category"), most=60, required=True, help_text=gettext_lazy("For example rent, postage, bank interest.")
    )  # fmt: skip
    amount = AmountField(label=gettext_lazy("Amount"), required=True)
    partner = forms.ChoiceField(label=gettext_lazy("Partner"), required=False)
    on = day_field(gettext_lazy("Day"), help_text=gettext_lazy("Empty: today."))
    memo = TextLine(label=gettext_lazy("Note"), most=200)


def shown(
    request: HttpRequest,
    form: forms.Form,
    heading: str,
    run: Callable[[dict[str, Any]], Done],
    to: Callable[[Done], str],
    cancel: str = "",
    lead: str = "",
) -> HttpResponseBase:
    """Show a form, or run its command and go on."""
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        done, context, status = submitted(form, run)
        if done:
            messages.success(request, booked(done.document))
            return redirect(to(done))
    context |= {"heading": heading, "form": form, "cancel": cancel or reverse("account_list"), "lead": lead}
    return render(request, "desk/owing/form.html", context, status=status)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = choices


@page("owing.view")
def account_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Open an account."""
    may_or_refuse(actor, "money.open_account")

    def run(data: dict[str, Any]) -> Done:
        wanted = OpenAccount(
            code=data["code"], kind=data["kind"], name_zh=data["name_zh"], name_en=data["name_en"],
            may_be_negative=data["may_be_negative"], tenders=tuple(data["tenders"]), opening_cents=data["opening"] or 0,
        )  # fmt: skip
        return open_account(wanted, actor=actor, key=data["key"])

    form = AccountForm(data_of(request))
    return shown(request, form, _("New account"), run, lambda _done: reverse("account_list"))


@page("owing.view")
def move(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Move money between accounts."""
    may_or_refuse(actor, "money.move")

    def run(data: dict[str, Any]) -> Done:
        wanted = MoveMoney(
            source=data["source"], target=data["target"], amount_cents=data["amount"], fee_cents=data["fee"] or 0,
            arrived_cents=data["arrived"] or None, memo=data["memo"], on=data["on"],
        )  # fmt: skip
        return move_money(wanted, actor=actor, key=data["key"])

    form, choices = MoveForm(data_of(request)), account_choices(company(), by_role=True)
    for name in ("source", "target"):
        _offer(form, name, list(choices))
    form.fields["target"].initial = choices[1][0] if len(choices) > 1 else ""
    return shown(request, form, _("Move money"), run, _document)


@page("owing.view")
def book(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Book other income or an expense."""
    may_or_refuse(actor, "money.book")

    def run(data: dict[str, Any]) -> Done:
        wanted = BookMoney(
            kind=data["kind"], account=data["account"], category=data["category"], amount_cents=data["amount"],
            partner=data["partner"] or None, memo=data["memo"], on=data["on"],
        )  # fmt: skip
        return book_money(wanted, actor=actor, key=data["key"])

    form = BookForm(data_of(request))
    _offer(form, "account", list(account_choices(company(), by_role=True)))
    partners = Partner.objects.filter(archived_at=None).order_by("code")[:500]
    _offer(form, "partner", chosen([(each.code, str(each)) for each in partners], "–"))
    return shown(request, form, _("Other income or expense"), run, _document)


def _document(done: Done) -> str:
    return reverse("money_document", args=[done.document])
