"""The trial balance (科目余额表): every account's opening, debits, credits and closing; sub-accounts below their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.core.permissions import Actor
from backstock.desk.access import page
from backstock.desk.parts import Empty
from backstock.desk.reports.asking import Asked, asked
from backstock.desk.tables import Column, Table
from backstock.money.figures import AccountName, Turnover, accounts, turnovers

NOTHING = Turnover(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One account; a main account holds what stands on its sub-accounts too."""

    account: AccountName | None
    moved: Turnover
    # Opening and closing by side: for the totals these are sums of sides, not sides of sums.
    opening: tuple[int, int]
    closing: tuple[int, int]

    @property
    def is_part(self) -> bool:
        return self.account is not None and self.account.id != self.account.parent_id

    @property
    def code(self) -> str:
        return self.account.code if self.account else _("Total")

    @property
    def name(self) -> str:
        if self.account is None:
            return ""
        return f"└ {self.account.name}" if self.is_part else self.account.name


def sides(cents: int) -> tuple[int, int]:
    """Write a balance on its side: debit, credit."""
    return (cents, 0) if cents >= 0 else (0, -cents)


def row_of(account: AccountName, moved: Turnover) -> Row:
    """Make the row of an account."""
    return Row(account, moved, sides(moved.opening_cents), sides(moved.closing_cents))


def rows_of(want: Asked) -> list[Row]:
    """Read every account that held or moved something, main accounts with their parts below them."""
    names, moved = accounts(get_language() or "zh-hans"), turnovers(want.first, want.last, want.known)
    rows = []
    for account in names.values():
        if account.parent_id != account.id:
            continue
        parts = [each for each in names.values() if each.parent_id == account.id and each.id != account.id]
        own = [moved.get(each.id, NOTHING) for each in (account, *parts)]
        together = Turnover(*(sum(figures) for figures in zip(*own, strict=True)))
        rows += [row_of(account, together), *(row_of(each, moved.get(each.id, NOTHING)) for each in parts)]
    return [row for row in rows if any(row.moved)]


def totals(rows: Sequence[Row]) -> Row:
    """Add main accounts up; their parts are in them."""
    main = [row for row in rows if not row.is_part]
    moved = Turnover(*(sum(figures) for figures in zip(*(row.moved for row in main), strict=True)))
    opening = sum(row.opening[0] for row in main), sum(row.opening[1] for row in main)
    return Row(None, moved, opening, (sum(row.closing[0] for row in main), sum(row.closing[1] for row in main)))


def columns(want: Asked) -> list[Column[Row]]:
    """Describe the columns."""

    def link(row: Row) -> str:
        return want.days_href(reverse("report_ledger"), account=row.account.id) if row.account else ""

    def money(
        key: str, label: str, value: Callable[[Row], int], link: Callable[[Row], str] | None = None
    ) -> Column[Row]:
        return Column(key=key, label=label, kind="money", value=lambda row: value(row) or None, link=link)

    return [
        Column(key="code", label=_("Code"), value=lambda row: row.code, link=link),
        Column(key="name", label=_("Account"), value=lambda row: row.name),
        money("opening-debit", _("Opening, debit"), lambda row: row.opening[0]),
        money("opening-credit", _("Opening, credit"), lambda row: row.opening[1]),
        money("debit", _("Debit"), lambda row: row.moved.debit_cents, link),
        money("credit", _("Credit"), lambda row: row.moved.credit_cents, link),
        money("closing-debit", _("Closing, debit"), lambda row: row.closing[0]),
        money("closing-credit", _("Closing, credit"), lambda row: row.closing[1]),
    ]


@page("books.view")
def report_balance(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show every account."""
    want = asked(request)
    rows, title = rows_of(want), _("Trial balance")
    table = Table[Row](
        name="trial-balance", path=request.path, title=title, rows=lambda: rows, columns=columns(want),
        row_id=lambda row: row.code, page_size=200, currency=want.currency, kept=want.kept, totals=totals,
        empty=Empty(icon="scale", title=_("Nothing was posted"), explanation=_("Choose another period.")),
    )  # fmt: skip
    whole = totals(rows)
    difference = whole.moved.debit_cents - whole.moved.credit_cents + whole.opening[0] - whole.opening[1]
    context = {
        "heading": title, "asked": want, "balanced": difference == 0, "says_balance": True,
        "explained": _("Debits equal credits before, in and after the period. A figure leads to the account's ledger."),
    }  # fmt: skip
    return table.respond(request, "desk/reports/report.html", context)
