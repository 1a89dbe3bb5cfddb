"""What the pages of money share: links to documents, accounts to choose from, forms that run a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backstock.core.commands import Done
from backstock.core.models import Company
from backstock.desk import words
from backstock.desk.access import REFUSALS, status_of, tell
from backstock.desk.figures import money_text
from backstock.money.statements import OwnAccount, own_accounts
from backstock.partners.models import Partner

SIDES = {"receivable": gettext_lazy("Receivables"), "payable": gettext_lazy("Payables")}
# Where a document of which kind is shown; a kind whose page does not exist yet has no link.
PAGES = {
    "S": "sale_page",
    "R": "return_page",
    "P": "purchase_receipt_page",
    "PR": "purchase_return_page",
    "PI": "purchase_invoice_page",
}
OWN = ("CR", "SP", "AC", "OI", "WO", "AT", "EX")


def href(number: str) -> str:
    """Return the address of a document's page."""
    prefix = number.rstrip("0123456789")
    name = "money_document" if prefix in OWN else PAGES.get(prefix, "")
    try:
        return reverse(name, args=[number]) if name else ""
    except NoReverseMatch:
        return ""


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Make a field for a business day; empty means today."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


def tender_words(tender: str, accounts: dict[str, str] | None = None) -> str:
    """Name a means of payment: an account of ours, or one that everybody knows."""
    return (accounts or {}).get(tender) or words.word(words.TENDERS, tender)


def language() -> str:
    return get_language() or "zh-hans"


def tender_of(account: OwnAccount) -> str:
    """Return the means of payment that moves an account."""
    return account.role if "." not in account.role else account.code


def account_names() -> dict[str, str]:
    """Return the names of our own accounts by their means of payment."""
    return {account.code: account.name(language()) for account in own_accounts() if "." in account.role}


def account_choices(own: Company, with_balance: bool = True, by_role: bool = False) -> list[tuple[str, str]]:
    """Offer our accounts with what they hold."""
    found = []
    for account in own_accounts():
        held = f" · {money_text(account.balance_cents, own.currency, own.currency_digits)}" if with_balance else ""
        found.append((account.role if by_role else tender_of(account), f"{account.name(language())}{held}"))
    return found


def partner_name(partner: Partner) -> str:
    return partner.name or partner.code


def submitted(form: forms.Form, run: Callable[[dict[str, Any]], Done]) -> tuple[Done | None, dict[str, Any], int]:
    """Run a command with what a valid form says; give what was done, or the context and status of the refusal."""
    if not form.is_valid():
        return None, {}, 422
    try:
        return run(form.cleaned_data), {}, 200
    except REFUSALS as error:
        return None, {"refusal": tell(error)}, status_of(error)


def data_of(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def booked(number: str) -> str:
    return _("%(number)s is booked.") % {"number": number}
