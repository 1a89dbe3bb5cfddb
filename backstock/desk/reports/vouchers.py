"""Vouchers (凭证): what each step of each document posted, as debits and credits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.books.layouts import LAYOUTS, WORD
from backstock.books.numbering import numbers_of
from backstock.core.permissions import Actor
from backstock.desk import exports
from backstock.desk.access import page
from backstock.desk.fields import Keyed
from backstock.desk.figures import money_text
from backstock.desk.reports.asking import Asked, asked
from backstock.desk.reports.choices import partner_names
from backstock.desk.reports.ledger import account_choice, named, with_parts
from backstock.desk.reports.links import document_href
from backstock.desk.reports.numbering import in_layout, posting
from backstock.desk.reports.paging import every, pager
from backstock.money.figures import AccountName, Key, accounts
from backstock.money.vouchers import Voucher, VouchersWanted, vouchers

SIZE, CHUNK = 20, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One line of a voucher in words."""

    account: str
    partner: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One voucher in words."""

    on: str
    document: str
    href: str
    step: int
    number: str
    sides: Sequence[Side]
    total: str
    is_mirror: bool


def shown(found: Sequence[Voucher], names: Mapping[int, AccountName], want: Asked) -> list[Shown]:
    """Put vouchers into words."""
    partners = partner_names({line.partner_id for voucher in found for line in voucher.lines} - {0})
    numbers = numbers_of(voucher.key.log_id for voucher in found)

    def money(cents: int) -> str:
        return money_text(cents, *want.currency) if cents else ""

    return [
        Shown(
            on=voucher.key.day.isoformat(), document=voucher.document, href=document_href(voucher.document),
            step=voucher.key.log_id, is_mirror=voucher.is_mirror,
            number=f"{WORD}-{numbers[voucher.key.log_id]}" if voucher.key.log_id in numbers else "",
            total=money(sum(line.debit_cents for line in voucher.lines)),
            sides=[
                Side(
                    account=named(names, line.account_id), partner=partners.get(line.partner_id, ""),
                    debit=money(line.debit_cents), credit=money(line.credit_cents),
                )
                for line in voucher.lines
            ],
        )
        for voucher in found
    ]  # fmt: skip


def exported(wanted: VouchersWanted, names: Mapping[int, AccountName], digits: int) -> Iterator[list[exports.Export]]:
    """Give every line of every voucher for a spreadsheet."""

    def read(after: Key | None) -> tuple[Sequence[Voucher], bool]:
        found, _before, more = vouchers(wanted, CHUNK, after)
        return found, more

    for voucher in every(read, lambda each: each.key):
        for line in voucher.lines:
            yield [
                voucher.key.day, voucher.document, exports.Number(voucher.key.log_id, 0), named(names, line.account_id),
                exports.Number(line.debit_cents, digits), exports.Number(line.credit_cents, digits),
            ]  # fmt: skip


@page("books.view")
def report_vouchers(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what was posted."""
    names = accounts(get_language() or "zh-hans")
    want = asked(request, (account_choice(names, every_one=True),), more=("document",))
    account = want.chosen["account"]
    wanted = VouchersWanted(
        first=want.first, last=want.last, document=want.more["document"], known=want.known,
        accounts=with_parts(names, int(account)) if account else (),
    )  # fmt: skip
    if layout := LAYOUTS.get(request.GET.get("layout", "")):
        return in_layout(layout, request.GET.get("export", "xlsx"), want.first, want.last, want.own.currency_digits)
    if export := request.GET.get("export"):
        heads = [_("Day"), _("Document"), _("Step"), _("Account"), _("Debit"), _("Credit")]
        return exports.respond(export, "vouchers", heads, exported(wanted, names, want.own.currency_digits))
    after, until = (Key.parse(request.GET.get(name, "")) for name in ("after", "until"))
    found, has_earlier, has_later = vouchers(wanted, SIZE, after, until)
    context = {
        "heading": _("Vouchers"), "asked": want, "vouchers": shown(found, names, want),
        "named": [("document", _("Document"), want.more["document"])],
        "pager": pager(want, [voucher.key for voucher in found], has_earlier, has_later),
        **posting(actor, want), "form": Keyed(),
        "explained": _("What each step of each document posted, the latest first. Debits equal credits in every one."),
    }  # fmt: skip
    return render(request, "desk/reports/vouchers.html", context)
