"""The start page, and what is shown where there is no page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backstock.desk.parts import Refusal


def home(request: HttpRequest) -> HttpResponse:
    return redirect("return_list")


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
