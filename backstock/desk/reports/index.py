"""All reports, each with what it answers."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.permissions import Actor
from backstock.desk.access import page

STOCK, BOOKS = ("books.view", "stock.view"), ("books.view",)
REPORTS = (
    ("report_movements", "packages", gettext_lazy("Stock movements"), STOCK,
     gettext_lazy("What was there, what came, what went, what is left: of every product, for any period.")),
    ("report_card", "list-check", gettext_lazy("Stock card"), STOCK,
     gettext_lazy("Every move of one product or lot, with what was left after it.")),
    ("report_value", "coin", gettext_lazy("Stock value by date"), STOCK,
     gettext_lazy("What the stock was worth at the end of any day, by product, category or warehouse.")),
    ("report_profit", "chart-bar", gettext_lazy("Gross profit"), BOOKS,
     gettext_lazy("What sales earned net of returns, by product, category, customer, salesperson or month.")),
    ("report_returned", "receipt-refund", gettext_lazy("Statistics of returns"), ("returns.view",),
     gettext_lazy("What came back of what was sold: by reason, category, product, customer, supplier or month.")),
    ("report_clocks", "clock", gettext_lazy("Missed deadlines of the law"), ("returns.view",),
     gettext_lazy("Which deadlines of the law were met, which were not, each with its article and proof.")),
    ("report_balance", "scale", gettext_lazy("Trial balance"), BOOKS,
     gettext_lazy("Opening, debits, credits and closing of every account.")),
    ("report_ledger", "book", gettext_lazy("Account ledger"), BOOKS,
     gettext_lazy("Every posting of one account, with what it held after it.")),
    ("report_vouchers", "file-text", gettext_lazy("Vouchers"), BOOKS,
     gettext_lazy("What each document posted, as debits and credits.")),
)  # fmt: skip


@page("books.view", "stock.view")
def report_index(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Offer the reports."""
    offered = [
        {"href": reverse(name), "icon": icon, "title": title, "says": says}
        for name, icon, title, permissions, says in REPORTS
        if any(actor.may(each) for each in permissions)
    ]
    return render(request, "desk/reports/index.html", {"heading": _("Reports"), "reports": offered})
