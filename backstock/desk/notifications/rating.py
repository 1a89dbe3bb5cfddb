"""A customer's rating: by the link in the last letter, without logging in, or taken down by us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from backstock.core.models import SecurityLog
from backstock.core.permissions import Actor
from backstock.desk.access import REFUSALS, company, may_or_refuse, page, status_of, tell
from backstock.desk.fields import Keyed
from backstock.desk.parts import Refusal
from backstock.desk.returns.section import Section
from backstock.notifications.commands.rate import RateReturn, rate_return
from backstock.notifications.models import Rating
from backstock.notifications.ratings import number_of, rating_of
from backstock.notifications.writing import items
from backstock.returns.loading import LoadedReturn
from backstock.returns.queries import loaded_return

CUSTOMER = Actor(None, "customer", frozenset({"notifications.rate"}))
# So many wrong links from one address, and it waits.
WRONG, WINDOW = 10, timedelta(minutes=15)
STARS = [(str(stars), "★" * stars + "☆" * (5 - stars)) for stars in (5, 4, 3, 2, 1)]


class RatingForm(Keyed):
    """Stars and words."""

    stars = forms.ChoiceField(label=gettext_lazy("How did we do?"), choices=STARS, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=gettext_lazy("What should we know?"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


def form_of(request: HttpRequest, rating: Rating | None) -> RatingForm:
    """Return the form as it was sent, or with what was said before."""
    if request.method == "POST":
        return RatingForm(request.POST)
    return RatingForm(initial={"stars": f"{rating.stars}", "comment": rating.comment} if rating else None)


def send(form: RatingForm, number: str, actor: Actor, context: dict[str, Any]) -> int:
    """Rate as the form says; return 0 when it was done, else the status of the refusal."""
    if not form.is_valid():
        return 422
    typed = form.cleaned_data
    wanted = RateReturn(
        document=number, stars=int(typed["stars"]), comment=typed["comment"].replace("\r\n", "\n"),
        by_customer=actor is CUSTOMER,
    )  # fmt: skip
    try:
        rate_return(wanted, actor=actor, key=typed["key"])
    except REFUSALS as error:
        context["refusal"] = tell(error)
        return status_of(error)
    return 0


@never_cache
def rate(request: HttpRequest, token: str) -> HttpResponseBase:
    """Let a customer rate the return that the link is for; a link that is made up or too old says so."""
    address = salted_hmac("backstock.rating", request.META.get("REMOTE_ADDR", ""), algorithm="sha256").hexdigest()[:16]
    tries = SecurityLog.objects.filter(actor_name=f"#{address}", what="rate", recorded_at__gte=timezone.now() - WINDOW)
    if tries[:WRONG].count() >= WRONG:
        return _closed(request, 429)
    try:
        rma = loaded_return(number_of(token))
    except (BadSignature, *REFUSALS):
        SecurityLog.objects.create(actor_name=f"#{address}", what="rate", code="bad_link", recorded_at=timezone.now())
        return _closed(request, 404)
    rating = rating_of(rma.row.pk)
    form = form_of(request, rating)
    context: dict[str, Any] = {
        "heading": company().name, "number": rma.row.number, "items": items(rma), "form": form,
        "is_final": rating is not None and rating.changes > 0, "thanks": request.GET.get("done") == "1",
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = send(form, rma.row.number, CUSTOMER, context)
        if not status:
            return redirect(f"{request.path}?done=1")
    return render(request, "desk/notifications/rate.html", context, status=status)


def _closed(request: HttpRequest, status: int) -> HttpResponse:
    refusal = Refusal(
        code="bad_link", sentence=_("This link does not hold any more, or is not complete."),
        advice=_("Open it from our letter again, or answer the letter: we read every answer."),
    )  # fmt: skip
    return render(request, "desk/error.html", {"heading": _("Not possible"), "refusal": refusal}, status=status)


@page("returns.view")
def return_rating(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Take down what a customer said on the phone or in a chat."""
    may_or_refuse(actor, "notifications.rate")
    rma = loaded_return(number)
    form = form_of(request, rating_of(rma.row.pk))
    context: dict[str, Any] = {
        "heading": _("%(number)s: the customer's rating") % {"number": rma.row.number}, "form": form, "number": rma.row.number,
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = send(form, rma.row.number, actor, context)
        if not status:
            messages.success(request, _("The rating is kept."))
            return redirect("return_page", rma.row.number)
    return render(request, "desk/notifications/rating.html", context, status=status)


def rating_section(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Show what the customer thought, once the return is closed."""
    if rma.row.status != "closed":
        return None
    rating = rating_of(rma.row.pk)
    may = actor.may("notifications.rate") and (rating is None or not rating.changes)
    if rating is None and not may:
        return None
    stars = "" if rating is None else "★" * rating.stars + "☆" * (5 - rating.stars)
    shown = {"rating": rating, "stars": stars, "may": may, "number": rma.row.number}
    return Section(template="desk/notifications/rating_section.html", shown=shown)
