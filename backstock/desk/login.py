"""Logs people in and out, and slows down whoever guesses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstock.core.models import SecurityLog
from backstock.desk.parts import Refusal

FAILURES = 10
WINDOW = timedelta(minutes=15)


def guesser(username: str, address: str) -> str:
    """Name a user and an address in 60 characters, without keeping the address or a mistyped password."""
    known = get_user_model().objects.filter(username=username).exists()
    mark = salted_hmac("backstock.login", f"{username}\0{address}", algorithm="sha256").hexdigest()[:16]
    return f"{username[:43] if known else '?'}#{mark}"


def failures(name: str) -> int:
    """Count this guesser's failures within the window."""
    since = timezone.now() - WINDOW
    found = SecurityLog.objects.filter(actor_name=name, what="login", code="login_failed", recorded_at__gte=since)
    return found[:FAILURES].count()


class LoginForm(AuthenticationForm):
    """Django's form, in our words."""

    error_messages: Any = {  # noqa: RUF012 -- the base class declares it so
        "invalid_login": gettext_lazy("The user name or the password is wrong. Check both; capital letters count."),
        "inactive": gettext_lazy("This account is closed. Ask your administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = gettext_lazy("User name")
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        self.fields["password"].label = gettext_lazy("Password")

    def clean(self) -> dict[str, Any]:
        # A user name may hold no NUL, and the log takes no more than its column.
        if "\0" in self.data.get("username", ""):
            raise forms.ValidationError(self.error_messages["invalid_login"], code="invalid_login")
        return super().clean()


class Login(LoginView):
    """The page that asks who you are."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # htmx asked for part of a page and the session was over: send the whole page here, and back afterwards.
        if request.headers.get("HX-Request"):
            return HttpResponse(
                headers={"HX-Redirect": f"{reverse('login')}?{urlencode({'next': came_from(request)})}"}
            )
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = self.guesser()
        if failures(name) >= FAILURES:
            refusal = Refusal(
                code="too_many_attempts",
                sentence=_("Too many failed attempts for this user name from this address."),
                advice=_("Wait 15 minutes, then try again, or ask an administrator for a new password."),
            )
            form = LoginForm(request, initial={"username": request.POST.get("username", "")})
            return self.render_to_response(self.get_context_data(form=form, limited=refusal), status=429)
        return super().post(request, *args, **kwargs)

    def guesser(self) -> str:
        return guesser(self.request.POST.get("username", "").strip(), self.request.META.get("REMOTE_ADDR", ""))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        SecurityLog.objects.create(
            actor_name=self.guesser(), what="login", code="login_failed", recorded_at=timezone.now()
        )
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        language = getattr(self.request.user, "language", "")
        if language in dict(settings.LANGUAGES) and settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE)
        return response


def came_from(request: HttpRequest) -> str:
    """Return the page that htmx was on, when it is one of ours."""
    page = request.headers.get("HX-Current-URL", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else reverse("home")
