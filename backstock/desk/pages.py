"""The start page, and the places where pages will be."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.desk.parts import Empty, Refusal


def home(request: HttpRequest) -> HttpResponse:
    return redirect("return_list")


@login_required
def return_list(request: HttpRequest) -> HttpResponse:
    """Hold the place of the list of returns until it exists."""
    empty = Empty(
        icon="receipt-refund",
        title=_("No returns yet"),
        explanation=_(
            "A return appears here as soon as a customer asks for one, on the phone, in a chat or in the portal."
        ),
        steps=(
            _("Find the sale by its order number, the customer or a serial number."),
            _("Say what comes back, how many and why; the policy answers at once."),
            _("Goods, money and papers then follow by themselves."),
        ),
    )
    return render(request, "desk/returns_soon.html", {"empty": empty})


def refused(request: HttpRequest, status: int, heading: str, refusal: Refusal) -> HttpResponse:
    return render(request, "desk/error.html", {"heading": heading, "refusal": refusal}, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = Refusal(
        code="permission_denied",
        sentence=_("You may not open this page."),
        advice=_("Ask an administrator for the role, or a colleague who holds it."),
    )
    return refused(request, 403, _("Not allowed"), refusal)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection has expired, most often after a log-in in another tab."""
    refusal = Refusal(
        code="stale_form",
        sentence=_("This form is too old to be accepted. Nothing was changed."),
        advice=_("Go back, reload the page and send it again. Cookies must be allowed."),
    )
    return refused(request, 403, _("Form expired"), refusal)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    refusal = Refusal(
        code="page_not_found",
        sentence=_("There is no such page."),
        advice=_("Check the address, or start again from the start page."),
    )
    return refused(request, 404, _("Not found"), refusal)
