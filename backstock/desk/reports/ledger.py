"""The ledger of one account (明细账): every posting with the other account, the partner and what the account held after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.core.permissions import Actor
from backstock.desk import exports
from backstock.desk.access import page
from backstock.desk.figures import money_text
from backstock.desk.reports.asking import Asked, Choice, asked
from backstock.desk.reports.choices import partner_names
from backstock.desk.reports.links import document_href
from backstock.desk.reports.paging import CHUNK, SIZE, every, pager
from backstock.money.figures import AccountName, Key, Posted, Wanted, accounts, ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One posting in words."""

    on: str
    document: str
    href: str
    other: str
    partner: str
    debit: str
    credit: str
    after: str
    is_mirror: bool


def account_choice(names: Mapping[int, AccountName], every_one: bool = False) -> Choice:
    """Offer the accounts of the chart."""
    options = [(str(each.id), f"{each.code} {each.name}") for each in names.values()]
    return Choice("account", _("Account"), [("", _("All")), *options] if every_one else options)


def with_parts(names: Mapping[int, AccountName], account: int) -> list[int]:
    """Return an account and its sub-accounts, which are read as one."""
    return [each.id for each in names.values() if account in (each.id, each.parent_id)]


def lines_of(rows: Sequence[Posted], names: Mapping[int, AccountName], want: Asked) -> list[Line]:
    """Put postings into words."""
    partners = partner_names({row.partner_id for row in rows} - {0})

    def money(cents: int) -> str:
        return money_text(cents, *want.currency)

    return [
        Line(
            on=row.key.day.isoformat(), document=row.document, href=document_href(row.document), other=named(names, row.other_id),
            partner=partners.get(row.partner_id, ""), debit=money(row.amount_cents) if row.amount_cents >= 0 else "",
            credit=money(-row.amount_cents) if row.amount_cents < 0 else "", after=money(row.after_cents),
            is_mirror=row.is_mirror,
        )
        for row in rows
    ]  # fmt: skip


def named(names: Mapping[int, AccountName], account: int) -> str:
    """Write an account with its code."""
    found = names.get(account)
    return f"{found.code} {found.name}" if found else str(account)


def exported(wanted: Wanted, names: Mapping[int, AccountName], digits: int) -> Iterator[list[exports.Export]]:
    """Give every row for a spreadsheet."""

    def read(after: Key | None) -> tuple[Sequence[Posted], bool]:
        found = ledger(wanted, CHUNK, after)
        return found.rows, found.has_later

    for row in every(read, lambda row: row.key):
        debit, credit = max(row.amount_cents, 0), max(-row.amount_cents, 0)
        yield [
            row.key.day, row.document, named(names, row.other_id),
            *(exports.Number(cents, digits) for cents in (debit, credit, row.after_cents)),
        ]  # fmt: skip


@page("books.view")
def report_ledger(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the ledger of an account."""
    names = accounts(get_language() or "zh-hans")
    want = asked(request, (account_choice(names),))
    wanted = Wanted(
        accounts=with_parts(names, int(want.chosen["account"])), first=want.first, last=want.last, known=want.known
    )  # fmt: skip
    if export := request.GET.get("export"):
        heads = [_("Day"), _("Document"), _("Other account"), _("Debit"), _("Credit"), _("Balance")]
        return exports.respond(export, "ledger", heads, exported(wanted, names, want.own.currency_digits))
    after, until = (Key.parse(request.GET.get(name, "")) for name in ("after", "until"))
    found = ledger(wanted, SIZE, after, until)
    context: dict[str, Any] = {
        "heading": _("Account ledger"), "asked": want, "lines": lines_of(found.rows, names, want),
        "pager": pager(want, [row.key for row in found.rows], found.has_earlier, found.has_later),
        "before": money_text(found.before_cents, *want.currency),
        "after": money_text(found.rows[-1].after_cents if found.rows else found.before_cents, *want.currency),
        "explained": _("Every posting of an account, with the other side of it and what the account held after it."),
    }  # fmt: skip
    return render(request, "desk/reports/ledger.html", context)
