"""Reads the address of a mail server, as `database_url` reads that of a database."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 20
# The mailer of letters to customers.
CUSTOMERS = "customers"


def mailer(url: str) -> dict[str, Any]:
    """Turn smtp://user:password@host:587?tls=1 (or smtps://…) into Django's dictionary; nothing is no mail server."""
    # Django wants a mailer of this name; nothing of ours uses it.
    idle = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    if not url:
        return idle
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(
            "BACKSTOCK_SMTP must be smtp://user:password@host:port?tls=1 or smtps://user:password@host:port"
        )
    options: dict[str, Any] = {
        "host": parts.hostname,
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and parse_qs(parts.query).get("tls") == ["1"],
        "timeout": TIMEOUT_SECONDS,
    }
    if parts.port:
        options["port"] = parts.port
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return {**idle, CUSTOMERS: {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
