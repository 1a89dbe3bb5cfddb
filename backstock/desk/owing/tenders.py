"""Which of our accounts receives the money of which means of payment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backstock.core.commands import Done
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk.access import company, may_or_refuse, page
from backstock.desk.fields import Keyed
from backstock.desk.owing.asking import data_of, language, submitted, tender_words
from backstock.money.accounts import Role
from backstock.money.commands.open_account import AssignTenders, assign_tenders
from backstock.money.statements import OwnAccount, own_accounts
from backstock.sales.postings import USUAL

COMMON = ("cash", "bank", "card", "alipay", "wechat")


class TendersForm(Keyed):
    """One account for each means of payment."""

    def __init__(self, data: Any, own: Company, accounts: list[OwnAccount]) -> None:
        super().__init__(data)
        codes = {account.code for account in accounts}
        roles = {account.id: account.role for account in accounts}
        self.before: dict[str, str] = {}
        for tender in dict.fromkeys([*COMMON, *sorted(own.tender_accounts)]):
            # An account's own code always means that account.
            if tender not in codes:
                usual = own.tender_accounts.get(tender) or int(USUAL.get(tender, Role.bank))
                self.before[tender] = roles.get(usual, "")
                self.fields[tender] = forms.ChoiceField(
                    label=tender_words(tender), choices=[(a.role, a.name(language())) for a in accounts],
                    initial=self.before[tender],
                )  # fmt: skip

    def changed(self) -> list[AssignTenders]:
        """Say what the command is told: what changed, account by account."""
        by_account: dict[str, list[str]] = {}
        for tender, before in self.before.items():
            if self.cleaned_data[tender] != before:
                by_account.setdefault(self.cleaned_data[tender], []).append(tender)
        return [AssignTenders(account=account, tenders=tuple(tenders)) for account, tenders in by_account.items()]


@page("owing.view")
def tenders(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show which account receives what, and change it."""
    may_or_refuse(actor, "money.assign_tenders")
    form = TendersForm(data_of(request), company(), own_accounts())
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":

        def run(data: dict[str, Any]) -> Done:
            wanted = form.changed()
            keys = [f"{data['key']}-{n}" for n in range(len(wanted))]
            assign_tenders.batch(wanted, actor=actor, keys=keys)
            return Done("")

        done, context, status = submitted(form, run)
        if done:
            messages.success(request, _("From now on money lands where you said; what was booked stays where it is."))
            return redirect("account_list")
    context |= {
        "heading": _("Which account receives what"), "form": form, "cancel": reverse("account_list"),
        "lead": _("Where the money of each means of payment lands. What was booked stays where it is."),
    }  # fmt: skip
    return render(request, "desk/owing/form.html", context, status=status)
