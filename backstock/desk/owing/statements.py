"""A partner's statement (对账单) and the journal of one of our accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from backstock.core import clock
from backstock.core.currencies import digits_of
from backstock.core.models import Company
from backstock.core.permissions import Actor
from backstock.desk import exports
from backstock.desk.access import company, page
from backstock.desk.figures import money_text
from backstock.desk.owing.asking import SIDES, href, language, partner_name
from backstock.money.accounts import Role
from backstock.money.queries import account_names
from backstock.money.statements import (
    Entry,
    Statement,
    account_statement,
    currencies_of,
    own_accounts,
    partner_statement,
)
from backstock.owing.items import open_items
from backstock.owing.queries import prepayments
from backstock.partners.models import Partner


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry in words."""

    on: str
    number: str
    href: str
    kind: str
    debit: str
    credit: str
    balance: str


def kind_words(number: str) -> str:
    """Say what kind of document a number stands for."""
    kinds = {
        "S": _("Sale"), "R": _("Return"), "P": _("Purchase"), "PR": _("Goods sent back"), "CR": _("Receipt of money"),
        "SP": _("Payment to a supplier"), "AC": _("Credit for a return"), "OI": _("Opening item"), "WO": _("Write-off"), "AT": _("Money moved"),
        "EX": _("Other income or expense"), "PI": _("Supplier's invoice"),
    }  # fmt: skip
    return kinds.get(number.rstrip("0123456789"), _("Opening balance"))


def period(request: HttpRequest, today: date) -> tuple[date, date]:
    """Read the period that is asked for; this month and the one before is where people start."""
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    asked = []
    for name, default in (("from", first), ("to", today)):
        try:
            asked.append(date.fromisoformat(request.GET.get(name, "")))
        except ValueError:
            asked.append(default)
    return asked[0], max(asked)


def usual_periods(today: date) -> list[tuple[str, date, date]]:
    """Offer the periods that statements are mostly asked for: label, first and last day."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    return [(_("This month"), month, today), (_("Last month"), before.replace(day=1), before)]


def shown(entries: list[Entry], currency: str, digits: int) -> list[Shown]:
    """Write entries for people; an amount of nothing is left empty."""

    def money(cents: int) -> str:
        return money_text(cents, currency, digits) if cents else ""

    return [
        Shown(
            each.on.isoformat(), each.document, href(each.document), kind_words(each.document), money(each.debit_cents),
            money(each.credit_cents), money_text(each.balance_cents, currency, digits),
        )
        for each in entries
    ]  # fmt: skip


def export(
    wanted: str, name: str, found: Statement, first: date, digits: int, others: list[str] | None = None
) -> HttpResponseBase:
    """Send a statement as csv or xlsx, opening and closing with it."""
    heads = [_("Day"), _("Number"), _("What"), _("Debit"), _("Credit"), _("Balance")]
    rows: list[list[exports.Export]] = [
        [first, "", _("Opening balance"), None, None, exports.Number(found.opening_cents, digits)]
    ]
    for n, each in enumerate(found.entries):
        amounts = [exports.Number(c, digits) for c in (each.debit_cents, each.credit_cents, each.balance_cents)]
        rows.append([each.on, each.document, others[n] if others else kind_words(each.document), *amounts])
    return exports.respond(wanted, name, heads, rows)


def context_of(found: Statement, first: date, last: date, currency: str, digits: int) -> dict[str, Any]:
    """Give the template the statement in words."""

    def money(cents: int) -> str:
        return money_text(cents, currency, digits)

    return {
        "entries": shown(found.entries, currency, digits),
        "opening": money(found.opening_cents),
        "closing": money(found.closing_cents),
        "debits": money(found.total("debit_cents")),
        "credits": money(found.total("credit_cents")),
        "periods": usual_periods(clock.today(company().timezone)),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "currency": currency,
    }


@page("owing.view")
def statement(request: HttpRequest, actor: Actor, side: str, code: str) -> HttpResponseBase:
    """Show a partner's account in a period; `print` in the language that the partner reads."""
    own = company()
    partner = get_object_or_404(Partner, code=code)
    first, last = period(request, clock.today(own.timezone))
    currencies = currencies_of(partner.pk, Role[side]) or [own.currency]
    asked = request.GET.get("currency", "")
    currency = asked if asked in currencies else currencies[0]
    digits = own.currency_digits if currency == own.currency else digits_of(currency)
    found = partner_statement(partner.pk, Role[side], currency, first, last)
    in_language = request.GET.get("language", "") or language()
    with override(in_language if in_language in ("zh-hans", "en") else language()):
        if wanted := request.GET.get("export"):
            return export(wanted, f"statement-{code}", found, first, digits)
        context = context_of(found, first, last, currency, digits) | {
            "company": own, "partner": partner, "name": partner_name(partner), "side": side, "side_name": SIDES[side],
            "currencies": currencies, "heading": _("Statement of account"), "may_receive": actor.may("owing.receive" if side == "receivable" else "owing.pay"), "may_write_off": actor.may("owing.write_off"),
            "may_set_off": actor.may("owing.set_off") and partner.is_customer and partner.is_supplier,
        }  # fmt: skip
        if "print" in request.GET:
            return render(request, "desk/owing/statement_print.html", context)
        context |= _open(own, partner, side)
        return render(request, "desk/owing/statement.html", context)


def _open(own: Company, partner: Partner, side: str) -> dict[str, Any]:
    items = sorted(open_items(own, side, [partner.pk]), key=lambda item: (item.due_on, item.number))
    return {
        "items": [(item, href(item.number), money_text(item.open_cents, item.currency, item.digits)) for item in items],
        "ahead": [
            (row, href(row.number), money_text(cents, row.currency, row.currency_digits))
            for row, cents in prepayments(side, partner.pk)
        ],
    }


@page("owing.view")
def journal(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """Show one of our accounts in a period: every document with the balance after it."""
    own = company()
    account = next((each for each in own_accounts() if code in (each.code, each.role)), None)
    if account is None:
        raise Http404
    first, last = period(request, clock.today(own.timezone))
    found = account_statement(account.id, first, last)
    names = account_names(language())
    partners = Partner.objects.in_bulk({each.partner_id for each in found.entries if each.partner_id})
    others = [
        " · ".join(
            [*(names.get(pk, str(pk)) for pk in each.other_ids)]
            + ([partner_name(partners[each.partner_id])] if each.partner_id in partners else [])
        )
        for each in found.entries
    ]
    if wanted := request.GET.get("export"):
        return export(wanted, f"account-{code}", found, first, own.currency_digits, others)
    context = context_of(found, first, last, own.currency, own.currency_digits)
    context |= {"heading": account.name(language()), "account": account, "back": reverse("account_list")}
    context["entries"] = list(zip(context["entries"], others, strict=True))
    return render(request, "desk/owing/journal.html", context)
