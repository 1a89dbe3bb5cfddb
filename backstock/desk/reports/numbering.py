"""Vouchers get their numbers and leave for the bookkeeping program."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backstock.books.commands.post_vouchers import post_vouchers
from backstock.books.layouts import LAYOUTS, Cell, Cents, Layout
from backstock.books.numbering import numbered_lines, waiting
from backstock.core.permissions import Actor
from backstock.core.spans import day_before, month_of, next_month
from backstock.desk import exports
from backstock.desk.access import page
from backstock.desk.reports.asking import Asked


def posting(actor: Actor, want: Asked) -> dict[str, Any]:
    """Say how many vouchers of the days wait for a number, who may give it, and how they leave."""
    month = month_of(want.last)
    in_one = month_of(want.first) == month
    return {
        "waiting": waiting(month, day_before(next_month(month))) if in_one else 0,
        "month": month.strftime("%Y-%m"),
        "may_post": in_one and actor.may("books.post_vouchers"),
        "layouts": [
            (want.href(layout=each.key, export="xlsx"), each.name_zh if _chinese() else each.name_en, each.verified)
            for each in LAYOUTS.values()
        ],
    }


def _chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def in_layout(layout: Layout, wanted: str, first: date, last: date, digits: int) -> HttpResponseBase:
    """Send the numbered vouchers of some days in the columns of a program."""

    def cell(value: Cell) -> exports.Export:
        if isinstance(value, Cents):
            return exports.Number(value.cents, digits)
        return exports.Number(value, 0) if isinstance(value, int) else value

    lines = numbered_lines(first, last, get_language() or "zh-hans")
    rows = ([cell(value) for value in layout.row(line)] for line in lines)
    return exports.respond(wanted, f"vouchers-{layout.key}", layout.heads, rows)


@require_POST
@page("books.view")
def vouchers_post(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Number the vouchers of a month."""
    given = post_vouchers.parse({"month": f"{request.POST.get('month', '')[:7]}-01"})
    done = post_vouchers(given, actor=actor, key=request.POST.get("key", "")[:80] or None)
    said = {"posted": done.answer["posted"], "month": done.document, "last": done.answer["last_number"]}
    messages.success(request, _("%(posted)s vouchers of %(month)s have their number now, up to %(last)s.") % said)
    first = given.month
    last = day_before(next_month(month_of(first)))
    return redirect(f"{reverse('report_vouchers')}?from={month_of(first)}&to={last}")
