"""The addresses of the API: one per command, and its description at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError

from backstock.api.commands import STATUS, add_command, make_api, refusal_of
from backstock.core.commands import REGISTRY
from backstock.core.errors import DomainError

# Not over the network: founding a company and adding people is done on the machine itself.
AT_HOME = frozenset({"company.found", "company.add_user"})

api = make_api()
for name in sorted(REGISTRY.keys() - AT_HOME):
    add_command(api, REGISTRY[name])


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a refusal with its status, once for the whole API."""
    return api.create_response(request, refusal_of(error), status=STATUS.get(type(error), 422))


def _plain(request: HttpRequest, code: str, status: int, en: str, zh: str) -> HttpResponse:
    body: dict[str, Any] = {"refused": code, "facts": {}, "en": en, "zh": zh}
    return api.create_response(request, body, status=status)


@api.exception_handler(AuthenticationError)
def not_logged_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer a request of nobody."""
    return _plain(request, "not_logged_in", 401, "Log in first.", "请先登录。")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework refuses, the missing CSRF token among it."""
    return _plain(request, "bad_request", error.status_code, str(error), "请求无效。")


urlpatterns = api.urls[0]
